//! What has been staged so far: one pointer in the lake, moved once a run.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use shared::series::SeriesId;

use crate::catalogue::ReadError;
use crate::lake::{Key, Lake, Tag};
use crate::preset::Source;

/// `extraction-staging/state.json`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StagingState {
    /// Whether the lake holds data of the synthetic market; unknown before the first answer.
    pub synthetic: Option<bool>,
    /// Each series' state.
    pub series: BTreeMap<SeriesId, SeriesStage>,
}

/// What is known of one series.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SeriesStage {
    /// Where it comes from; a changed definition starts the series anew.
    pub source: Source,
    /// SHA-256 of its observations' file.
    pub observations: String,
    /// SHA-256 of the newest file of refused rows, if there ever was one.
    pub rejected: Option<String>,
    /// Observations, all vintages counted.
    pub rows: usize,
    /// Newest reference date.
    pub last_date: NaiveDate,
    /// Newest vintage.
    pub last_vintage: NaiveDate,
    /// The unit that the vendor named last.
    pub unit: Option<String>,
    /// The interval that the vendor named last.
    pub interval: Option<String>,
}

impl StagingState {
    /// The state of a series, if it still has the same source.
    pub fn of(&self, id: &SeriesId, source: &Source) -> Option<&SeriesStage> {
        self.series.get(id).filter(|stage| stage.source == *source)
    }
}

/// Reads the state and the tag that is needed to move it. A lake without one is an empty state.
pub async fn read_state(lake: &dyn Lake) -> Result<(StagingState, Option<Tag>), ReadError> {
    let Some((bytes, tag)) = lake.get_tagged(&Key::StagingState).await? else {
        return Ok((StagingState::default(), None));
    };
    let state = serde_json::from_slice(&bytes).map_err(|error| ReadError::Broken {
        key: Key::StagingState.to_string(),
        message: error.to_string(),
    })?;
    Ok((state, Some(tag)))
}
