//! The leak detector: whether the numbers of a run could have been known when they say so.
//!
//! It knows nothing of how a number is made. It takes knowledge away, or changes what cannot matter yet, computes anew, and looks
//! at what changed.

mod disguise;
mod draw;
mod known;
mod look;
mod once;
mod planted;
mod report;
mod run;
mod said;
mod subject;
mod walk;
mod worlds;

#[cfg(test)]
mod tests;

pub use planted::{PlantedResult, demonstrate};
pub use report::{first_finding, in_words};
pub(crate) use run::truncations;
pub use run::{AuditOptions, audit};
pub use subject::AuditError;

/// Two numbers that differ by no more count as equal.
pub const TOLERANCE: f64 = 1e-12;
/// Days that every run is audited on.
pub const DATES_PER_RUN: usize = 8;
/// Of these, days that are shown other futures and other prices.
pub const OTHER_WORLDS_PER_RUN: usize = 3;
