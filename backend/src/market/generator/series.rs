//! The table of FRED series: what each is called, where its values come from and when they are published.

use chrono::Weekday;

use super::economy::Figure;
use super::path::State;
use super::release::Release;
use crate::calendar::Calendar;

/// A FRED series.
pub(crate) struct Series {
    /// `DGS10`.
    pub(crate) id: &'static str,
    /// FRED's title.
    pub(crate) title: &'static str,
    /// FRED's units, and their short form.
    pub(crate) units: (&'static str, &'static str),
    /// FRED's frequency, and its short form.
    pub(crate) frequency: (&'static str, &'static str),
    /// FRED's seasonal adjustment, and its short form.
    pub(crate) adjustment: (&'static str, &'static str),
    /// Where the values come from.
    pub(crate) values: Values,
    /// When they are published.
    pub(crate) release: Release,
    /// Whether past states can be asked for.
    pub(crate) archived: bool,
}

/// Where the values of a series come from.
pub(crate) enum Values {
    /// A value each weekday; `.` where the calendar is closed.
    Daily {
        /// Whose holidays have no value.
        calendar: Calendar,
        /// The value.
        value: fn(&State) -> f64,
        /// Its decimals.
        decimals: usize,
    },
    /// The federal funds rate of every calendar day; a weekend repeats its Friday.
    FundsDaily,
    /// Its mean over each month.
    FundsMonthly,
    /// A figure of the economy.
    Economy(Figure),
}

const PERCENT: (&str, &str) = ("Percent", "%");
const UNADJUSTED: (&str, &str) = ("Not Seasonally Adjusted", "NSA");
const ANNUAL_RATE: (&str, &str) = ("Seasonally Adjusted Annual Rate", "SAAR");

const fn daily(
    id: &'static str,
    title: &'static str,
    units: &'static str,
    value: fn(&State) -> f64,
) -> Series {
    Series {
        id,
        title,
        units: (units, units),
        frequency: ("Daily", "D"),
        adjustment: UNADJUSTED,
        values: Values::Daily {
            calendar: Calendar::Stocks,
            value,
            decimals: 2,
        },
        release: Release::after_days(1),
        archived: true,
    }
}

const fn treasury(id: &'static str, title: &'static str, value: fn(&State) -> f64) -> Series {
    Series {
        units: PERCENT,
        values: Values::Daily {
            calendar: Calendar::Bonds,
            value,
            decimals: 2,
        },
        ..daily(id, title, "Percent", value)
    }
}

const fn exchange_rate(
    id: &'static str,
    title: &'static str,
    units: &'static str,
    value: fn(&State) -> f64,
) -> Series {
    Series {
        values: Values::Daily {
            calendar: Calendar::Reserve,
            value,
            decimals: 4,
        },
        release: Release::weekly(1, Weekday::Mon),
        ..daily(id, title, units, value)
    }
}

const fn oil(id: &'static str, title: &'static str, value: fn(&State) -> f64) -> Series {
    Series {
        units: ("Dollars per Barrel", "$ per Barrel"),
        release: Release::weekly(2, Weekday::Wed),
        ..daily(id, title, "Dollars per Barrel", value)
    }
}

const fn monthly(
    id: &'static str,
    title: &'static str,
    units: (&'static str, &'static str),
    values: Values,
    lag: u64,
) -> Series {
    Series {
        id,
        title,
        units,
        frequency: ("Monthly", "M"),
        adjustment: UNADJUSTED,
        values,
        release: Release::after_days(lag),
        archived: true,
    }
}

const fn output(
    id: &'static str,
    title: &'static str,
    units: (&'static str, &'static str),
    figure: Figure,
) -> Series {
    Series {
        frequency: ("Quarterly", "Q"),
        adjustment: ANNUAL_RATE,
        ..monthly(id, title, units, Values::Economy(figure), 119)
    }
}

/// Every series.
pub(crate) static SERIES: [Series; 25] = [
    treasury(
        "DGS3MO",
        "Market Yield on U.S. Treasury Securities at 3-Month Constant Maturity",
        |s| 0.7 * s.policy + 0.3 * s.neutral,
    ),
    treasury(
        "DGS2",
        "Market Yield on U.S. Treasury Securities at 2-Year Constant Maturity",
        |s| s.yield_between(0.45),
    ),
    treasury(
        "DGS5",
        "Market Yield on U.S. Treasury Securities at 5-Year Constant Maturity",
        |s| s.yield_between(0.8),
    ),
    treasury(
        "DGS7",
        "Market Yield on U.S. Treasury Securities at 7-Year Constant Maturity",
        |s| s.yield_between(0.92),
    ),
    treasury(
        "DGS10",
        "Market Yield on U.S. Treasury Securities at 10-Year Constant Maturity",
        State::ten_year,
    ),
    treasury(
        "DGS30",
        "Market Yield on U.S. Treasury Securities at 30-Year Constant Maturity",
        State::thirty_year,
    ),
    treasury(
        "DFII10",
        "Market Yield on U.S. Treasury Securities at 10-Year Constant Maturity, Inflation-Indexed",
        |s| s.real,
    ),
    treasury("T10YIE", "10-Year Breakeven Inflation Rate", |s| {
        s.breakeven
    }),
    daily("VIXCLS", "CBOE Volatility Index: VIX", "Index", |s| {
        s.vix.exp()
    }),
    Series {
        archived: false,
        ..daily("SP500", "S&P 500", "Index", |s| s.equity.exp())
    },
    daily(
        "NASDAQCOM",
        "NASDAQ Composite Index",
        "Index Feb 5, 1971=100",
        |s| s.nasdaq.exp(),
    ),
    Series {
        units: PERCENT,
        archived: false,
        ..daily(
            "BAMLH0A0HYM2",
            "ICE BofA US High Yield Index Option-Adjusted Spread",
            "Percent",
            |s| s.spread.exp(),
        )
    },
    exchange_rate(
        "DTWEXBGS",
        "Nominal Broad U.S. Dollar Index",
        "Index Jan 2006=100",
        |s| s.dollar.exp(),
    ),
    exchange_rate(
        "DEXUSEU",
        "U.S. Dollars to Euro Spot Exchange Rate",
        "U.S. Dollars to One Euro",
        |s| s.euro.exp(),
    ),
    exchange_rate(
        "DEXSZUS",
        "Swiss Francs to U.S. Dollar Spot Exchange Rate",
        "Swiss Francs to One U.S. Dollar",
        |s| s.franc.exp(),
    ),
    exchange_rate(
        "DEXJPUS",
        "Japanese Yen to U.S. Dollar Spot Exchange Rate",
        "Japanese Yen to One U.S. Dollar",
        |s| s.yen.exp(),
    ),
    oil(
        "DCOILWTICO",
        "Crude Oil Prices: West Texas Intermediate (WTI) - Cushing, Oklahoma",
        |s| s.oil.exp(),
    ),
    oil("DCOILBRENTEU", "Crude Oil Prices: Brent - Europe", |s| {
        (s.oil + s.brent_premium).exp()
    }),
    Series {
        frequency: ("Daily, 7-Day", "D"),
        ..monthly(
            "DFF",
            "Federal Funds Effective Rate",
            PERCENT,
            Values::FundsDaily,
            1,
        )
    },
    monthly(
        "FEDFUNDS",
        "Federal Funds Effective Rate",
        PERCENT,
        Values::FundsMonthly,
        32,
    ),
    Series {
        adjustment: ("Seasonally Adjusted", "SA"),
        ..monthly(
            "CPIAUCSL",
            "Consumer Price Index for All Urban Consumers: All Items in U.S. City Average",
            ("Index 1982-1984=100", "Index 1982-1984=100"),
            Values::Economy(Figure::ConsumerPrices),
            42,
        )
    },
    Series {
        adjustment: ("Seasonally Adjusted", "SA"),
        ..monthly(
            "UNRATE",
            "Unemployment Rate",
            PERCENT,
            Values::Economy(Figure::Unemployment),
            37,
        )
    },
    output(
        "GDP",
        "Gross Domestic Product",
        ("Billions of Dollars", "Bil. of $"),
        Figure::Output,
    ),
    output(
        "GDPC1",
        "Real Gross Domestic Product",
        ("Billions of Chained 2017 Dollars", "Bil. of Chn. 2017 $"),
        Figure::RealOutput,
    ),
    Series {
        units: PERCENT,
        ..daily(
            "T10Y2Y",
            "10-Year Treasury Constant Maturity Minus 2-Year Treasury Constant Maturity",
            "Percent",
            |s| s.ten_year() - s.yield_between(0.45),
        )
    },
];
