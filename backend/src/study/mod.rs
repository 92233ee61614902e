//! The study behind the fair valuation, on what is staged: the walk-forward with its record, the ladder of information, null
//! worlds, forecasts, and the targets that all of it must meet.

mod horizons;
mod ladder;
mod null;
mod rules;
mod table;
mod targets;
mod tuning;

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use shared::series::{Observation, SeriesId};
use shared::valuation::Information;

use crate::assemble::{AssembleError, Dataset, assemble};
use crate::audit::{AuditError, AuditOptions, truncations};
use crate::preset::{Preset, TrainPlan};
use crate::progress::Reporter;
use crate::train::TrainError;
use crate::train::walk::{Pass, walk_through};

pub use targets::Target;

/// What the study looks at.
pub struct StudyOptions {
    /// The preset; it must walk forward.
    pub preset: Preset,
    /// The instant whose knowledge is used.
    pub as_of: DateTime<Utc>,
    /// Null worlds to draw.
    pub null_worlds: usize,
    /// Dates at which the world is cut off.
    pub cuts: usize,
    /// Fits at once.
    pub threads: usize,
}

/// Why there is no study.
#[derive(Debug, thiserror::Error)]
pub enum StudyError {
    /// The preset has no walk-forward.
    #[error("the preset `{0}` does not walk forward")]
    NoWalk(String),
    /// No dataset.
    #[error(transparent)]
    Assemble(#[from] AssembleError),
    /// No model.
    #[error(transparent)]
    Train(#[from] TrainError),
    /// No audit.
    #[error(transparent)]
    Audit(#[from] AuditError),
}

type Observations = BTreeMap<SeriesId, Vec<Observation>>;

/// A dataset, and the walk through it.
struct Walked {
    dataset: Dataset,
    pass: Pass,
}

/// The first and the last day of the study's headline.
const HEADLINE: (NaiveDate, NaiveDate) = (
    NaiveDate::from_ymd_opt(2012, 1, 1).expect("a date"),
    NaiveDate::from_ymd_opt(2025, 12, 31).expect("a date"),
);

/// Runs the whole study; `say` takes each line of its tables as it comes. Gives the targets.
pub fn study(
    options: &StudyOptions,
    observations: &Observations,
    reporter: &Reporter,
    say: &mut dyn FnMut(String),
) -> Result<Vec<Target>, StudyError> {
    if options.preset.train.walk_forward.is_none() {
        return Err(StudyError::NoWalk(options.preset.name.clone()));
    }
    let closes = ladder::all_at_the_close(&options.preset);
    let walked = walk(&closes, observations, options, reporter)?;
    table::rules(&walked, say);
    let mut targets = targets::of_walk(&walked);
    targets.push(ladder::climb(options, observations, reporter, say)?);
    targets.extend(targets::of_intervals(&walked, say));
    targets.push(horizons::forecasts(&walked, say));
    targets.push(tuning::tune(&closes, &walked, options, reporter, say)?);
    targets.push(cuts(&closes, observations, &walked, options, say)?);
    targets.push(null::worlds(&closes, options, reporter, say)?);
    targets.sort_by_key(|target| target.number);
    Ok(targets)
}

/// Every out-of-sample forecast of a walk.
pub struct Forecasts {
    /// The combined log return by row, NaN where there is none.
    pub forecasts: Vec<f64>,
    /// How often both members were fitted.
    pub fits: usize,
}

/// Walks through a dataset on `threads` threads, with the deployed parameters of the trees.
pub fn combined_forecasts(
    dataset: &Dataset,
    plan: &TrainPlan,
    threads: usize,
    reporter: &Reporter,
) -> Result<Forecasts, TrainError> {
    let pass = walk_through(dataset, plan, threads, reporter)?;
    Ok(Forecasts {
        fits: pass.walk.fits,
        forecasts: pass.combined,
    })
}

/// T10: the world cut off at dates drawn by seed, and everything computed anew.
fn cuts(
    preset: &Preset,
    observations: &Observations,
    walked: &Walked,
    options: &StudyOptions,
    say: &mut dyn FnMut(String),
) -> Result<Target, StudyError> {
    let how = AuditOptions {
        refits: true,
        dates: options.cuts,
        in_other_worlds: 0,
        seed: preset.train.seed,
        threads: options.threads,
    };
    let made = (&walked.dataset, &walked.pass);
    let cut = truncations(preset, observations, options.as_of, made, &how)?;
    say(format!(
        "the world cut off at {} dates: {} numbers compared, largest difference {:.0e}\n",
        cut.dates, cut.compared, cut.largest
    ));
    let different = match cut.different.as_slice() {
        [] => "nothing else".to_owned(),
        names => names.join(", "),
    };
    Ok(Target::new(
        10,
        "truncation at ≥ 200 dates: identical (≤ 1e-12)",
        format!(
            "{} dates, largest difference {:.0e}, different: {different}",
            cut.dates, cut.largest
        ),
        cut.dates >= 200 && cut.different.is_empty(),
    ))
}

/// Assembles a preset as known in the end, and walks through it.
fn walk(
    preset: &Preset,
    observations: &Observations,
    options: &StudyOptions,
    reporter: &Reporter,
) -> Result<Walked, StudyError> {
    let dataset = assemble(preset, observations, options.as_of, Information::Final)?;
    let pass = walk_through(&dataset, &preset.train, options.threads, reporter)?;
    Ok(Walked { dataset, pass })
}
