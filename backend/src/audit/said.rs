//! What a run said of each day, to be held against what it would have said knowing less.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use shared::valuation::{Information, Interval};
use shared::walk::WalkRow;

use super::look::{Column, Kind};
use crate::assemble::Dataset;
use crate::train::walk::{Forecast, Pass};

/// What two members said of a day. Forecasts and widths in log units.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Said {
    pub(super) linear: f64,
    pub(super) trees: f64,
    pub(super) combined: f64,
    pub(super) takes_over: bool,
    pub(super) is_open: bool,
    /// Half-widths of the 80 and 95 % intervals; NaN where there is none.
    pub(super) half_widths: [f64; 2],
    /// The price that the headline gap is measured from; NaN where unknown.
    pub(super) gap_value: f64,
}

/// By day.
pub(super) type SaidByDay = BTreeMap<NaiveDate, Said>;

/// What was published of the rows under one state of information.
pub(super) fn published(rows: &[WalkRow], information: Information) -> SaidByDay {
    let chosen = rows.iter().filter(|row| row.information == information);
    chosen.map(|row| (row.date, Said::from(row))).collect()
}

/// What a walk says of its rows.
pub(super) fn walked(dataset: &Dataset, pass: &Pass) -> SaidByDay {
    let rows = pass.walk.forecasts.iter().enumerate();
    let said = rows.filter_map(|(row, forecast)| {
        let forecast = forecast.as_ref()?;
        let half_widths = [0, 1].map(|level: usize| pass.bands.half_widths[level][row]);
        let gap_value = pass.gaps.value[row];
        let said = Said::new(forecast, pass.is_open[row], half_widths, gap_value);
        Some((dataset.dates[row], said))
    });
    said.collect()
}

impl Said {
    pub(super) fn new(
        forecast: &Forecast,
        is_open: bool,
        half_widths: [f64; 2],
        gap_value: f64,
    ) -> Self {
        Self {
            linear: forecast.linear,
            trees: forecast.trees,
            combined: forecast.combined.sum(),
            takes_over: forecast.takes_over,
            is_open,
            half_widths,
            gap_value,
        }
    }

    /// The same as numbers of the newest row.
    pub(super) fn columns(&self) -> Vec<Column> {
        let flag = |is: bool| f64::from(u8::from(is));
        let shipped = if self.is_open { self.combined } else { 0.0 };
        [
            ("linear member", Kind::Said, self.linear),
            ("trees", Kind::Said, self.trees),
            ("combined", Kind::Said, self.combined),
            ("valuation", Kind::Said, shipped),
            ("linear takes over", Kind::Method, flag(self.takes_over)),
            ("skill gate", Kind::Method, flag(self.is_open)),
            ("interval 80 %", Kind::Said, self.half_widths[0]),
            ("interval 95 %", Kind::Said, self.half_widths[1]),
            ("value behind the gap", Kind::Said, self.gap_value),
        ]
        .map(|(name, kind, value)| Column::newest(name, kind, value))
        .into()
    }
}

impl From<&WalkRow> for Said {
    fn from(row: &WalkRow) -> Self {
        let width = |interval: Option<Interval>| {
            interval.map_or(f64::NAN, |band| (band.upper / band.lower).ln() / 2.0)
        };
        Self {
            linear: row.linear_pct / 100.0,
            trees: row.trees_pct / 100.0,
            combined: row.combined_pct / 100.0,
            takes_over: row.takes_over,
            is_open: row.is_open,
            half_widths: [width(row.interval_80), width(row.interval_95)],
            gap_value: row.gap.map_or(f64::NAN, |gap| gap.value),
        }
    }
}
