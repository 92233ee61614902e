//! Comparisons made at publication and kept beside the run, so that who serves readers needs neither XGBoost nor the run's
//! observations. Twin of those that are made when asked.

use std::sync::Arc;

use async_trait::async_trait;
use shared::diff::RunDiff;

use super::{DiffError, Explain, explain, named};
use crate::catalogue::Published;
use crate::lake::{Key, Lake};

/// Compares a published run with the one before of its preset and keeps that beside it. Gives the run that it was compared
/// with; `None` where none came before. Doing it again changes nothing.
pub async fn keep(lake: &Arc<dyn Lake>, run_id: &str) -> Result<Option<String>, DiffError> {
    let (from, to) = match named(lake, None, Some(run_id)).await {
        Ok(runs) => runs,
        Err(DiffError::Alone { .. }) => return Ok(None),
        Err(error) => return Err(error),
    };
    let key = key(&from, &to);
    if lake.get(&key).await?.is_none() {
        let found = explain(lake, &from, &to).await?;
        let bytes = serde_json::to_vec(&found);
        let bytes = bytes.map_err(|error| DiffError::Crash(error.into()))?;
        lake.put_new(&key, &bytes).await?;
    }
    Ok(Some(from))
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
