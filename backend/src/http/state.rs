//! What the handlers work with: readers, engine and runner behind their seams.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::NaiveDate;
use shared::api::{Quota, SignIn};
use shared::catalogue::Current;
use shared::query::NamedQuery;
use shared::snapshot::Snapshot;

use super::error::ApiError;
use super::site::Site;
use crate::catalogue::{Published, ReadError};
use crate::diff::Explain;
use crate::journal::JournalReader;
use crate::lake::Key;
use crate::query::{Limits, QueryEngine};
use crate::trigger::Runner;
use crate::what_if::ValueRows;

/// Tells how many of each vendor's calls are left.
#[async_trait]
pub trait QuotaReader: Send + Sync {
    /// Today's calls (UTC) of each vendor.
    async fn today(&self) -> Result<Vec<Quota>, ReadError>;
}

/// What the handlers work with. Cheap to clone.
#[derive(Clone)]
pub struct AppState {
    /// Reads published runs.
    pub published: Published,
    /// Reads the journal.
    pub journal: JournalReader,
    /// Answers SQL.
    pub engine: Arc<dyn QueryEngine>,
    /// What a question may take.
    pub limits: Limits,
    /// Starts runs.
    pub runner: Arc<dyn Runner>,
    /// Tells two runs apart.
    pub explain: Arc<dyn Explain>,
    /// Values the newest day at other levels.
    pub value_rows: ValueRows,
    /// Reads the vendors' quota.
    pub quota: Arc<dyn QuotaReader>,
    /// Whether the configured vendors are the synthetic market.
    pub synthetic: bool,
    /// The questions that come with Assay.
    pub named: Arc<[NamedQuery]>,
    /// The site's files.
    pub site: Arc<dyn Site>,
    /// Where readers sign in, if they do.
    pub sign_in: Option<SignIn>,
}

impl AppState {
    /// The pointer to what is published.
    pub(super) async fn current(&self) -> Result<Current, ApiError> {
        let current = self.published.current().await?;
        current.ok_or(ApiError::NothingPublished)
    }

    /// The run that a reader asks for: the current one, a preset's newest, or the newest that was known on a day.
    pub(super) async fn run(
        &self,
        preset: Option<&str>,
        as_of: Option<NaiveDate>,
    ) -> Result<String, ApiError> {
        let current = self.current().await?;
        let found = match (preset, as_of) {
            (None, None) => return Ok(current.run_id),
            (Some(preset), None) => current.by_preset.get(preset).cloned(),
            (preset, Some(day)) => current.known_on(preset, day).map(|run| run.run_id.clone()),
        };
        found.ok_or_else(|| unknown_run(preset, as_of, &current))
    }

    /// The snapshot of a run that a pointer or table names; that it is missing is a fault of the lake.
    pub(super) async fn snapshot(&self, run_id: &str) -> Result<Snapshot, ApiError> {
        let found = self.published.snapshot(run_id).await?;
        let run_id = run_id.to_owned();
        found.ok_or_else(|| missing(&Key::Snapshot { run_id }))
    }
}

/// Names what is published instead.
fn unknown_run(preset: Option<&str>, as_of: Option<NaiveDate>, current: &Current) -> ApiError {
    let named = preset.map_or_else(String::new, |name| format!(" of preset `{name}`"));
    let Some(day) = as_of else {
        let known: Vec<String> = current
            .by_preset
            .keys()
            .map(|name| format!("`{name}`"))
            .collect();
        return ApiError::NotFound {
            message: format!("no run{named} is published"),
            advice: format!("published presets: {}", known.join(", ")),
        };
    };
    let days = current
        .published
        .iter()
        .filter(|run| preset.is_none_or(|name| run.preset == name));
    let advice = match days.map(|run| run.as_of).min() {
        Some(first) => format!("the first run{named} is as of {first}"),
        None => "leave the preset out".to_owned(),
    };
    ApiError::NotFound {
        message: format!("no run{named} is published as of {day} or before"),
        advice,
    }
}

/// The error for an object that is missing though the current run needs it.
pub(super) fn missing(key: &Key) -> ApiError {
    ApiError::Read(ReadError::Broken {
        key: key.to_string(),
        message: "the file is missing though the run was published".to_owned(),
    })
}
