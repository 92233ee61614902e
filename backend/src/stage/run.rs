//! The step: every series of a preset, then one move of the state's pointer.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::anyhow;
use chrono::NaiveDate;
use futures::future::BoxFuture;
use futures::stream::{self, StreamExt};
use shared::run::{SeriesReport, Step};
use shared::series::{Observation, SeriesId};
use tokio::task::spawn_blocking;

use super::series::{StagedSeries, stage_series};
use super::state::{SeriesStage, StagingState, read_state, staged_observations};
use super::table::write_observations;
use crate::catalogue::ReadError;
use crate::extract::{Extraction, keep_raw};
use crate::lake::{Key, Lake, LakeError, sha256_hex};
use crate::preset::{Preset, SeriesDef};
use crate::progress::Reporter;
use crate::step_error::StepError;

/// Series staged at one time: while one waits for the disk, others are parsed.
const AT_ONCE: usize = 8;

/// What the lake knows of a preset's series after staging.
pub struct Staged {
    /// All observations by series, sorted by date and `available_at`. Series without any are left out.
    pub observations: BTreeMap<SeriesId, Vec<Observation>>,
    /// What became of each series, in the preset's order.
    pub series: Vec<SeriesReport>,
    /// Whether the data comes from the synthetic market.
    pub synthetic: bool,
}

/// Stages what was extracted on `today` (UTC): writes new observations and refused rows, then moves the state's pointer once.
/// A series that failed keeps its last good observations. Where nothing is new, nothing is written.
pub async fn stage(
    preset: &Preset,
    extractions: &[Arc<Extraction>],
    lake: &dyn Lake,
    today: NaiveDate,
    reporter: &Reporter,
) -> Result<Staged, StepError> {
    let (mut state, tag) = read_state(lake).await.map_err(unreadable)?;
    let before = state.clone();
    state.synthetic = origin(&state, extractions)?;
    let mut staged = Staged {
        observations: BTreeMap::new(),
        series: Vec::new(),
        synthetic: state.synthetic.unwrap_or(false),
    };
    let total = preset.series.len() as u64;
    let mut jobs: Vec<BoxFuture<'_, StagedOne>> = Vec::new();
    for def in &preset.series {
        let extraction = extractions.iter().find(|e| e.series.contains(&def.id));
        let stage = before.of(&def.id, &def.source);
        jobs.push(Box::pin(stage_one(def, extraction, stage, lake, today)));
    }
    let mut done = stream::iter(jobs).buffered(AT_ONCE);
    for (index, def) in preset.series.iter().enumerate() {
        if reporter.is_cancelled() {
            return Err(StepError::Cancelled);
        }
        reporter.working(Step::Stage, index as u64, total, def.title.clone());
        let Some(outcome) = done.next().await else {
            break;
        };
        let (one, stage) = outcome?;
        if let Some(stage) = stage {
            state.series.insert(def.id.clone(), stage);
        }
        staged.series.push(one.report);
        if !one.observations.is_empty() {
            staged.observations.insert(def.id.clone(), one.observations);
        }
    }
    if state != before {
        let bytes =
            serde_json::to_vec_pretty(&state).map_err(|e| StepError::fail(e, "report this"))?;
        lake.swap(&Key::StagingState, &bytes, tag.as_ref())
            .await
            .map_err(unwritable)?;
    }
    Ok(staged)
}

type StagedOne = Result<(StagedSeries, Option<SeriesStage>), StepError>;

/// Stages one series and writes what is new of it: its answers first, for everything else refers to them.
async fn stage_one(
    def: &SeriesDef,
    extraction: Option<&Arc<Extraction>>,
    before: Option<&SeriesStage>,
    lake: &dyn Lake,
    today: NaiveDate,
) -> StagedOne {
    let known = known_observations(def, before, lake).await?;
    let (series, answers, stage) = (def.clone(), extraction.cloned(), before.cloned());
    let work = move || stage_series(&series, answers.as_deref(), known, stage.as_ref(), today);
    let one = spawn_blocking(work)
        .await
        .map_err(|crash| StepError::fail(crash, "report this"))?;
    let written = async {
        keep_answers(extraction.map(Arc::as_ref), &one, lake).await?;
        write_series(def, &one, before, lake).await
    };
    let stage = written.await.map_err(unwritable)?;
    Ok((one, stage))
}

/// What was staged before, without asking any vendor.
pub async fn load_staged(
    preset: &Preset,
    lake: &dyn Lake,
    today: NaiveDate,
) -> Result<Staged, StepError> {
    stage(preset, &[], lake, today, &Reporter::silent()).await
}

/// Whether the lake is synthetic after these answers; synthetic and real data never mix.
fn origin(
    state: &StagingState,
    extractions: &[Arc<Extraction>],
) -> Result<Option<bool>, StepError> {
    let answers = extractions
        .iter()
        .filter_map(|e| e.outcome.as_ref().ok())
        .flatten();
    let mut synthetic = state.synthetic;
    for answer in answers {
        if *synthetic.get_or_insert(answer.synthetic) != answer.synthetic {
            let (holds, sends) = if answer.synthetic {
                ("real", "synthetic")
            } else {
                ("synthetic", "real")
            };
            return Err(StepError::fail(
                anyhow!("the lake holds {holds} data and the vendors send {sends} data"),
                "choose another folder with ASSAY_HOME: the two must never mix",
            ));
        }
    }
    Ok(synthetic)
}

async fn known_observations(
    def: &SeriesDef,
    before: Option<&SeriesStage>,
    lake: &dyn Lake,
) -> Result<Vec<Observation>, StepError> {
    let Some(stage) = before else {
        return Ok(Vec::new());
    };
    staged_observations(&def.id, stage, lake)
        .await
        .map_err(unreadable)
}

/// Keeps the answers that brought something new, or something wrong, before anything refers to them. One that only repeats what
/// is known leaves no trace.
async fn keep_answers(
    extraction: Option<&Extraction>,
    staged: &StagedSeries,
    lake: &dyn Lake,
) -> Result<(), LakeError> {
    let report = &staged.report;
    let matters =
        report.new_observations > 0 || report.failure.is_some() || !staged.rejected.is_empty();
    let answers = extraction
        .filter(|_| matters)
        .and_then(|e| e.outcome.as_ref().ok());
    for answer in answers.into_iter().flatten() {
        keep_raw(lake, report.vendor, answer).await?;
    }
    Ok(())
}

/// Writes what is new of a series; gives its new state, `None` where there is nothing to remember.
async fn write_series(
    def: &SeriesDef,
    staged: &StagedSeries,
    before: Option<&SeriesStage>,
    lake: &dyn Lake,
) -> Result<Option<SeriesStage>, LakeError> {
    let mut rejected = before.and_then(|stage| stage.rejected.clone());
    if !staged.rejected.is_empty() {
        rejected = Some(write_rejected(def, staged, lake).await?);
    }
    let Some(last) = staged.observations.last() else {
        return Ok(None);
    };
    let observations = match before {
        Some(stage) if staged.report.new_observations == 0 => stage.observations.clone(),
        _ => write_all(def, &staged.observations, lake).await?,
    };
    let newest = staged.observations.iter().map(|o| o.vintage).max();
    Ok(Some(SeriesStage {
        source: def.source.clone(),
        observations,
        rejected,
        rows: staged.observations.len(),
        last_date: last.date,
        last_vintage: newest.unwrap_or(last.vintage),
        unit: staged.unit.clone(),
        interval: staged.interval.clone(),
    }))
}

async fn write_all(
    def: &SeriesDef,
    observations: &[Observation],
    lake: &dyn Lake,
) -> Result<String, LakeError> {
    let other = |error: anyhow::Error| LakeError::Other {
        key: format!("observations of {}", def.id),
        cause: std::io::Error::other(error),
    };
    let bytes = write_observations(observations).map_err(other)?;
    let sha256 = sha256_hex(&bytes);
    let key = Key::Staged {
        series: def.id.clone(),
        sha256: sha256.clone(),
    };
    lake.put_new(&key, &bytes).await?;
    Ok(sha256)
}

async fn write_rejected(
    def: &SeriesDef,
    staged: &StagedSeries,
    lake: &dyn Lake,
) -> Result<String, LakeError> {
    let bytes = serde_json::to_vec_pretty(&staged.rejected).unwrap_or_default();
    let sha256 = sha256_hex(&bytes);
    let key = Key::Rejected {
        series: def.id.clone(),
        sha256: sha256.clone(),
    };
    lake.put_new(&key, &bytes).await?;
    Ok(sha256)
}

fn unreadable(error: ReadError) -> StepError {
    let advice = match &error {
        ReadError::Broken { .. } => {
            "remove `extraction-staging/state.json` from the lake to fetch everything anew; published runs stay as they are"
        }
        ReadError::Lake(_) => "check that the folder of ASSAY_HOME can be read",
    };
    StepError::fail(error, advice)
}

/// What to do when the lake cannot be written.
pub(crate) fn unwritable(error: LakeError) -> StepError {
    match error {
        LakeError::Changed(_) => StepError::retry(error, "another run was faster; run again"),
        LakeError::Full(_) => {
            StepError::fail(error, "free some space; the published run is unharmed")
        }
        LakeError::ReadOnly(_) => StepError::fail(
            error,
            "make the folder of ASSAY_HOME writable or choose another; the published run is unharmed",
        ),
        LakeError::Denied { .. } => StepError::fail(
            error,
            "grant it to the function's role and run again; the published run is unharmed",
        ),
        LakeError::Other { .. } => StepError::retry(
            error,
            "check the disk of ASSAY_HOME, or the bucket, and run again",
        ),
    }
}
