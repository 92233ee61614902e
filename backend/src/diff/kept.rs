//! Comparisons made at publication and kept beside the run, so that who serves readers needs neither XGBoost nor the run's
//! observations. Twin of those that are made when asked.

use std::sync::Arc;

use async_trait::async_trait;
use shared::diff::RunDiff;

use super::{DiffError, Explain, explain, find};
use crate::catalogue::{Published, ReadError};
use crate::lake::{Key, Lake};

/// Compares a published run with the one before of its preset, then the one after with it, where a run of a day of long ago comes
/// between two. Keeps each comparison beside the later run; doing it again changes nothing. Gives the run before; `None` where
/// none came before. That the one after cannot be compared is logged only: an older version may have published it.
pub async fn keep(lake: &Arc<dyn Lake>, run_id: &str) -> Result<Option<String>, DiffError> {
    let current = Published::new(lake.clone()).current().await?;
    let current = current.ok_or(DiffError::NothingPublished)?;
    let before = match find::before(run_id, &current) {
        Ok(before) => Some(before),
        Err(DiffError::Alone { .. }) => None,
        Err(error) => return Err(error),
    };
    if let Some(before) = &before {
        keep_pair(lake, before, run_id).await?;
    }
    if let Some(after) = find::after(run_id, &current) {
        match keep_pair(lake, run_id, &after).await {
            Err(error @ DiffError::Read(ReadError::Lake(_))) => return Err(error),
            Err(error) => {
                tracing::warn!(run.id = after, error = %error, "run `{after}` is not compared with `{run_id}`");
            }
            Ok(()) => {}
        }
    }
    Ok(before)
}

async fn keep_pair(lake: &Arc<dyn Lake>, from: &str, to: &str) -> Result<(), DiffError> {
    let key = key(from, to);
    if lake.get(&key).await?.is_none() {
        let found = explain(lake, from, to).await?;
        let bytes = serde_json::to_vec(&found);
        let bytes = bytes.map_err(|error| DiffError::Crash(error.into()))?;
        lake.put_new(&key, &bytes).await?;
    }
    Ok(())
}

/// Reads what [`keep`] wrote.
pub struct KeptDiffs(Published);

impl KeptDiffs {
    /// Of this lake's runs.
    pub fn new(published: Published) -> Self {
        Self(published)
    }
}

#[async_trait]
impl Explain for KeptDiffs {
    async fn explain(&self, from: String, to: String) -> Result<RunDiff, DiffError> {
        let found = self.0.read(&key(&from, &to)).await?;
        found.ok_or(DiffError::NotKept { from, to })
    }
}

fn key(from: &str, to: &str) -> Key {
    Key::Diff {
        from: from.to_owned(),
        run_id: to.to_owned(),
    }
}
