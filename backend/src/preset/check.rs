//! What must hold in a preset beyond its syntax: every name is known, none is used twice, no feature depends on itself.

use std::collections::{BTreeMap, BTreeSet};

use shared::card::Output;

use super::{FeatureDef, How, Op, Preset, Role};

/// Column names that the tables use themselves.
const RESERVED: [&str; 5] = ["date", "target", "as_of", "run_id", "base"];

/// With fewer rows the trees' leaves hold all of them.
const MIN_ROWS: usize = 100;

/// Says what is wrong, if anything is.
pub(super) fn check(preset: &Preset) -> Result<(), String> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if preset.name.is_empty() || !preset.name.chars().all(plain) {
        return Err("its `name` may only have lower-case letters, digits and `-`".to_owned());
    }
    let series: BTreeSet<&str> = preset.series.iter().map(|s| s.id.as_str()).collect();
    if series.len() < preset.series.len() {
        return Err("a series is defined twice".to_owned());
    }
    if !series.contains(preset.target.as_str()) {
        return Err(format!("the target `{}` is no series of it", preset.target));
    }
    let mut features: BTreeMap<&str, &FeatureDef> = BTreeMap::new();
    for feature in &preset.features {
        let name = feature.name.as_str();
        if name.parse::<shared::series::SeriesId>().is_err() || RESERVED.contains(&name) {
            return Err(format!("`{name}` cannot be a feature's name"));
        }
        if features.insert(name, feature).is_some() {
            return Err(format!("the feature `{name}` is defined twice"));
        }
    }
    if preset.visible_features().next().is_none() {
        return Err("it has no feature".to_owned());
    }
    for feature in &preset.features {
        for input in inputs(feature) {
            if !series.contains(input) && !features.contains_key(input) {
                return Err(format!(
                    "the feature `{}` is made from `{input}`, which is neither a series nor a feature of it",
                    feature.name
                ));
            }
        }
        no_cycle(feature, &features, &mut Vec::new())?;
    }
    check_scenarios(preset)?;
    check_training(preset)
}

fn check_scenarios(preset: &Preset) -> Result<(), String> {
    let mut names = BTreeSet::new();
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    for scenario in &preset.scenarios {
        let name = scenario.name.as_str();
        if name.is_empty() || !name.chars().all(plain) || !names.insert(name) {
            return Err(format!(
                "the scenario `{name}` needs a name of its own, of lower-case letters, digits and `-`"
            ));
        }
        let How::Moves(moves) = &scenario.how else {
            continue;
        };
        let stray = moves.keys().find(|id| preset.series(id).is_none());
        if let Some(id) = stray {
            return Err(format!(
                "the scenario `{name}` moves `{id}`, which is no series of it"
            ));
        }
    }
    Ok(())
}

/// What a feature is made from.
pub(super) fn inputs(feature: &FeatureDef) -> impl Iterator<Item = &str> {
    let divisor = match &feature.op {
        Op::LogRatio { to } | Op::Ratio { to, .. } => Some(to.as_str()),
        Op::Level
        | Op::Diff
        | Op::Log { .. }
        | Op::LogReturn { .. }
        | Op::Ema { .. }
        | Op::Volatility { .. }
        | Op::Scaled { .. }
        | Op::Deviation { .. }
        | Op::Size => None,
    };
    std::iter::once(feature.of.as_str()).chain(divisor)
}

fn no_cycle<'a>(
    feature: &'a FeatureDef,
    features: &BTreeMap<&str, &'a FeatureDef>,
    path: &mut Vec<&'a str>,
) -> Result<(), String> {
    if path.contains(&feature.name.as_str()) {
        path.push(&feature.name);
        return Err(format!("a feature depends on itself: {}", path.join(" → ")));
    }
    path.push(&feature.name);
    for input in inputs(feature) {
        // A feature may be named like the series that it is made from; then the series is meant.
        if let Some(next) = features.get(input).filter(|_| input != feature.name) {
            no_cycle(next, features, path)?;
        }
    }
    path.pop();
    Ok(())
}

fn check_training(preset: &Preset) -> Result<(), String> {
    let train = &preset.train;
    if train.test_rows == 0 || train.folds < 2 {
        return Err("it needs at least one test row and two folds".to_owned());
    }
    for (name, grid) in &train.grids {
        let empty =
            |axes: &BTreeMap<String, Vec<f64>>| axes.is_empty() || axes.values().any(Vec::is_empty);
        if grid.searches.is_empty() || grid.searches.iter().any(empty) {
            return Err(format!("the grid `{name}` has an empty search or axis"));
        }
    }
    if train.grids.is_empty() {
        return Err("it has no grid".to_owned());
    }
    check_members(preset)
}

/// What two members need beyond the trees' features.
fn check_members(preset: &Preset) -> Result<(), String> {
    let Some(walk) = &preset.train.walk_forward else {
        return Ok(());
    };
    let count = |role| {
        let features = preset.visible_features();
        features.filter(|feature| feature.role == role).count()
    };
    if preset.train.output != Output::PercentReturn {
        return Err("a walk-forward needs `output = \"percent_return\"`".to_owned());
    }
    if count(Role::Trees) == 0 || count(Role::Linear) == 0 || count(Role::Volatility) != 1 {
        return Err(
            "a walk-forward needs features for the trees, features for the linear member, and exactly one volatility"
                .to_owned(),
        );
    }
    if walk.min_rows < MIN_ROWS || walk.half_life <= 0.0 {
        return Err(format!(
            "a walk-forward needs at least {MIN_ROWS} training rows and a half-life above zero"
        ));
    }
    Ok(())
}
