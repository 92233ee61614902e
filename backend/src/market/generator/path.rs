//! The random walk of the whole market, weekday by weekday: a day depends on the day before and its own chance only.

use chrono::{Datelike, NaiveDate, Weekday};

use super::chance::Streams;
use crate::calendar::{date, days, is_weekday, nth_weekday};

/// The first day of the synthetic market.
pub(crate) fn first_day() -> NaiveDate {
    date(2004, 1, 2)
}

/// The market at the close of one weekday. Prices, indices, VIX and credit spread are natural logarithms; rates are in percent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct State {
    /// Whether the market is in its stressed regime.
    pub(crate) stress: bool,
    /// Slow part of the logarithm of volatility, around 0.
    turbulence: f64,
    /// Volatility of the day; about 1 on average.
    pub(crate) volatility: f64,
    /// S&P 500.
    pub(crate) equity: f64,
    /// NASDAQ Composite.
    pub(crate) nasdaq: f64,
    /// VIX.
    pub(crate) vix: f64,
    /// Spread of high-yield bonds.
    pub(crate) spread: f64,
    /// Policy rate that the market expects.
    pub(crate) neutral: f64,
    /// Policy rate, which moves at meetings.
    pub(crate) policy: f64,
    /// Ten-year real yield.
    pub(crate) real: f64,
    /// Ten-year breakeven inflation.
    pub(crate) breakeven: f64,
    /// What thirty years pay above ten.
    pub(crate) term: f64,
    /// Trade-weighted dollar.
    pub(crate) dollar: f64,
    /// Dollars per euro.
    pub(crate) euro: f64,
    /// Francs per dollar.
    pub(crate) franc: f64,
    /// Yen per dollar.
    pub(crate) yen: f64,
    /// Dollars per ounce of gold.
    pub(crate) gold: f64,
    /// Dollars per ounce of silver.
    pub(crate) silver: f64,
    /// Dollars per ounce of platinum.
    pub(crate) platinum: f64,
    /// Dollars per ounce of palladium.
    pub(crate) palladium: f64,
    /// Dollars per pound of copper.
    pub(crate) copper: f64,
    /// Dollars per barrel of WTI.
    pub(crate) oil: f64,
    /// Brent above WTI.
    pub(crate) brent_premium: f64,
}

impl State {
    /// Ten-year nominal yield (percent).
    pub(crate) fn ten_year(&self) -> f64 {
        self.real + self.breakeven
    }

    /// Nominal yield (percent) of a maturity that follows the ten-year yield with this weight and the expected policy rate
    /// with the rest.
    pub(crate) fn yield_between(&self, weight: f64) -> f64 {
        self.neutral + weight * (self.ten_year() - self.neutral)
    }

    /// Thirty-year nominal yield (percent).
    pub(crate) fn thirty_year(&self) -> f64 {
        self.ten_year() + self.term
    }
}

/// Every weekday from the first day on, and the market at its close.
#[derive(Debug)]
pub(crate) struct Path {
    /// The weekdays, ascending.
    pub(crate) days: Vec<NaiveDate>,
    /// The market on each of them.
    pub(crate) states: Vec<State>,
}

impl Path {
    /// Walks from the first day through `last`. A later `last` only appends.
    pub(crate) fn walk(seed: u64, last: NaiveDate) -> Self {
        let days: Vec<NaiveDate> = days(first_day(), last)
            .filter(|day| is_weekday(*day))
            .collect();
        let mut streams = Streams::new(seed);
        let mut state = start();
        let mut states = Vec::with_capacity(days.len());
        for (index, day) in days.iter().enumerate() {
            if index > 0 {
                state = step(&state, *day, index as f64 / WEEKDAYS_A_YEAR, &mut streams);
            }
            states.push(state);
        }
        Self { days, states }
    }

    /// The states of the weekdays from `first` up to, not including, `end`.
    pub(crate) fn between(&self, first: NaiveDate, end: NaiveDate) -> &[State] {
        let low = self.days.partition_point(|day| *day < first);
        let high = self.days.partition_point(|day| *day < end);
        &self.states[low..high]
    }
}

const WEEKDAYS_A_YEAR: f64 = 260.9;

fn start() -> State {
    State {
        stress: false,
        turbulence: 0.0,
        volatility: 1.0,
        equity: 1108.0_f64.ln(),
        nasdaq: 2006.0_f64.ln(),
        vix: 18.0_f64.ln(),
        spread: 4.2_f64.ln(),
        neutral: 1.4,
        policy: 1.0,
        real: 1.9,
        breakeven: 2.3,
        term: 0.5,
        dollar: 104.0_f64.ln(),
        euro: 1.26_f64.ln(),
        franc: 1.24_f64.ln(),
        yen: 107.0_f64.ln(),
        gold: 395.0_f64.ln(),
        silver: 6.0_f64.ln(),
        platinum: 815.0_f64.ln(),
        palladium: 197.0_f64.ln(),
        copper: 1.06_f64.ln(),
        oil: 33.0_f64.ln(),
        brent_premium: 0.0,
    }
}

/// The next weekday; `years` have passed since the first. Every level is pulled softly to a plausible one, so that no seed
/// wanders off; the pull is far too weak to foretell a day.
fn step(before: &State, day: NaiveDate, years: f64, chance: &mut Streams) -> State {
    let mut now = *before;
    risk(&mut now, before, years, chance);
    rates(&mut now, before, day, chance);
    currencies(&mut now, before, chance);
    metals(&mut now, before, years, chance);
    energy(&mut now, before, chance);
    now
}

fn risk(now: &mut State, before: &State, years: f64, chance: &mut Streams) {
    let turn = chance.uniform("regime");
    now.stress = if before.stress {
        turn > 1.0 / 40.0
    } else {
        turn < 1.0 / 180.0
    };
    now.turbulence = 0.97 * before.turbulence + 0.07 * chance.normal("turbulence");
    now.volatility = if now.stress { 1.9 } else { 0.75 } * now.turbulence.exp();

    let drift = if now.stress { -0.0006 } else { 0.0005 };
    let trend = 1108.0_f64.ln() + 0.075 * years;
    let equity =
        0.0095 * now.volatility * chance.normal("equity") + drift + 0.001 * (trend - before.equity);
    now.equity += equity;
    let trend = 2006.0_f64.ln() + 0.1 * years;
    now.nasdaq += 1.1 * equity
        + 0.0045 * now.volatility * chance.normal("nasdaq")
        + 0.001 * (trend - before.nasdaq);
    let usual: f64 = if now.stress { 27.0 } else { 14.5 };
    now.vix += 0.04 * (usual.ln() - before.vix) - 4.0 * equity + 0.04 * chance.normal("vix");
    let usual: f64 = if now.stress { 7.0 } else { 3.8 };
    now.spread +=
        0.01 * (usual.ln() - before.spread) - 1.2 * equity + 0.008 * chance.normal("spread");
}

fn rates(now: &mut State, before: &State, day: NaiveDate, chance: &mut Streams) {
    let equity = now.equity - before.equity;
    now.real +=
        0.0012 * (0.9 - before.real) + 0.045 * now.volatility.sqrt() * chance.normal("real yield");
    now.breakeven +=
        0.004 * (2.2 - before.breakeven) + 0.5 * equity + 0.022 * chance.normal("breakeven");
    now.neutral += 0.0008 * (2.3 - before.neutral) + 0.022 * chance.normal("neutral rate");
    now.neutral = now.neutral.max(0.1);
    now.term += 0.01 * (0.4 - before.term) + 0.015 * chance.normal("term premium");
    if is_meeting(day) {
        let steps = ((now.neutral - before.policy) / 0.25)
            .round()
            .clamp(-2.0, 2.0);
        now.policy = (before.policy + 0.25 * steps).max(0.125);
    }
}

/// Whether the central bank decides on this day: the third Wednesday of eight months.
fn is_meeting(day: NaiveDate) -> bool {
    [1, 3, 5, 6, 7, 9, 11, 12].contains(&day.month())
        && day == nth_weekday(day.year(), day.month(), Weekday::Wed, 3)
}

fn currencies(now: &mut State, before: &State, chance: &mut Streams) {
    let equity = now.equity - before.equity;
    let calm = now.volatility.sqrt();
    let dollar = 0.003 * calm * chance.normal("dollar") + 0.02 * (now.real - before.real)
        - 0.05 * equity
        + 0.001 * (105.0_f64.ln() - before.dollar);
    now.dollar += dollar;
    now.euro += -1.2 * dollar
        + 0.0022 * calm * chance.normal("euro")
        + 0.0008 * (1.18_f64.ln() - before.euro);
    now.franc += 0.95 * dollar
        + 0.003 * calm * chance.normal("franc")
        + 0.0008 * (0.98_f64.ln() - before.franc);
    now.yen += 0.6 * dollar
        + 0.035 * (now.ten_year() - before.ten_year())
        + 0.0032 * calm * chance.normal("yen")
        + 0.0008 * (115.0_f64.ln() - before.yen);
}

/// Gold follows silver, the dollar, the real yield and VIX of the same day; about half of its variance is its own.
fn metals(now: &mut State, before: &State, years: f64, chance: &mut Streams) {
    let calm = now.volatility.sqrt();
    let equity = now.equity - before.equity;
    let dollar = now.dollar - before.dollar;
    let real = now.real - before.real;
    let trend = 6.0_f64.ln() + 0.065 * years;
    let silver = 0.015 * calm * chance.normal("silver") - 0.9 * dollar + 0.25 * equity
        - 0.05 * real
        + 0.0003
        + 0.0008 * (trend - before.silver);
    now.silver += silver;
    let trend = 395.0_f64.ln() + 0.075 * years;
    now.gold += 0.35 * silver - 0.45 * dollar - 0.04 * real
        + 0.012 * (now.vix - before.vix)
        + 0.006 * calm * chance.normal("gold")
        + 0.0002
        + 0.0008 * (trend - before.gold);
    now.platinum += 0.4 * silver
        + 0.15 * equity
        + 0.01 * calm * chance.normal("platinum")
        + 0.001 * (1000.0_f64.ln() - before.platinum);
    now.palladium += 0.3 * silver
        + 0.35 * equity
        + 0.016 * calm * chance.normal("palladium")
        + 0.0008 * (1000.0_f64.ln() - before.palladium);
    now.copper += 0.2 * silver
        + 0.45 * equity
        + 0.01 * calm * chance.normal("copper")
        + 0.001 * (3.8_f64.ln() - before.copper);
}

fn energy(now: &mut State, before: &State, chance: &mut Streams) {
    let calm = now.volatility.sqrt();
    now.oil += 0.35 * (now.equity - before.equity) - 0.5 * (now.dollar - before.dollar)
        + 0.021 * calm * chance.normal("oil")
        + 0.003 * (68.0_f64.ln() - before.oil);
    now.brent_premium += 0.02 * (0.04 - before.brent_premium) + 0.006 * chance.normal("brent");
}
