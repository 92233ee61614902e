//! Run diff: why the newest valuation of one run is not that of another, in parts that add up.

mod error;
mod find;
mod path;
mod recipe;
mod refit;
mod report;
mod revise;
mod value;
mod world;

use std::sync::Arc;

use crate::catalogue::Published;
use crate::lake::Lake;

pub use error::DiffError;
pub use report::{Cause, Line, RunDiff, Side};

/// Explains the step from the newest valuation of run `from` to that of run `to`. Runs are named by their id, the unique
/// beginning of one, or `current`.
///
/// Writes nothing. May fit a model once or twice, where code or parameters and data changed together.
pub async fn diff(lake: &Arc<dyn Lake>, from: &str, to: &str) -> Result<RunDiff, DiffError> {
    let published = Published::new(lake.clone());
    let current = published.current().await?;
    let current = current.ok_or(DiffError::NothingPublished)?;
    let (from, to) = (find::find(from, &current)?, find::find(to, &current)?);
    let from = world::load(&published, lake.as_ref(), &from).await?;
    let to = world::load(&published, lake.as_ref(), &to).await?;
    let work = move || path::explain(&from.assembled()?, &to.assembled()?);
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|crash| DiffError::Crash(crash.into()))?
}
