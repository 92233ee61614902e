//! What the two members see of a dataset, row by row.

use std::ops::Range;

use chrono::{Datelike, NaiveDate};

use crate::assemble::Dataset;
use crate::preset::{Refit, Role, WalkPlan};
use crate::train::TrainError;

/// Features by member, row after row, with the returns to learn. Plain data, shared by all threads.
pub(crate) struct Panel {
    /// The day of each row.
    pub dates: Vec<NaiveDate>,
    /// ln(P_t / P_{t−1}); NaN on the first row and where a price is unknown.
    pub returns: Vec<f64>,
    /// The returns' volatility of the row before, in the same unit.
    pub volatility: Vec<f64>,
    /// The linear member's features.
    pub linear: Features<f64>,
    /// The trees' features.
    pub trees: Features<f32>,
}

/// One member's features.
pub(crate) struct Features<T> {
    /// Names, in the order of the values.
    pub names: Vec<String>,
    /// The driver of each feature, as a place in [`drivers`].
    pub drivers: Vec<usize>,
    values: Vec<T>,
    /// Rows on which every feature has a value.
    complete: Vec<bool>,
}

impl<T> Features<T> {
    /// The values of a row.
    pub(crate) fn row(&self, row: usize) -> &[T] {
        let width = self.names.len();
        &self.values[row * width..(row + 1) * width]
    }

    /// Whether every feature has a value on this row.
    pub(crate) fn is_complete(&self, row: usize) -> bool {
        self.complete[row]
    }
}

/// The drivers of both members' features, in order of first appearance: what contributions are told by.
pub(crate) fn drivers(dataset: &Dataset) -> Vec<String> {
    let mut drivers: Vec<String> = Vec::new();
    for feature in &dataset.features {
        let told = matches!(feature.role, Role::Trees | Role::Linear);
        if told && !drivers.contains(&feature.driver) {
            drivers.push(feature.driver.clone());
        }
    }
    drivers
}

impl Panel {
    /// Lays out a dataset whose target is 100 × the log return. Fails where it has no volatility to scale by.
    pub(crate) fn new(dataset: &Dataset) -> Result<Self, TrainError> {
        let volatility = dataset.columns_of(Role::Volatility);
        let volatility = volatility
            .first()
            .ok_or(TrainError::MissingFeature { name: "volatility" })?;
        Ok(Self {
            dates: dataset.dates.clone(),
            returns: dataset.target.iter().map(|target| target / 100.0).collect(),
            volatility: volatility.to_vec(),
            linear: features(dataset, Role::Linear, |value| value),
            trees: features(dataset, Role::Trees, |value| value as f32),
        })
    }

    /// Rows before `until` that the linear member can learn from.
    pub(crate) fn linear_rows(&self, until: usize) -> Vec<usize> {
        let usable = |row: &usize| self.returns[*row].is_finite() && self.is_linear(*row);
        (0..until).filter(usable).collect()
    }

    /// Rows before `until` that the trees can learn from.
    pub(crate) fn tree_rows(&self, until: usize) -> Vec<usize> {
        let usable = |row: &usize| self.returns[*row].is_finite() && self.trees.is_complete(*row);
        (0..until).filter(usable).collect()
    }

    /// Whether both members, fitted at row `until`, would learn from the same numbers in both panels.
    pub(crate) fn teaches_the_same(&self, other: &Self, until: usize) -> bool {
        let same = |a: &[f64], b: &[f64]| {
            let bits = |values: &[f64]| values.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
            a.len() >= until && b.len() >= until && bits(&a[..until]) == bits(&b[..until])
        };
        let linear = until * self.linear.names.len();
        let trees = until * self.trees.names.len();
        let pairs = |a: &[f64], b: &[f64], end: usize| {
            a[..end]
                .iter()
                .zip(&b[..end])
                .all(|(a, b)| a.to_bits() == b.to_bits())
        };
        self.dates.get(..until) == other.dates.get(..until)
            && same(&self.returns, &other.returns)
            && same(&self.volatility, &other.volatility)
            && self.linear.names == other.linear.names
            && pairs(&self.linear.values, &other.linear.values, linear)
            && self.trees.values[..trees]
                .iter()
                .zip(&other.trees.values[..trees])
                .all(|(a, b)| a.to_bits() == b.to_bits())
    }

    /// Whether the linear member has a forecast for this row.
    pub(crate) fn is_linear(&self, row: usize) -> bool {
        self.linear.is_complete(row) && self.volatility[row] > 0.0
    }
}

fn features<T>(dataset: &Dataset, role: Role, narrow: impl Fn(f64) -> T) -> Features<T> {
    let known = drivers(dataset);
    let chosen: Vec<_> = dataset.features.iter().filter(|f| f.role == role).collect();
    let columns = dataset.columns_of(role);
    let place = |driver: &String| known.iter().position(|name| name == driver).unwrap_or(0);
    let cells =
        (0..dataset.rows()).flat_map(|row: usize| columns.iter().map(move |column| column[row]));
    let is_complete = |row: usize| columns.iter().all(|column| column[row].is_finite());
    Features {
        names: chosen.iter().map(|feature| feature.name.clone()).collect(),
        drivers: chosen
            .iter()
            .map(|feature| place(&feature.driver))
            .collect(),
        values: cells.map(narrow).collect(),
        complete: (0..dataset.rows()).map(is_complete).collect(),
    }
}

/// The rows of each period (month, quarter or year) from the plan's first day on: both members are fitted anew at the first
/// row of each.
pub(crate) fn periods(dates: &[NaiveDate], plan: &WalkPlan) -> Vec<Range<usize>> {
    let first = plan.first.unwrap_or(NaiveDate::MIN);
    let start = dates.partition_point(|day| *day < first);
    let part = |month0: u32| match plan.refit {
        Refit::Monthly => month0,
        Refit::Quarterly => month0 / 3,
        Refit::Yearly => 0,
    };
    let period = |row: usize| (dates[row].year(), part(dates[row].month0()));
    let mut periods: Vec<Range<usize>> = Vec::new();
    for row in start..dates.len() {
        match periods.last_mut() {
            Some(rows) if period(rows.start) == period(row) => rows.end = row + 1,
            _ => periods.push(row..row + 1),
        }
    }
    periods
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_cut_at_their_first_row_and_begin_with_the_first_day() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let dates = [
            "2009-12-31",
            "2010-01-04",
            "2010-01-29",
            "2010-02-01",
            "2011-02-01",
        ]
        .map(day);
        let plan = |first, refit| WalkPlan {
            first,
            min_rows: 500,
            half_life: 500.0,
            refit,
        };
        let monthly = plan(None, Refit::Monthly);
        assert_eq!(periods(&dates, &monthly), [0..1, 1..3, 3..4, 4..5]);
        let quarterly = plan(None, Refit::Quarterly);
        assert_eq!(periods(&dates, &quarterly), [0..1, 1..4, 4..5]);
        let from = plan(Some(day("2010-01-05")), Refit::Yearly);
        assert_eq!(periods(&dates, &from), [2..4, 4..5]);
        assert!(periods(&[], &monthly).is_empty());
    }
}
