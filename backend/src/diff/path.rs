//! The path from the older run's world to the newer one's: one factor at a time, valued after each step.

use chrono::NaiveDate;
use shared::card::Output;
use shared::diff::{Cause, Line, RunDiff};
use shared::series::SeriesId;

use super::DiffError;
use super::recipe::{Changes, changes};
use super::refit::refit;
use super::report::side;
use super::revise::Revised;
use super::world::{World, row_of};
use crate::assemble::Dataset;

/// The steps taken so far, and the valuation after the last of them.
struct Path<'a> {
    older: &'a World,
    newer: &'a World,
    /// The day of the older valuation: it stays until the last steps.
    day: NaiveDate,
    value: f64,
    lines: Vec<Line>,
    notes: Vec<String>,
}

/// Explains the step from the newest valuation of `from` to that of `to`.
pub(super) fn explain(from: &World, to: &World) -> Result<RunDiff, DiffError> {
    let thing = |w: &World| format!("{} in {}", w.preset.target, w.card.unit);
    if thing(from) != thing(to) {
        let (from, to) = (thing(from), thing(to));
        return Err(DiffError::DifferentThings { from, to });
    }
    // Only a newer world knows the older one's day.
    let turned = (to.latest.date, to.as_of) < (from.latest.date, from.as_of);
    let (older, newer) = if turned { (to, from) } else { (from, to) };
    let day = older.latest.date;
    let mut path = Path {
        older,
        newer,
        day,
        value: older.value(day).unwrap_or(older.latest.valuation),
        lines: Vec::new(),
        notes: Vec::new(),
    };
    let dataset = path.revise_data()?;
    path.change_code(&dataset);
    path.change_model(&dataset);
    path.go_to_the_new_day();
    Ok(path.end(from, to, turned))
}

impl Path<'_> {
    /// Takes a step to a world with this valuation; where it has none, the step is left to the next one.
    fn step(&mut self, cause: Cause, what: impl Into<String>, value: Option<f64>) {
        let value = value.unwrap_or(self.value);
        self.lines.push(Line {
            cause,
            series: None,
            amount: value - self.value,
            what: what.into(),
        });
        self.value = value;
    }

    /// Puts the newer run's observations in the place of the older one's, series by series. Gives the dataset of the older
    /// preset out of them.
    fn revise_data(&mut self) -> Result<Dataset, DiffError> {
        let (older, newer) = (self.older, self.newer);
        let as_of = older.as_of.max(newer.as_of);
        let mut observations = older.observations.clone();
        let ids: Vec<SeriesId> = older.preset.series.iter().map(|s| s.id.clone()).collect();
        for id in ids {
            let Some(after) = newer.observations.get(&id) else {
                continue;
            };
            let before = observations.insert(id.clone(), after.clone());
            let revised = Revised::between(&before.unwrap_or_default(), after, self.day);
            if revised.any {
                let dataset = older.dataset_from(&observations, as_of)?;
                let value = row_of(&dataset, self.day).and_then(|r| older.model.value(&dataset, r));
                self.step(Cause::RevisedData, revised.words(), value);
                if let Some(line) = self.lines.last_mut() {
                    line.series = Some(id);
                }
            }
        }
        older.dataset_from(&observations, as_of)
    }

    /// What the older run's model would be, had this program fitted it on the older run's own data.
    fn change_code(&mut self, dataset: &Dataset) {
        let (before, after) = (&self.older.card.versions, &self.newer.card.versions);
        if before == after {
            return self.step(Cause::CodeVersion, "unchanged", None);
        }
        let names = before
            .keys()
            .chain(after.keys().filter(|n| !before.contains_key(*n)));
        let version = |of: Option<&String>| of.map_or("none", String::as_str).to_owned();
        let changed: Vec<String> = names
            .filter(|name| before.get(*name) != after.get(*name))
            .map(|n| format!("{n} {} → {}", version(before.get(n)), version(after.get(n))))
            .collect();
        let value = match refit(self.older, &self.older.dataset) {
            Ok(model) => row_of(dataset, self.day).and_then(|row| model.value(dataset, row)),
            Err(error) => {
                let note = format!("the effect of the code stands with the model: {error:#}");
                self.notes.push(note);
                None
            }
        };
        if after.get("assay").map(String::as_str) != Some(env!("CARGO_PKG_VERSION")) {
            let note = "the newer run was made by another version than this one, whose effect stands with the model";
            self.notes.push(note.to_owned());
        }
        self.step(Cause::CodeVersion, changed.join(", "), value);
    }

    /// Puts the newer run's model in the place of the older one's: first the other rows, then the other parameters.
    fn change_model(&mut self, dataset: &Dataset) {
        let swapped = self.newer.value(self.day);
        if swapped.is_none() {
            let note = format!(
                "the newer run has no value for {}: the effect of its model stands with the new data",
                self.day
            );
            self.notes.push(note);
        }
        let changes = changes(self.older, self.newer);
        let (refitted, words) = (self.refitted(dataset), changes.words());
        if changes.matter.is_empty() {
            self.step(Cause::Model, refitted, swapped);
            self.step(Cause::Parameters, words, None);
        } else if same(&self.older.dataset, dataset) {
            self.step(Cause::Model, "fitted on the same rows", None);
            self.step(Cause::Parameters, words, swapped);
        } else {
            self.tell_apart(dataset, refitted, &changes, swapped);
        }
    }

    /// Rows and parameters changed together: the older parameters are fitted on the newer rows.
    fn tell_apart(
        &mut self,
        dataset: &Dataset,
        refitted: String,
        changes: &Changes,
        swapped: Option<f64>,
    ) {
        let words = changes.words();
        match refit(self.older, dataset) {
            Ok(model) => {
                let between = row_of(dataset, self.day).and_then(|row| model.value(dataset, row));
                self.step(Cause::Model, refitted, between);
                self.step(Cause::Parameters, words, swapped);
                let note = "data and parameters changed together: the older run's parameters were fitted once more on the newer run's data to tell them apart";
                self.notes.push(note.to_owned());
            }
            Err(error) => {
                self.step(Cause::Model, format!("{refitted}: see the rest"), None);
                self.step(Cause::Parameters, format!("{words}: see the rest"), None);
                self.value = swapped.unwrap_or(self.value);
                let note = format!("data and parameters cannot be told apart: {error:#}");
                self.notes.push(note);
            }
        }
    }

    fn refitted(&self, dataset: &Dataset) -> String {
        let (before, after) = (&self.older.card, &self.newer.card);
        if before.model_sha256 == after.model_sha256 {
            return "the same model".to_owned();
        }
        let more = after.data.train_rows.saturating_sub(before.data.train_rows);
        match more {
            _ if same(&self.older.dataset, dataset) => "fitted on the same rows".to_owned(),
            0 => "fitted on changed rows".to_owned(),
            1 => "fitted on 1 more row".to_owned(),
            more => format!("fitted on {more} more rows"),
        }
    }

    /// From the older day to the newer: first the price that a return starts from, then all else.
    fn go_to_the_new_day(&mut self) {
        let newer = self.newer;
        let last = newer.latest.date;
        if last == self.day {
            return self.step(Cause::NewData, "the same day", None);
        }
        let rows = (
            row_of(&newer.dataset, self.day),
            row_of(&newer.dataset, last),
        );
        if let ((Some(here), Some(there)), Output::PercentReturn) =
            (rows, newer.preset.train.output)
        {
            let mut dataset = newer.dataset.clone();
            let (before, after) = (dataset.previous_price[here], dataset.previous_price[there]);
            dataset.previous_price[here] = after;
            let what = format!("price of the day before: {before:.2} → {after:.2}");
            self.step(Cause::NewData, what, newer.model.value(&dataset, here));
        }
        let what = format!("all else from {} to {last}", self.day);
        self.step(Cause::NewData, what, newer.value(last));
        let note = format!(
            "the valuations are of different days, {} and {last}",
            self.day
        );
        self.notes.push(note);
    }

    /// Adds the rest, so that the lines add up to the difference of the published valuations.
    fn end(mut self, from: &World, to: &World, turned: bool) -> RunDiff {
        if turned {
            // Subtracted from zero, so that nothing becomes minus zero.
            self.lines
                .iter_mut()
                .for_each(|line| line.amount = 0.0 - line.amount);
            let note = "the second run is the older one: lines tell the way from it to the first, amounts the way back";
            self.notes.push(note.to_owned());
        }
        let change = to.latest.valuation - from.latest.valuation;
        let told = self.lines.iter().fold(0.0, |sum, line| sum + line.amount);
        self.lines.push(Line {
            cause: Cause::Rest,
            series: None,
            amount: change - told,
            what: "interaction and rest".to_owned(),
        });
        RunDiff {
            from: side(from),
            to: side(to),
            unit: to.card.unit.clone(),
            change,
            lines: self.lines,
            notes: self.notes,
        }
    }
}

/// Whether two datasets would train the same model.
fn same(a: &Dataset, b: &Dataset) -> bool {
    let bits = |column: &Vec<f64>| column.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
    let all = |dataset: &Dataset| {
        let columns = dataset.columns.iter().chain([&dataset.target]);
        columns.map(bits).collect::<Vec<_>>()
    };
    a.dates == b.dates && a.features == b.features && all(a) == all(b)
}
