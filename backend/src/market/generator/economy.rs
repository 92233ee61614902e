//! The economy: consumer prices, unemployment and output, each published late and revised several times.

use chrono::{Datelike, NaiveDate, Weekday};
use rand_chacha::ChaCha8Rng;

use super::archive::Published;
use super::chance::{normal, stream};
use super::path::{Path, State, first_day};
use super::release::Release;
use crate::calendar::{date, last_weekday, later, month_after};

/// A monthly or quarterly figure of the economy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Figure {
    /// Consumer price index; revised each February for five years.
    ConsumerPrices,
    /// Unemployment rate (percent); revised each January for five years.
    Unemployment,
    /// Nominal output; three estimates, then revised each September for three years.
    Output,
    /// Output in prices of 2017; published with [`Figure::Output`].
    RealOutput,
}

/// No survey was taken: the month of the government's closure of 2025 was never published.
fn is_never_published(figure: Figure, month: NaiveDate) -> bool {
    matches!(figure, Figure::ConsumerPrices | Figure::Unemployment) && month == date(2025, 10, 1)
}

/// All publications of a figure up to the last day of the path, under the release rule of its first estimates.
pub(crate) fn publications(
    seed: u64,
    figure: Figure,
    release: Release,
    path: &Path,
) -> Vec<Published> {
    let mut walk = Walk::new(seed, figure);
    let last = path.days.last().copied().unwrap_or_default();
    let mut month = date(first_day().year(), 1, 1);
    let mut rows = Vec::new();
    // A period's value needs all of its days, so that a later `last` changes nothing.
    while release.day(month) <= last {
        let end = month_after(month, walk.months());
        let truth = walk.next(path.between(month, end));
        let releases = walk.releases(month, release, truth);
        rows.push(Published::revised(month, releases));
        month = end;
    }
    rows
}

/// The true values one after the other, and the errors of the estimates.
struct Walk {
    figure: Figure,
    level: f64,
    slump: f64,
    truth: ChaCha8Rng,
    errors: ChaCha8Rng,
}

impl Walk {
    fn new(seed: u64, figure: Figure) -> Self {
        let (level, truth, errors) = match figure {
            Figure::ConsumerPrices => (185.0, "prices", "prices revised"),
            Figure::Unemployment => (5.7, "unemployment", "unemployment revised"),
            // Nominal and real output share the chance of their growth, not that of their revisions.
            Figure::Output => (11_920.0, "output", "output revised"),
            Figure::RealOutput => (15_000.0, "output", "real output revised"),
        };
        Self {
            figure,
            level,
            slump: 0.1,
            truth: stream(seed, truth),
            errors: stream(seed, errors),
        }
    }

    /// Months of one period.
    fn months(&self) -> u32 {
        match self.figure {
            Figure::ConsumerPrices | Figure::Unemployment => 1,
            Figure::Output | Figure::RealOutput => 3,
        }
    }

    /// The true value of the next period, in which the market went through these states.
    fn next(&mut self, states: &[State]) -> f64 {
        let days = states.len().max(1) as f64;
        let stress = states.iter().filter(|state| state.stress).count() as f64 / days;
        let inflation = states.iter().map(|state| state.breakeven).sum::<f64>() / days / 100.0;
        let chance = normal(&mut self.truth);
        match self.figure {
            Figure::ConsumerPrices => self.level *= (inflation / 12.0 + 0.0012 * chance).exp(),
            Figure::Unemployment => {
                self.slump += 0.08 * (stress - self.slump);
                self.level += 0.1 * (3.6 + 7.0 * self.slump - self.level) + 0.08 * chance;
            }
            Figure::Output | Figure::RealOutput => {
                let real = 0.0075 - 0.012 * stress + 0.003 * chance;
                let prices = if self.figure == Figure::Output {
                    inflation / 4.0
                } else {
                    0.0
                };
                self.level *= (real + prices).exp();
            }
        }
        self.level
    }

    /// The values published for a period: each is a step nearer to the truth than the one before.
    fn releases(
        &mut self,
        period: NaiveDate,
        release: Release,
        truth: f64,
    ) -> Vec<(NaiveDate, String)> {
        let first = release.day(period);
        if is_never_published(self.figure, period) {
            return vec![(first, ".".to_owned())];
        }
        let (days, steps): (Vec<NaiveDate>, &[f64]) = match self.figure {
            Figure::ConsumerPrices => (each_year(first, 5, february_release), &[2e-4; 5]),
            Figure::Unemployment => (each_year(first, 5, january_release), &[0.03; 5]),
            Figure::Output | Figure::RealOutput => {
                (output_releases(first), &[2e-3, 1e-3, 2e-3, 1e-3, 5e-4])
            }
        };
        let revisions: Vec<f64> = steps
            .iter()
            .map(|size| size * normal(&mut self.errors))
            .collect();
        let still_to_come = |done: usize| revisions.get(done..).unwrap_or_default().iter().sum();
        days.into_iter()
            .enumerate()
            .map(|(done, day)| (day, self.text(truth, still_to_come(done))))
            .collect()
    }

    fn text(&self, truth: f64, error: f64) -> String {
        match self.figure {
            Figure::Unemployment => format!("{:.1}", (truth + error).max(2.0)),
            _ => format!("{:.3}", truth * error.exp()),
        }
    }
}

/// The first release and those of the following `count` years after it.
fn each_year(first: NaiveDate, count: i32, day_in: fn(i32) -> NaiveDate) -> Vec<NaiveDate> {
    let year = first.year() + i32::from(day_in(first.year()) <= first);
    let yearly = (year..year + count).map(day_in);
    std::iter::once(first).chain(yearly).collect()
}

fn february_release(year: i32) -> NaiveDate {
    Release::after_days(42).day(date(year, 1, 1))
}

fn january_release(year: i32) -> NaiveDate {
    Release::after_days(37).day(date(year - 1, 12, 1))
}

fn september_release(year: i32) -> NaiveDate {
    last_weekday(year, 9, Weekday::Thu)
}

/// Advance, second and third estimate a month apart, then the yearly revisions.
fn output_releases(advance: NaiveDate) -> Vec<NaiveDate> {
    let second = Release::after_days(0).day(later(advance, 29));
    let third = Release::after_days(0).day(later(advance, 58));
    let mut days = vec![advance, second];
    days.extend(each_year(third, 3, september_release));
    days
}
