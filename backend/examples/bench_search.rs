//! Times the searches of a preset's grid on a dataset in CSV, to be compared with scikit-learn's `GridSearchCV` on the same.
//!
//! ```text
//! bench_search DATASET.csv PRESET GRID [--threads N] [--score-all] [SEARCH.AXIS=VALUE,VALUE…]…
//! ```
//!
//! The file has a header; its first column is the date, its last the target, those between are the preset's features in
//! their order. `2.subsample=0.7,1` replaces an axis of the second search, so that a cut of a grid can be timed. Prints one
//! JSON object: winner, its mean RMSE, seconds, and how many fits a full search would have made and were made.

use std::error::Error;
use std::io::Write;
use std::time::Instant;

use backend::assemble::{Dataset, Feature};
use backend::preset::{FeatureDef, GridDef, Preset, load};
use backend::progress::Reporter;
use backend::train::{Datasets, Trained, train};
use chrono::NaiveDate;
use serde_json::json;
use shared::card::Output;

type Anything = Box<dyn Error>;

struct Options {
    dataset: String,
    preset: String,
    grid: String,
    threads: usize,
    score_all: bool,
    axes: Vec<String>,
}

fn main() -> Result<(), Anything> {
    let options = options(std::env::args().skip(1))?;
    let mut preset = load(&options.preset)?;
    let grid = preset
        .train
        .grids
        .get_mut(&options.grid)
        .ok_or("the preset has no such grid")?;
    options
        .axes
        .iter()
        .try_for_each(|axis| replace_axis(grid, axis))?;
    let dataset = read(&options.dataset, &preset)?;
    let reporter = Reporter::silent();
    let began = Instant::now();
    let trained = train(
        &Datasets {
            last: &dataset,
            provisional: None,
        },
        &preset.train,
        &options.grid,
        options.threads,
        options.score_all,
        &reporter,
    )?;
    let seconds = began.elapsed().as_secs_f64();
    let summary = summary(&trained, seconds, options.threads);
    writeln!(std::io::stdout(), "{summary:#}")?;
    Ok(())
}

fn options(mut arguments: impl Iterator<Item = String>) -> Result<Options, Anything> {
    let usage =
        "bench_search DATASET.csv PRESET GRID [--threads N] [--score-all] [SEARCH.AXIS=VALUES]…";
    let (Some(dataset), Some(preset), Some(grid)) =
        (arguments.next(), arguments.next(), arguments.next())
    else {
        return Err(usage.into());
    };
    let threads = std::thread::available_parallelism()?.get();
    let mut options = Options {
        dataset,
        preset,
        grid,
        threads,
        score_all: false,
        axes: Vec::new(),
    };
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--threads" => options.threads = arguments.next().ok_or(usage)?.parse()?,
            "--score-all" => options.score_all = true,
            _ => options.axes.push(argument),
        }
    }
    Ok(options)
}

/// Applies `SEARCH.AXIS=VALUES` to a grid.
fn replace_axis(grid: &mut GridDef, text: &str) -> Result<(), Anything> {
    let parts = text
        .split_once('.')
        .and_then(|(search, rest)| Some((search, rest.split_once('=')?)));
    let (search, (axis, values)) =
        parts.ok_or_else(|| format!("`{text}` is not SEARCH.AXIS=VALUES"))?;
    let search: usize = search.parse()?;
    let place = search.checked_sub(1).ok_or("searches are counted from 1")?;
    let chosen = grid
        .searches
        .get_mut(place)
        .ok_or_else(|| format!("there is no search {search}"))?;
    let values: Result<Vec<f64>, _> = values.split(',').map(str::parse).collect();
    chosen.insert(axis.to_owned(), values?);
    Ok(())
}

fn features(preset: &Preset) -> Vec<Feature> {
    let feature = |def: &FeatureDef| Feature {
        name: def.name.clone(),
        label: def.label.clone(),
        group: def.group.clone(),
        role: def.role,
        driver: def.name.clone(),
    };
    preset.visible_features().map(feature).collect()
}

fn read(path: &str, preset: &Preset) -> Result<Dataset, Anything> {
    let text = std::fs::read_to_string(path)?;
    let features = features(preset);
    let mut columns = vec![Vec::new(); features.len() + 1];
    let mut dates: Vec<NaiveDate> = Vec::new();
    for line in text.lines().skip(1) {
        let (date, rest) = line.split_once(',').ok_or("a line has no comma")?;
        dates.push(date.parse()?);
        let values: Vec<f64> = rest
            .split(',')
            .map(|value| {
                if value.is_empty() {
                    Ok(f64::NAN)
                } else {
                    value.parse()
                }
            })
            .collect::<Result<_, _>>()?;
        if values.len() != columns.len() {
            return Err(format!(
                "{date}: {} values where the preset has {}",
                values.len(),
                columns.len()
            )
            .into());
        }
        columns
            .iter_mut()
            .zip(values)
            .for_each(|(column, value)| column.push(value));
    }
    let target = columns.pop().ok_or("there is no target")?;
    let price = match preset.train.output {
        Output::Level => target.clone(),
        Output::PercentReturn => prices_from_returns(&target),
    };
    let given = features
        .iter()
        .position(|feature| feature.name == "gold_ema_30");
    let ema = given.map_or_else(|| ema_30(&price), |place| columns[place].clone());
    let previous_price = std::iter::once(f64::NAN)
        .chain(price.iter().copied())
        .take(price.len())
        .collect();
    Ok(Dataset {
        is_final: vec![true; dates.len()],
        ema,
        dates,
        features,
        columns,
        target,
        price,
        previous_price,
    })
}

/// A price that starts at 100 and moves by these returns, in percent of its logarithm.
fn prices_from_returns(returns: &[f64]) -> Vec<f64> {
    let step = |price: &mut f64, change: &f64| {
        *price *= if change.is_finite() {
            (change / 100.0).exp()
        } else {
            1.0
        };
        Some(*price)
    };
    returns.iter().scan(100.0, step).collect()
}

/// The exponential mean with span 30 and adjusted weights.
fn ema_30(prices: &[f64]) -> Vec<f64> {
    let keep = 1.0 - 2.0 / 31.0;
    let step = |(sum, weight): &mut (f64, f64), price: &f64| {
        (*sum, *weight) = (*sum * keep + price, *weight * keep + 1.0);
        Some(*sum / *weight)
    };
    prices.iter().scan((0.0, 0.0), step).collect()
}

fn summary(trained: &Trained, seconds: f64, threads: usize) -> serde_json::Value {
    let folds = trained.folds.len();
    let validation: f64 = trained.folds.iter().map(|fold| fold.validation_rmse).sum();
    let searches: Vec<_> = trained
        .searches
        .iter()
        .map(|search| {
            json!({
                "candidates": search.candidates,
                "cut": search.cut,
                "best": search.best.first(),
            })
        })
        .collect();
    json!({
        "winner": trained.parameters,
        "mean_rmse": validation / folds as f64,
        "seconds": seconds,
        "threads": threads,
        "fits": trained.searches.iter().map(|search| search.candidates * folds).sum::<usize>(),
        "searches": searches,
        "scores": trained.scores,
        "skill": trained.skill,
        "coverage": trained.coverage,
        "versions": trained.versions,
    })
}
