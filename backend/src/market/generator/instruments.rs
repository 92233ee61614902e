//! What trades: the ETFs and currency pairs, and how each price follows from the state of the market.

use chrono::NaiveDate;

use super::path::State;
use crate::calendar::{Calendar, date};

/// Something with daily bars.
pub(crate) struct Instrument {
    /// `GLD`, or both currencies: `EURUSD`.
    pub(crate) symbol: &'static str,
    /// Year, month and day of its first bar.
    first: (i32, u32, u32),
    /// The days on which it trades.
    pub(crate) calendar: Calendar,
    /// Its price before fees and splits.
    pub(crate) price: fn(&State) -> f64,
    /// Share of the price that a year costs: fees, or the loss of rolling futures.
    pub(crate) cost_a_year: f64,
    /// Size of the moves within a day, as a share of the price on a day of volatility 1.
    pub(crate) range: f64,
    /// Noise of the price around what it follows.
    pub(crate) noise: f64,
    /// Decimals to which it is quoted.
    pub(crate) decimals: u8,
    /// Usual number of shares a day; 0 where none is published.
    pub(crate) volume: f64,
    /// Its splits.
    pub(crate) splits: &'static [Split],
}

/// A split: from this day on a share is worth `1 / factor` of what it was.
pub(crate) struct Split {
    day: (i32, u32, u32),
    /// New shares for an old one.
    pub(crate) factor: f64,
}

impl Split {
    /// First day of the new shares.
    pub(crate) fn day(&self) -> NaiveDate {
        date(self.day.0, self.day.1, self.day.2)
    }
}

impl Instrument {
    /// Day of its first bar.
    pub(crate) fn first_day(&self) -> NaiveDate {
        date(self.first.0, self.first.1, self.first.2)
    }
}

const fn etf(
    symbol: &'static str,
    first: (i32, u32, u32),
    price: fn(&State) -> f64,
    range: f64,
    volume: f64,
) -> Instrument {
    Instrument {
        symbol,
        first,
        calendar: Calendar::Stocks,
        price,
        cost_a_year: 0.004,
        range,
        noise: 0.0004,
        decimals: 2,
        volume,
        splits: &[],
    }
}

const fn pair(symbol: &'static str, price: fn(&State) -> f64, decimals: u8) -> Instrument {
    Instrument {
        symbol,
        first: (2004, 1, 2),
        calendar: Calendar::Weekdays,
        price,
        cost_a_year: 0.0,
        range: 0.003,
        noise: 0.0001,
        decimals,
        volume: 0.0,
        splits: &[],
    }
}

/// Every ETF, and the two futures and the index of the study's preset.
pub(crate) static ETFS: [Instrument; 15] = [
    etf("GLD", (2004, 11, 18), |s| 0.1 * s.gold.exp(), 0.005, 9e6),
    etf("SPY", (2004, 1, 2), |s| 0.1 * s.equity.exp(), 0.006, 9e7),
    etf("QQQ", (2004, 1, 2), |s| 0.0182 * s.nasdaq.exp(), 0.007, 5e7),
    etf("SIVR", (2009, 7, 24), |s| s.silver.exp(), 0.009, 9e5),
    etf("SLV", (2006, 4, 28), |s| s.silver.exp(), 0.009, 2e7),
    Instrument {
        // Raw prices, as the vendor serves them: the reverse split of 2020 is a jump by eight.
        cost_a_year: 0.13,
        splits: &[Split {
            day: (2020, 4, 29),
            factor: 0.125,
        }],
        ..etf("USO", (2006, 4, 10), |s| s.oil.exp(), 0.012, 8e6)
    },
    etf("PPLT", (2010, 1, 8), |s| 0.1 * s.platinum.exp(), 0.007, 2e5),
    etf("PALL", (2010, 1, 8), |s| 0.1 * s.palladium.exp(), 0.01, 1e5),
    etf(
        "TLT",
        (2004, 1, 2),
        |s| 88.0 * (-0.16 * (s.thirty_year() - 4.9)).exp(),
        0.005,
        2e7,
    ),
    etf(
        "TIP",
        (2004, 1, 2),
        |s| 105.0 * (-0.075 * (s.real - 1.9)).exp(),
        0.002,
        2e6,
    ),
    etf("UUP", (2007, 3, 1), |s| 0.24 * s.dollar.exp(), 0.0025, 2e6),
    etf("CPER", (2011, 11, 15), |s| 6.4 * s.copper.exp(), 0.007, 2e5),
    Instrument {
        cost_a_year: 0.0,
        decimals: 3,
        ..etf("SI", (2004, 1, 2), |s| s.silver.exp(), 0.009, 6e4)
    },
    Instrument {
        cost_a_year: 0.0,
        decimals: 3,
        ..etf("HG", (2004, 1, 2), |s| s.copper.exp(), 0.007, 5e4)
    },
    Instrument {
        cost_a_year: 0.0,
        decimals: 3,
        ..etf("DXY", (2004, 1, 2), |s| s.dollar.exp(), 0.0025, 0.0)
    },
];

/// Every currency pair.
pub(crate) static PAIRS: [Instrument; 3] = [
    pair("EURUSD", |s| s.euro.exp(), 5),
    pair("USDCHF", |s| s.franc.exp(), 5),
    pair("USDJPY", |s| s.yen.exp(), 3),
];

/// A metal's price (dollars per ounce), by `XAU` or `XAG`.
pub(crate) fn metal(symbol: &str) -> Option<fn(&State) -> f64> {
    match symbol {
        "XAU" => Some(|s| s.gold.exp()),
        "XAG" => Some(|s| s.silver.exp()),
        _ => None,
    }
}
