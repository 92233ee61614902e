//! Run diff: why the newest valuation of one run is not that of another, in parts that add up.

mod asked;
mod error;
mod find;
mod kept;
mod path;
mod recipe;
mod refit;
mod report;
mod revise;
mod value;
mod world;

use std::sync::Arc;

use async_trait::async_trait;
use shared::diff::RunDiff;

use crate::catalogue::Published;
use crate::lake::Lake;

pub use asked::MadeWhenAsked;
pub use error::DiffError;
pub use kept::{KeptDiffs, keep};

/// Tells readers why a number moved.
#[async_trait]
pub trait Explain: Send + Sync {
    /// The step from the newest valuation of run `from` to that of run `to`; both are ids of published runs.
    async fn explain(&self, from: String, to: String) -> Result<RunDiff, DiffError>;
}

/// Explains the step from the newest valuation of run `from` to that of run `to`. Runs are named by their id, the unique
/// beginning of one, or `current`.
///
/// Writes nothing. May fit a model once or twice, where code or parameters and data changed together.
pub async fn diff(lake: &Arc<dyn Lake>, from: &str, to: &str) -> Result<RunDiff, DiffError> {
    let (from, to) = named(lake, Some(from), Some(to)).await?;
    explain(lake, &from, &to).await
}

/// The ids of the two runs that a reader means. Without names: `to` is the current run, and `from` the one before `to` of the
/// same preset.
pub async fn named(
    lake: &Arc<dyn Lake>,
    from: Option<&str>,
    to: Option<&str>,
) -> Result<(String, String), DiffError> {
    let current = Published::new(lake.clone()).current().await?;
    let current = current.ok_or(DiffError::NothingPublished)?;
    let to = find::find(to.unwrap_or(find::CURRENT), &current)?;
    let from = match from {
        Some(name) => find::find(name, &current)?,
        None => find::before(&to, &current)?,
    };
    Ok((from, to))
}

/// As [`diff`], of runs whose ids are known to be published.
pub async fn explain(lake: &Arc<dyn Lake>, from: &str, to: &str) -> Result<RunDiff, DiffError> {
    let published = Published::new(lake.clone());
    let from = world::load(&published, lake.as_ref(), from).await?;
    let to = world::load(&published, lake.as_ref(), to).await?;
    let work = move || path::explain(&from.assembled()?, &to.assembled()?);
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|crash| DiffError::Crash(crash.into()))?
}
