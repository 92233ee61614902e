//! Rules that value each day, on the rows that the walk has forecasts for.

use chrono::NaiveDate;
use shared::evaluation::{Comparison, Evaluation};

use super::{HEADLINE, Walked};
use crate::train::walk::{Market, PERIODS, compare, evaluate, previous};

/// Values by rule.
pub(super) struct Rules<'a> {
    walked: &'a Walked,
    rules: Vec<(&'static str, Vec<f64>)>,
}

impl<'a> Rules<'a> {
    /// The walk's rules next to the simple ones.
    pub(super) fn new(walked: &'a Walked) -> Self {
        let (dataset, pass) = (&walked.dataset, &walked.pass);
        let after = |forecasts: &[f64]| -> Vec<f64> {
            let pairs = dataset.previous_price.iter().zip(forecasts);
            pairs
                .map(|(price, forecast)| price * forecast.exp())
                .collect()
        };
        let on_known_rows = |values: &[f64]| -> Vec<f64> {
            let pairs = values.iter().zip(&pass.combined);
            pairs
                .map(|(value, forecast)| value + 0.0 * forecast)
                .collect()
        };
        let mean: Vec<f64> = {
            let (linear, trees) = (
                pass.walk.by_row(|f| f.linear),
                pass.walk.by_row(|f| f.trees),
            );
            linear
                .iter()
                .zip(&trees)
                .map(|(a, b)| f64::midpoint(*a, *b))
                .collect()
        };
        Self {
            walked,
            rules: vec![
                ("no_change", on_known_rows(&dataset.previous_price)),
                ("ema_previous", on_known_rows(&previous(&dataset.ema))),
                ("ema_same_day (leaks)", on_known_rows(&dataset.ema)),
                ("linear", after(&pass.walk.by_row(|f| f.linear))),
                ("trees", after(&pass.walk.by_row(|f| f.trees))),
                ("mean", after(&mean)),
                ("combined", after(&pass.combined)),
                ("shipped (behind the gate)", after(&pass.shipped)),
            ],
        }
    }

    /// The rules' names, in order.
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.rules.iter().map(|(name, _)| *name)
    }

    fn values(&self, name: &str) -> &[f64] {
        let rule = self.rules.iter().find(|(rule, _)| *rule == name);
        rule.map_or(&[], |(_, values)| values)
    }

    fn market(&self) -> Market<'_> {
        let dataset = &self.walked.dataset;
        Market {
            dates: &dataset.dates,
            prices: &dataset.price,
            previous: &dataset.previous_price,
            above_maximum: &self.walked.pass.above_maximum,
        }
    }

    /// A rule's scores by period.
    pub(super) fn evaluate(&self, name: &str) -> Evaluation {
        evaluate(name, name, &self.market(), self.values(name), PERIODS)
    }

    /// Whether one rule beats another over the headline's years.
    pub(super) fn compare(&self, rule: &str, against: &str) -> Comparison {
        let inside = |name: &str| masked(self.walked, self.values(name), HEADLINE);
        compare(
            &self.market(),
            (rule, &inside(rule)),
            (against, &inside(against)),
        )
    }
}

/// The values of the rows between two days, both inside; NaN elsewhere.
pub(super) fn masked(walked: &Walked, values: &[f64], days: (NaiveDate, NaiveDate)) -> Vec<f64> {
    let pairs = walked.dataset.dates.iter().zip(values);
    pairs
        .map(|(day, value)| {
            if (days.0..=days.1).contains(day) {
                *value
            } else {
                f64::NAN
            }
        })
        .collect()
}
