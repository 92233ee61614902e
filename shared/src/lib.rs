//! What the browser and the backend both mean by a word. No I/O, no clock, no randomness; builds for wasm32.

#![warn(missing_docs)]

pub mod api;
pub mod audit;
pub mod card;
pub mod catalogue;
pub mod checks;
pub mod diff;
pub mod drivers;
pub mod evaluation;
pub mod format;
pub mod headline;
pub mod journal;
pub mod lately;
pub mod members;
pub mod model;
pub mod problem;
pub mod query;
pub mod run;
pub mod series;
pub mod share;
pub mod snapshot;
pub mod valuation;
pub mod walk;
pub mod waterfall;
pub mod what_if;
