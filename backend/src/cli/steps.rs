//! `assay extract`, `assemble`, `train`, `publish`: one step, standing on what is staged.

use std::fmt::Write as _;

use chrono::{DateTime, NaiveDate, Utc};
use shared::run::SeriesState;

use super::args::{AssembleArgs, PresetArgs, RunArgs, TrainArgs};
use super::run::{cancel_on_ctrl_c, check_keys, execute, options, preset};
use super::{Exit, bars, print};
use crate::assemble::Dataset;
use crate::backend::Backend;
use crate::clock::end_of_day;
use crate::pipeline::{Assembled, RunLock, assembled, extract_and_stage, trained};
use crate::preset::Preset;
use crate::stage::load_staged;
use crate::step_error::StepError;

/// Asks the vendors and stages; prints what became of each series.
pub(super) async fn extract(backend: &Backend, args: &PresetArgs) -> Exit {
    let preset = match preset(backend, args.preset.as_deref()) {
        Ok(preset) => preset,
        Err(exit) => return exit,
    };
    if let Err(exit) = check_keys(backend, &preset) {
        return exit;
    }
    let _lock = match RunLock::take(&backend.local_lake()) {
        Ok(lock) => lock,
        Err(busy) => {
            print::error(&busy, "wait until the other run is over");
            return Exit::Failed;
        }
    };
    let reporter = bars::reporter();
    cancel_on_ctrl_c(reporter.clone());
    let (staged, sent) = match extract_and_stage(backend, &preset, &reporter).await {
        Ok(done) => done,
        Err(error) => return failed(&error),
    };
    if args.json {
        print::json(&staged.series);
    } else {
        print::line(format!("{sent} requests"));
        staged.series.iter().for_each(print::series);
    }
    let any = |state| staged.series.iter().any(|s| s.state == state);
    match (any(SeriesState::Missing), any(SeriesState::Stale)) {
        (true, _) => Exit::Failed,
        (false, true) => Exit::Partial,
        (false, false) => Exit::Good,
    }
}

/// Makes the dataset and describes it; writes it as CSV if asked.
pub(super) async fn assemble(backend: &Backend, args: &AssembleArgs) -> Exit {
    let preset = match preset(backend, args.preset.preset.as_deref()) {
        Ok(preset) => preset,
        Err(exit) => return exit,
    };
    let ready = match staged_dataset(backend, &preset, args.as_of).await {
        Ok(ready) => ready,
        Err(error) => return failed(&error),
    };
    let dataset = &ready.dataset;
    if let Some(file) = &args.out
        && let Err(error) = std::fs::write(file, csv(dataset))
    {
        let advice = format!("check that `{}` can be written", file.display());
        print::error(&error, &advice);
        return Exit::Failed;
    }
    let first_and_last = (dataset.dates.first(), dataset.dates.last());
    if args.preset.json {
        let names: Vec<&str> = dataset.features.iter().map(|f| f.name.as_str()).collect();
        print::json(&serde_json::json!({
            "rows": dataset.rows(), "first": first_and_last.0, "last": first_and_last.1, "features": names,
        }));
    } else if let (Some(first), Some(last)) = first_and_last {
        print::line(format!(
            "{} rows from {first} to {last}, {} features",
            dataset.rows(),
            dataset.features.len()
        ));
    }
    Exit::Good
}

/// Trains on what is staged and prints the scores.
pub(super) async fn train(backend: &Backend, args: &TrainArgs) -> Exit {
    let options = match options(backend, args.preset.preset.as_deref(), args.search.clone()) {
        Ok(options) => options,
        Err(exit) => return exit,
    };
    let reporter = bars::reporter();
    cancel_on_ctrl_c(reporter.clone());
    let result = async {
        let ready = staged_dataset(backend, &options.preset, options.as_of).await?;
        trained(&options, &ready, &reporter).await
    };
    let trained = match result.await {
        Ok(trained) => trained,
        Err(error) => return failed(&error),
    };
    if args.preset.json {
        print::json(&serde_json::json!({
            "parameters": trained.parameters, "scores": trained.scores, "skill": trained.skill, "folds": trained.folds,
        }));
    } else {
        for score in &trained.scores {
            print::line(format!("RMSE {:>10.4}  {}", score.rmse, score.label));
        }
        print::line(format!(
            "skill against no-change {:.3}, p {:.1e}",
            trained.skill.skill, trained.skill.dm_p
        ));
    }
    Exit::Good
}

/// Assembles, trains and publishes what is staged: a run whose day is at most the day of the newest staged knowledge.
pub(super) async fn publish(backend: &Backend, args: RunArgs) -> Exit {
    let json = args.preset.json;
    match options(backend, args.preset.preset.as_deref(), args.search) {
        Ok(options) => {
            let offline = crate::pipeline::RunOptions {
                ask_vendors: false,
                ..options
            };
            execute(backend, &offline, json).await
        }
        Err(exit) => exit,
    }
}

pub(super) async fn staged_dataset(
    backend: &Backend,
    preset: &Preset,
    day: Option<NaiveDate>,
) -> Result<Assembled, StepError> {
    let now = backend.clock.now();
    let as_of: DateTime<Utc> = day.map_or(now, |day| end_of_day(day).min(now));
    let staged = load_staged(preset, backend.lake().as_ref(), backend.clock.today()).await?;
    assembled(preset, &staged, as_of)
}

pub(super) fn failed(error: &StepError) -> Exit {
    match error {
        StepError::Retry { advice, cause } | StepError::Fail { advice, cause } => {
            print::trouble(&format!("{cause:#}"), advice);
        }
        StepError::Cancelled => print::trouble(&error.to_string(), "run again when you like"),
    }
    Exit::Failed
}

/// Date, features, target; an empty cell where there is no value.
fn csv(dataset: &Dataset) -> String {
    let mut text = String::from("date");
    for feature in &dataset.features {
        let _ = write!(text, ",{}", feature.name);
    }
    text.push_str(",target\n");
    for (row, day) in dataset.dates.iter().enumerate() {
        let _ = write!(text, "{day}");
        for column in dataset.columns.iter().chain([&dataset.target]) {
            if column[row].is_nan() {
                text.push(',');
            } else {
                let _ = write!(text, ",{:?}", column[row]);
            }
        }
        text.push('\n');
    }
    text
}
