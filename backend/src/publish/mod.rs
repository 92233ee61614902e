//! Publish: Parquet tables, model, card, snapshot and manifest; then the pointer moves in one conditional write.

mod card;
mod first_view;
mod freshness;
mod identity;
mod run;
#[cfg(feature = "cloud")]
mod site_bucket;
mod snapshot;
mod tables;

pub use first_view::{FirstView, NoCopy};
pub use identity::{Identity, RunInput, run_id};
pub use run::{Pointed, Publication, PublishError, Written, point_to, publish};
#[cfg(feature = "cloud")]
pub use site_bucket::SiteBucket;

#[cfg(test)]
pub(crate) mod tests;
