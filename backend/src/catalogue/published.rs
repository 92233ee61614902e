//! Reads what was published: the pointer, and from it manifests, snapshots, cards and reports.

use std::cmp::Reverse;
use std::sync::Arc;

use futures::{StreamExt as _, stream};
use serde::de::DeserializeOwned;
use shared::card::ModelCard;
use shared::catalogue::{Current, Manifest};
use shared::run::{RunReport, attempt_and_try};
use shared::snapshot::Snapshot;
use shared::what_if::WhatIf;

use crate::lake::key::ATTEMPTS;
use crate::lake::{Key, Lake, LakeError};
use crate::preset::Preset;

/// Reports that are read at once: each is a round trip where the lake is far away.
const READ_AT_ONCE: usize = 16;

/// Why a published thing cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The lake does not answer.
    #[error(transparent)]
    Lake(#[from] LakeError),
    /// The object is missing though a manifest or pointer names it, or is not what it should be.
    #[error("`{key}` in the lake is broken: {message}")]
    Broken {
        /// Its key.
        key: String,
        /// What is wrong with it.
        message: String,
    },
}

/// A reader of published runs. Cheap to clone.
#[derive(Clone)]
pub struct Published {
    lake: Arc<dyn Lake>,
}

impl Published {
    /// Reads from this lake.
    pub fn new(lake: Arc<dyn Lake>) -> Self {
        Self { lake }
    }

    /// The lake that it reads from.
    pub fn lake(&self) -> &Arc<dyn Lake> {
        &self.lake
    }

    /// The pointer; `None` before the first publication.
    pub async fn current(&self) -> Result<Option<Current>, ReadError> {
        self.read(&Key::Current).await
    }

    /// A run's manifest; `None` where there is no such run.
    pub async fn manifest(&self, run_id: &str) -> Result<Option<Manifest>, ReadError> {
        let run_id = run_id.to_owned();
        self.read(&Key::Manifest { run_id }).await
    }

    /// A run's snapshot; `None` where there is no such run.
    pub async fn snapshot(&self, run_id: &str) -> Result<Option<Snapshot>, ReadError> {
        let run_id = run_id.to_owned();
        self.read(&Key::Snapshot { run_id }).await
    }

    /// A run's newest day, to be valued at other levels; `None` where there is no such run, or it was published before there
    /// was such a thing.
    pub async fn what_if(&self, run_id: &str) -> Result<Option<WhatIf>, ReadError> {
        let run_id = run_id.to_owned();
        self.read(&Key::WhatIf { run_id }).await
    }

    /// A run's model card; `None` where there is no such run.
    pub async fn card(&self, run_id: &str) -> Result<Option<ModelCard>, ReadError> {
        let run_id = run_id.to_owned();
        self.read(&Key::ModelCard { run_id }).await
    }

    /// The preset that a run used; `None` where there is no such run, or it was published before presets were kept.
    pub async fn preset(&self, run_id: &str) -> Result<Option<Preset>, ReadError> {
        let run_id = run_id.to_owned();
        self.read(&Key::Preset { run_id }).await
    }

    /// A run's model as XGBoost saved it, byte for byte; `None` where there is no such run.
    pub async fn model(&self, run_id: &str) -> Result<Option<Vec<u8>>, ReadError> {
        let run_id = run_id.to_owned();
        Ok(self.lake.get(&Key::Model { run_id }).await?)
    }

    /// One attempt's report; `None` where there is no such attempt.
    pub async fn attempt(&self, attempt_id: &str) -> Result<Option<RunReport>, ReadError> {
        let attempt_id = attempt_id.to_owned();
        self.read(&Key::Attempt { attempt_id }).await
    }

    /// The newest `limit` attempts' reports, newest first; of an attempt that was tried again, every try. A damaged report is logged
    /// and left out: it must not hide the others.
    pub async fn attempts(&self, limit: usize) -> Result<Vec<RunReport>, ReadError> {
        let names = self.lake.list(ATTEMPTS).await?;
        let mut reports = Vec::new();
        let newest = stream::iter(newest_first(&names).into_iter().take(limit));
        let newest = newest.map(|id| async move { self.attempt(&id).await });
        let mut read = std::pin::pin!(newest.buffered(READ_AT_ONCE));
        while let Some(report) = read.next().await {
            match report {
                Ok(report) => reports.extend(report),
                Err(error @ ReadError::Broken { .. }) => tracing::warn!("{error}"),
                Err(error) => return Err(error),
            }
        }
        Ok(reports)
    }

    /// Any object of JSON as the type that the caller needs; `None` where there is no such object.
    pub(crate) async fn read<T: DeserializeOwned>(
        &self,
        key: &Key,
    ) -> Result<Option<T>, ReadError> {
        let Some(bytes) = self.lake.get(key).await? else {
            return Ok(None);
        };
        let broken = |error: serde_json::Error| ReadError::Broken {
            key: key.to_string(),
            message: error.to_string(),
        };
        serde_json::from_slice(&bytes).map(Some).map_err(broken)
    }
}

/// The attempts in these keys, newest first. Ids begin with their start, so that they sort by time; the try that ended an attempt
/// has its name without a number, and is its newest.
fn newest_first(keys: &[String]) -> Vec<String> {
    let ids = keys.iter().map(|key| {
        let file = key.strip_prefix(ATTEMPTS).unwrap_or(key);
        file.strip_suffix(".json").unwrap_or(file)
    });
    let mut ids: Vec<&str> = ids.collect();
    ids.sort_by_key(|id| {
        let (attempt_id, number) = attempt_and_try(id);
        Reverse((attempt_id, number.unwrap_or(usize::MAX)))
    });
    ids.into_iter().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_try_that_ended_an_attempt_is_its_newest() {
        let keys = ["a", "a.try1", "a.try10", "a.try2", "b.try1"];
        let keys = keys.map(|id| format!("{ATTEMPTS}{id}.json"));
        assert_eq!(
            newest_first(&keys),
            ["b.try1", "a", "a.try10", "a.try2", "a.try1"]
        );
    }
}
