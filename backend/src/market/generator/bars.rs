//! Daily bars: open, high, low, close and volume around the price that the walk gives each day.

use chrono::NaiveDate;

use super::chance::{normal, stream};
use super::instruments::Instrument;
use super::path::Path;

/// One trading day. Prices are raw: not adjusted for splits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Bar {
    /// The day.
    pub(crate) date: NaiveDate,
    /// Open, high, low and close, rounded to the quoted decimals.
    pub(crate) prices: [f64; 4],
    /// Shares traded.
    pub(crate) volume: f64,
}

/// The shape of a day, drawn from the instrument's own stream.
struct Shape {
    tracking: f64,
    gap: f64,
    above: f64,
    below: f64,
    crowd: f64,
}

/// All bars of an instrument along a path, ascending.
pub(crate) fn bars(seed: u64, instrument: &Instrument, path: &Path) -> Vec<Bar> {
    let mut chance = stream(seed, instrument.symbol);
    let first = instrument.first_day();
    let mut before: Option<f64> = None;
    let mut bars = Vec::new();
    for (date, state) in path.days.iter().zip(&path.states) {
        if *date < first || !instrument.calendar.is_open(*date) {
            continue;
        }
        let mut draw = || normal(&mut chance);
        let shape = Shape {
            tracking: draw(),
            gap: draw(),
            above: draw().abs(),
            below: draw().abs(),
            crowd: draw(),
        };
        let years = (*date - first).num_days() as f64 / 365.25;
        let close = (instrument.price)(state)
            * (instrument.noise * shape.tracking - instrument.cost_a_year * years).exp();
        let range = instrument.range * state.volatility.sqrt();
        bars.push(bar(
            *date,
            instrument,
            before.unwrap_or(close),
            close,
            range,
            &shape,
        ));
        before = Some(close);
    }
    bars
}

/// A bar whose open lies between the last close and its own, give or take.
fn bar(
    date: NaiveDate,
    instrument: &Instrument,
    before: f64,
    close: f64,
    range: f64,
    shape: &Shape,
) -> Bar {
    let open = before.powf(0.55) * close.powf(0.45) * (0.4 * range * shape.gap).exp();
    let high = open.max(close) * (0.5 * range * shape.above).exp();
    let low = open.min(close) * (-0.5 * range * shape.below).exp();
    let splits = instrument.splits.iter().filter(|split| split.day() <= date);
    let shares: f64 = splits.map(|split| split.factor).product();
    let move_size = (close / before).ln().abs() / instrument.range;
    let volume = instrument.volume * shares * (0.25 * shape.crowd + 0.2 * move_size).exp();
    let unit = 10_f64.powi(i32::from(instrument.decimals));
    Bar {
        date,
        prices: [open, high, low, close].map(|price| (price / shares * unit).round() / unit),
        volume: volume.round(),
    }
}
