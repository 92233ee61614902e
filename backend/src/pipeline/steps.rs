//! The steps as the command line offers them one by one; each stands on what the ones before left in the lake.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::anyhow;
use chrono::{DateTime, NaiveDate, Utc};
use shared::series::{Observation, SeriesId};
use shared::valuation::Information;

use super::left_out::{self, dead_drivers, without};
use super::run::RunOptions;
use crate::assemble::{AssembleError, Dataset, assemble};
use crate::backend::Backend;
use crate::extract::{extract, plan};
use crate::preset::{Preset, SeriesDef, Source};
use crate::progress::Reporter;
use crate::secrets::SecretsError;
use crate::stage::{Staged, StagingState, load_staged, read_state, stage};
use crate::step_error::StepError;
use crate::train::{Datasets, TrainError, Trained, train};

/// Asks the vendors for what is new since the watermarks and stages it. Gives also how many requests were sent.
pub async fn extract_and_stage(
    backend: &Backend,
    preset: &Preset,
    reporter: &Reporter,
) -> Result<(Staged, u32), StepError> {
    let lake = backend.lake();
    let (state, _) = read_state(lake.as_ref()).await.map_err(|error| {
        StepError::fail(
            error,
            "remove the broken file from the lake to fetch everything anew",
        )
    })?;
    let watermark = |id: &SeriesId| watermark(preset.series(id)?, &state);
    let clients = backend.clients().await.map_err(no_clients)?;
    let planned = plan(preset, watermark);
    let extractions = extract(clients, planned, reporter).await;
    if reporter.is_cancelled() {
        return Err(StepError::Cancelled);
    }
    let sent = extractions.iter().map(|e| e.requests_sent).sum();
    let extractions: Vec<_> = extractions.into_iter().map(Arc::new).collect();
    let today = backend.clock.today();
    let staged = stage(preset, &extractions, lake.as_ref(), today, reporter).await?;
    Ok((staged, sent))
}

fn no_clients(error: anyhow::Error) -> StepError {
    let advice = match error.downcast_ref() {
        Some(SecretsError::Unreachable { .. }) => {
            return StepError::retry(error, "wait a minute and run again");
        }
        Some(SecretsError::Unusable { advice, .. }) => advice.clone(),
        None => "check the settings of the vendors' addresses".to_owned(),
    };
    StepError::fail(error, advice)
}

/// How far a series is known: its newest reference date, or its newest vintage where it has vintages.
fn watermark(def: &SeriesDef, state: &StagingState) -> Option<NaiveDate> {
    let stage = state.of(&def.id, &def.source)?;
    Some(match def.source {
        Source::Fred { vintages: true, .. } => stage.last_vintage,
        Source::Fred { .. } | Source::AlphaVantage { .. } => stage.last_date,
    })
}

/// A dataset and what it was made from.
pub struct Assembled {
    /// The dataset: each row with all that it may ever use, as far as it is out.
    pub dataset: Arc<Dataset>,
    /// The same rows as known at their cut-off, where they are valued twice.
    pub provisional: Option<Arc<Dataset>>,
    /// The observations that could be known at the as-of instant.
    pub observations: BTreeMap<SeriesId, Vec<Observation>>,
    /// The preset without the drivers that had to be left out.
    pub preset: Preset,
    /// What a reader must know of that.
    pub warnings: Vec<String>,
}

/// The dataset of a preset as known at `as_of`, out of what is staged. Drivers that are too old for the newest day are left
/// out; where every one is, there is no dataset.
pub fn assembled(
    preset: &Preset,
    staged: &Staged,
    as_of: DateTime<Utc>,
) -> Result<Assembled, StepError> {
    let mut observations = staged.observations.clone();
    for all in observations.values_mut() {
        all.retain(|o| o.available_at <= as_of);
    }
    observations.retain(|_, all| !all.is_empty());
    let whole = assembled_from(preset, staged, observations, as_of)?;
    let dead = dead_drivers(preset, &whole.dataset);
    if dead.is_empty() {
        return Ok(whole);
    }
    let rest = without(preset, &dead).ok_or_else(|| {
        StepError::fail(
            anyhow!(
                "no driver of the preset `{}` has a value on the newest day: {}",
                preset.name,
                dead.join(", ")
            ),
            "see in the report why these series are old; the last valuation stays published",
        )
    })?;
    let warnings = dead.iter().map(|name| left_out::warning(preset, name));
    Ok(Assembled {
        warnings: warnings.collect(),
        ..assembled_from(&rest, staged, whole.observations, as_of)?
    })
}

fn assembled_from(
    preset: &Preset,
    staged: &Staged,
    observations: BTreeMap<SeriesId, Vec<Observation>>,
    as_of: DateTime<Utc>,
) -> Result<Assembled, StepError> {
    let one = |information| {
        assemble(preset, &observations, as_of, information).map_err(|error| {
            let advice = assemble_advice(&error, staged);
            StepError::fail(error, advice)
        })
    };
    let dataset = one(Information::Final)?;
    let provisional = if preset.is_valued_twice() {
        let provisional = one(Information::Provisional)?;
        Some(Arc::new(provisional.on_rows_of(&dataset)))
    } else {
        None
    };
    Ok(Assembled {
        dataset: Arc::new(dataset),
        provisional,
        observations,
        preset: preset.clone(),
        warnings: Vec::new(),
    })
}

fn assemble_advice(error: &AssembleError, staged: &Staged) -> String {
    match error {
        AssembleError::NoData(_) => {
            let first = staged
                .observations
                .values()
                .filter_map(|all| Some(all.first()?.available_at));
            let is_well = staged.series.iter().all(|one| one.failure.is_none());
            match first.max() {
                Some(day) if is_well => format!(
                    "choose a later --as-of: every series has begun by {}",
                    day.date_naive()
                ),
                None if is_well => {
                    "nothing was fetched yet: `assay run` does every step in order".to_owned()
                }
                _ => "see in the report why these series brought nothing, mend that and run again"
                    .to_owned(),
            }
        }
        AssembleError::NoCommonRow(_) => {
            "check the preset: its series must overlap in time".to_owned()
        }
        AssembleError::Frame(_) => "report this with the preset that you used".to_owned(),
    }
}

/// Searches, fits and values, on a thread that may block.
pub async fn trained(
    options: &RunOptions,
    ready: &Assembled,
    reporter: &Reporter,
) -> Result<Trained, StepError> {
    let (plan, grid) = (options.preset.train.clone(), options.grid.clone());
    let (threads, score_all, reporter) = (options.threads, options.score_all, reporter.clone());
    let (dataset, provisional) = (ready.dataset.clone(), ready.provisional.clone());
    let work = move || {
        let sets = Datasets {
            last: &dataset,
            provisional: provisional.as_deref(),
        };
        train(&sets, &plan, &grid, threads, score_all, &reporter)
    };
    let done = tokio::task::spawn_blocking(work).await;
    let result = done.map_err(|crash| StepError::fail(anyhow!(crash), "report this"))?;
    result.map_err(|error| match error {
        TrainError::Cancelled => StepError::Cancelled,
        TrainError::UnknownGrid { .. } => StepError::fail(error, "name one of the preset's grids with --grid"),
        TrainError::TooFewRows { .. } => StepError::fail(
            error,
            "the history is too short: use a later --as-of, series that begin earlier, or a plan with full history",
        ),
        other => StepError::fail(other, "report this with the run's report"),
    })
}

/// What is staged already, without asking any vendor.
pub(super) async fn staged_before(backend: &Backend, preset: &Preset) -> Result<Staged, StepError> {
    load_staged(preset, backend.lake().as_ref(), backend.clock.today()).await
}
