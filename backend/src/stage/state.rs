//! What has been staged so far: one pointer in the lake, moved once a run.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use shared::series::{Observation, SeriesId};

use super::table::read_observations;
use crate::catalogue::ReadError;
use crate::lake::{Key, Lake, Tag, sha256_hex};
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

/// The observations of a series that the state names, sorted by date and `available_at`.
pub async fn staged_observations(
    id: &SeriesId,
    stage: &SeriesStage,
    lake: &dyn Lake,
) -> Result<Vec<Observation>, ReadError> {
    let key = Key::Staged {
        series: id.clone(),
        sha256: stage.observations.clone(),
    };
    let broken = |message: String| {
        let key = key.to_string();
        ReadError::Broken { key, message }
    };
    let bytes = lake.get(&key).await?;
    let bytes = bytes.ok_or_else(|| broken("it is gone".to_owned()))?;
    if sha256_hex(&bytes) != stage.observations {
        return Err(broken("its content does not match its name".to_owned()));
    }
    read_observations(bytes).map_err(|error| broken(format!("{error:#}")))
}
