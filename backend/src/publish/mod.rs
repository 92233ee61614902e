//! Publish: Parquet tables, model, card, snapshot and manifest; then the pointer moves in one conditional write.

mod card;
mod freshness;
mod identity;
mod run;
mod snapshot;
mod tables;

pub use identity::{Identity, RunInput, run_id};
pub use run::{Publication, PublishError, Written, point_to, publish};

#[cfg(test)]
pub(crate) mod tests;
