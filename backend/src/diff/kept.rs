//! Comparisons made at publication and kept beside the run, so that who serves readers needs neither XGBoost nor the run's
//! observations. Twin of those that are made when asked.

use std::sync::Arc;

use async_trait::async_trait;
use shared::diff::RunDiff;

use super::{DiffError, Explain, explain, find};
use crate::catalogue::Published;
use crate::lake::{Key, Lake};

/// Compares a published run with the one before of its preset, and the one after with it, where a run of a day of long ago comes
/// between two. Keeps each comparison beside the later run; doing it again changes nothing. Gives the run before; `None` where
/// none came before.
pub async fn keep(lake: &Arc<dyn Lake>, run_id: &str) -> Result<Option<String>, DiffError> {
    let current = Published::new(lake.clone()).current().await?;
    let current = current.ok_or(DiffError::NothingPublished)?;
    if let Some(after) = find::after(run_id, &current) {
        keep_pair(lake, run_id, &after).await?;
    }
    let before = match find::before(run_id, &current) {
        Ok(before) => before,
        Err(DiffError::Alone { .. }) => return Ok(None),
        Err(error) => return Err(error),
    };
    keep_pair(lake, &before, run_id).await?;
    Ok(Some(before))
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
