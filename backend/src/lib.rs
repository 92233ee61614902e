//! Assay's backend: extract → stage → assemble → train → publish → catalogue → query → show.

pub mod backend;
mod calendar;
pub mod cli;
pub mod clock;
pub mod cloud_settings;
mod columnar;
pub mod config;
pub mod lake;
pub mod pipeline;
pub mod preset;
pub mod progress;
pub mod secret;
pub mod secrets;
pub mod step_error;
pub mod telemetry;

pub mod extract;
pub mod stage;

pub mod assemble;
pub mod audit;
pub mod train;

pub mod catalogue;
pub mod diff;
pub mod http;
pub mod journal;
#[cfg(feature = "cloud")]
pub mod lambda;
pub mod market;
pub mod publish;
pub mod query;
pub mod study;
pub mod trigger;
pub mod what_if;

#[cfg(all(test, feature = "cloud"))]
#[path = "../tests/integration/cloud/stand_in.rs"]
#[expect(
    dead_code,
    clippy::unwrap_used,
    reason = "the integration tests use all of it; a test may unwrap"
)]
pub(crate) mod stand_in;
