//! One generated market: everything that a seed yields through a day, each part worked out when it is first asked for.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use super::archive::{Archive, Published};
use super::bars::{Bar, bars};
use super::chance::{normal, stream};
use super::economy;
use super::instruments::{ETFS, Instrument, PAIRS, metal};
use super::path::Path;
use super::series::{SERIES, Series, Values};
use crate::calendar::{Calendar, date, days, month_after};

/// A market through one day. The same seed and a later day give the same market with more days.
pub(crate) struct World {
    seed: u64,
    path: Path,
    bars: BTreeMap<&'static str, Vec<Bar>>,
    archives: BTreeMap<&'static str, Archive>,
}

impl World {
    /// Generates the market through `last`.
    pub(crate) fn new(seed: u64, last: NaiveDate) -> Self {
        Self {
            seed,
            path: Path::walk(seed, last),
            bars: BTreeMap::new(),
            archives: BTreeMap::new(),
        }
    }

    /// The ETF of a symbol (case ignored).
    pub(crate) fn etf(symbol: &str) -> Option<&'static Instrument> {
        find(&ETFS, symbol)
    }

    /// The pair of two currencies (case ignored), as `EURUSD`.
    pub(crate) fn pair(symbol: &str) -> Option<&'static Instrument> {
        find(&PAIRS, symbol)
    }

    /// The series of an id.
    pub(crate) fn series(id: &str) -> Option<&'static Series> {
        SERIES.iter().find(|series| series.id == id)
    }

    /// All bars of an instrument, ascending.
    pub(crate) fn bars(&mut self, instrument: &'static Instrument) -> &[Bar] {
        let made = || bars(self.seed, instrument, &self.path);
        self.bars.entry(instrument.symbol).or_insert_with(made)
    }

    /// All publications of a series.
    pub(crate) fn archive(&mut self, series: &'static Series) -> &Archive {
        if !self.archives.contains_key(series.id) {
            let archive = Archive::new(self.published(series));
            self.archives.insert(series.id, archive);
        }
        &self.archives[series.id]
    }

    /// A metal's price (dollars per ounce) on every weekday, ascending; `None` for anything but `XAU` and `XAG`.
    pub(crate) fn metal(&self, symbol: &str) -> Option<Vec<(NaiveDate, f64)>> {
        let price = metal(symbol)?;
        let mut chance = stream(self.seed, symbol);
        let days = self.path.days.iter().zip(&self.path.states);
        let quoted =
            days.map(|(day, state)| (*day, price(state) * (0.0003 * normal(&mut chance)).exp()));
        Some(quoted.collect())
    }

    fn published(&self, series: &Series) -> Vec<Published> {
        let once =
            |day: NaiveDate, value: String| Published::once(day, series.release.day(day), value);
        match &series.values {
            Values::Daily {
                calendar,
                value,
                decimals,
            } => self.daily(
                *calendar,
                |state| format!("{:.*}", decimals, value(state)),
                once,
            ),
            Values::FundsDaily => self
                .funds()
                .map(|(day, rate)| once(day, format!("{rate:.2}")))
                .collect(),
            Values::FundsMonthly => self.funds_monthly(once),
            Values::Economy(figure) => {
                economy::publications(self.seed, *figure, series.release, &self.path)
            }
        }
    }

    fn daily(
        &self,
        calendar: Calendar,
        text: impl Fn(&super::path::State) -> String,
        publish: impl Fn(NaiveDate, String) -> Published,
    ) -> Vec<Published> {
        let days = self.path.days.iter().zip(&self.path.states);
        days.map(|(day, state)| {
            let open = calendar.is_open(*day);
            publish(*day, if open { text(state) } else { ".".to_owned() })
        })
        .collect()
    }

    /// The effective federal funds rate of every calendar day; a weekend repeats its Friday.
    fn funds(&self) -> impl Iterator<Item = (NaiveDate, f64)> {
        let mut chance = stream(self.seed, "DFF");
        let weekdays = self.path.days.iter().zip(&self.path.states);
        weekdays.enumerate().flat_map(move |(index, (day, state))| {
            let rate = (state.policy + 0.015 * normal(&mut chance)).max(0.04);
            let next = self.path.days.get(index + 1).copied();
            let last = next.and_then(|next| next.pred_opt()).unwrap_or(*day);
            days(*day, last).map(move |day| (day, rate))
        })
    }

    fn funds_monthly(&self, publish: impl Fn(NaiveDate, String) -> Published) -> Vec<Published> {
        let mut months: BTreeMap<NaiveDate, (f64, u32)> = BTreeMap::new();
        for (day, rate) in self.funds() {
            let (sum, count) = months.entry(date(day.year(), day.month(), 1)).or_default();
            *sum += rate;
            *count += 1;
        }
        let last = self.path.days.last().copied().unwrap_or_default();
        let full = months
            .into_iter()
            .filter(|(month, _)| month_after(*month, 1) <= last);
        full.map(|(month, (sum, count))| publish(month, format!("{:.2}", sum / f64::from(count))))
            .collect()
    }
}

fn find(table: &'static [Instrument], symbol: &str) -> Option<&'static Instrument> {
    table
        .iter()
        .find(|instrument| instrument.symbol.eq_ignore_ascii_case(symbol))
}
