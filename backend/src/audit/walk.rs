//! A walk-forward as a subject: both members refitted, gate and intervals decided again, from what a day could know.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use shared::card::Parameters;

use super::known::levels_of;
use super::look::{Column, Kind, Look};
use super::said::{Said, SaidByDay};
use super::subject::{AuditError, Fitted, Frame, Memo, Subject, dataset_if_any, dataset_of};
use super::worlds::World;
use crate::assemble::Dataset;
use crate::preset::{Role, WalkPlan};
use crate::train::walk::{
    Forecast, GateRule, Members, Panel, WalkSettings, drivers, gaps, newest_band, open, owned,
    periods, previous, scales, ship, start_of_month,
};

/// A walk-forward under one state of information.
pub(super) struct WalkSubject<'a> {
    frame: Frame<'a>,
    plan: &'a WalkPlan,
    parameters: &'a Parameters,
    dataset: Dataset,
    said: SaidByDay,
    days: Vec<NaiveDate>,
    /// The scale of the intervals by day: one number of every earlier day goes into the band of a later one.
    scales: BTreeMap<NaiveDate, f64>,
}

impl<'a> WalkSubject<'a> {
    /// What the run said of each day, held against `frame`. The trees' parameters are taken as they were chosen.
    pub(super) fn new(
        frame: Frame<'a>,
        plan: &'a WalkPlan,
        parameters: &'a Parameters,
        said: SaidByDay,
    ) -> Result<Self, AuditError> {
        let dataset = dataset_of(frame.preset, frame.world, frame.as_of, frame.information)?;
        let scales = scales_by_day(&dataset, &said)?;
        Ok(Self {
            days: said.keys().copied().collect(),
            plan,
            parameters,
            dataset,
            said,
            scales,
            frame,
        })
    }

    /// Both members as fitted for the period that begins at row `until`.
    fn fit<'m>(
        &self,
        panel: Panel,
        until: usize,
        drivers: usize,
        memo: &'m mut Memo,
    ) -> Result<&'m Fitted, AuditError> {
        let kept = memo.take();
        let serves =
            |fitted: &Fitted| fitted.until == until && fitted.panel.teaches_the_same(&panel, until);
        let members = match kept {
            Some(fitted) if serves(&fitted) => fitted.members,
            _ => {
                let settings = WalkSettings {
                    plan: self.plan,
                    parameters: self.parameters,
                    seed: self.frame.preset.train.seed,
                    drivers,
                };
                Members::fit(&panel, &settings, until, &|| false)?
            }
        };
        Ok(memo.insert(Fitted {
            panel,
            until,
            members,
        }))
    }

    /// What is said of the last row of `dataset`, from its forecast and from what was said of the rows before.
    fn judge(&self, dataset: &Dataset, panel: &Panel, forecast: &Forecast) -> Said {
        let row = dataset.rows() - 1;
        let dates = &dataset.dates;
        let before = dates[..row].iter();
        let mut combined: Vec<f64> = before
            .clone()
            .map(|day| self.said.get(day).map_or(f64::NAN, |said| said.combined))
            .collect();
        combined.push(forecast.combined.sum());
        let returns = &panel.returns[..=row];
        let is_open = open(&combined, returns, &GateRule::VALUATION);
        let shipped = ship(&combined, &is_open);
        let scale = before.map(|day| self.scales.get(day).copied().unwrap_or(f64::NAN));
        let extra = owned(dataset, Role::Scale);
        let half_widths = newest_band(dates, &shipped, returns, &extra, &scale.collect::<Vec<_>>());
        let first = combined.iter().position(|f| f.is_finite()).unwrap_or(row);
        let from = start_of_month(dates, row).max(first);
        let anchors = previous(&dataset.ema);
        let gap = gaps(
            dates,
            &dataset.price,
            &anchors,
            &owned(dataset, Role::Gap),
            from,
        );
        Said::new(forecast, is_open[row], half_widths, gap.value[row])
    }

    fn split(&self, dates: &[NaiveDate], row: usize) -> Option<usize> {
        let periods = periods(dates, self.plan);
        Some(periods.iter().find(|rows| rows.contains(&row))?.start)
    }
}

impl Subject for WalkSubject<'_> {
    fn frame(&self) -> &Frame<'_> {
        &self.frame
    }

    fn days(&self) -> &[NaiveDate] {
        &self.days
    }

    fn dataset(&self) -> &Dataset {
        &self.dataset
    }

    fn whole(&self, day: NaiveDate) -> Result<Look, AuditError> {
        let mut look = Look::at(&self.dataset, day);
        let row = look.dates.len().saturating_sub(1);
        let start = self.split(&self.dataset.dates, row);
        look.columns.push(split_column(start));
        if let Some(said) = self.said.get(&day) {
            look.columns.extend(said.columns());
        }
        Ok(look)
    }

    fn anew(
        &self,
        day: NaiveDate,
        world: &World,
        as_of: DateTime<Utc>,
        memo: &mut Memo,
    ) -> Result<Look, AuditError> {
        let frame = &self.frame;
        let Some(dataset) = dataset_if_any(frame.preset, world, as_of, frame.information)? else {
            return Ok(Look::default());
        };
        let mut look = Look::at(&dataset, day);
        let row = look.dates.len().saturating_sub(1);
        let start = self.split(&dataset.dates, row);
        look.columns.push(split_column(start));
        let (Some(start), true) = (start, look.dates.last() == Some(&day)) else {
            return Ok(look);
        };
        let drivers = drivers(&dataset).len();
        let fitted = self.fit(Panel::new(&dataset)?, start, drivers, memo)?;
        let members = fitted.members.as_ref();
        let forecast = members.and_then(|members| members.forecast(&fitted.panel, row, drivers));
        if let Some(forecast) = forecast {
            let said = self.judge(&dataset.until(row + 1), &fitted.panel, &forecast);
            look.columns.extend(said.columns());
        }
        Ok(look)
    }

    fn levels(&self) -> Result<Option<Dataset>, AuditError> {
        Ok(levels_of(&self.frame)?)
    }
}

fn split_column(start: Option<usize>) -> Column {
    let rows = start.map_or(f64::NAN, |start| start as f64);
    Column::newest("training rows", Kind::Split, rows)
}

/// The scales that the intervals of the whole walk stand on.
fn scales_by_day(
    dataset: &Dataset,
    said: &SaidByDay,
) -> Result<BTreeMap<NaiveDate, f64>, AuditError> {
    let of = |number: fn(&Said) -> f64| -> Vec<f64> {
        let days = dataset.dates.iter();
        days.map(|day| said.get(day).map_or(f64::NAN, number))
            .collect()
    };
    let shipped = of(|said| if said.is_open { said.combined } else { 0.0 });
    let panel = Panel::new(dataset)?;
    let extra = owned(dataset, Role::Scale);
    let scales = scales(&dataset.dates, &shipped, &panel.returns, &extra);
    Ok(dataset.dates.iter().copied().zip(scales).collect())
}
