//! What differs between the recipes of two runs: preset, grid, parameters.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::world::World;
use crate::preset::Preset;

/// The differences of two recipes, in words.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Changes {
    /// Those that can change a model or a row.
    pub(super) matter: Vec<String>,
    /// Those that cannot: names, and ways of search that ended with the same parameters.
    pub(super) in_name: Vec<String>,
}

impl Changes {
    /// All of them in a sentence.
    pub(super) fn words(&self) -> String {
        if self.matter.is_empty() && self.in_name.is_empty() {
            return "unchanged".to_owned();
        }
        let all = self.matter.iter().chain(&self.in_name);
        all.map(String::as_str).collect::<Vec<_>>().join(", ")
    }
}

/// Compares the recipes of two runs.
pub(super) fn changes(older: &World, newer: &World) -> Changes {
    let mut changes = Changes::default();
    let (a, b) = (&older.card, &newer.card);
    for name in union(a.parameters.keys(), b.parameters.keys()) {
        let (before, after) = (a.parameters.get(name), b.parameters.get(name));
        if before != after {
            let text = |value: Option<&f64>| value.map_or("none".to_owned(), f64::to_string);
            let line = format!("{name} {} → {}", text(before), text(after));
            changes.matter.push(line);
        }
    }
    if a.scaler.is_some() != b.scaler.is_some() {
        changes.matter.push("scaling of the features".to_owned());
    }
    let (before, after) = (effective(&older.preset), effective(&newer.preset));
    for name in union(before.keys(), after.keys()) {
        if before.get(name) != after.get(name) {
            changes.matter.push(format!("`{name}` of the preset"));
        }
    }
    for (what, before, after) in [("preset", &a.preset, &b.preset), ("grid", &a.grid, &b.grid)] {
        if before != after {
            changes.in_name.push(format!("{what} {before} → {after}"));
        }
    }
    changes
}

/// The parts of a preset that can change a model or a row, once its parameters are known: `train.` comes before those of the
/// plan.
fn effective(preset: &Preset) -> Map<String, Value> {
    let Ok(Value::Object(mut parts)) = serde_json::to_value(preset) else {
        return Map::new();
    };
    for name in ["name", "title", "look_ahead"] {
        parts.remove(name);
    }
    let Some(Value::Object(plan)) = parts.remove("train") else {
        return parts;
    };
    // Grids and folds choose parameters, which are compared themselves; intervals lie around the valuation.
    let without = ["grids", "folds", "fixed", "intervals"];
    let kept = plan
        .into_iter()
        .filter(|(name, _)| !without.contains(&name.as_str()));
    parts.extend(kept.map(|(name, value)| (format!("train.{name}"), value)));
    parts
}

fn union<'a>(
    a: impl Iterator<Item = &'a String>,
    b: impl Iterator<Item = &'a String>,
) -> BTreeSet<&'a String> {
    a.chain(b).collect()
}
