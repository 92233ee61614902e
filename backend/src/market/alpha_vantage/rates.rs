//! Oil, interest rates, consumer prices and output: the functions that answer with `name`, `interval`, `unit` and `data`.

use std::fmt::Write;

use chrono::NaiveDate;

use super::super::asked::Asked;
use super::super::generator::series::Series;
use super::super::generator::world::World;
use super::super::reply::Reply;
use super::super::rows::{Row, Rows};
use super::interval::{Become, Interval, aggregated};
use super::{choice, json_only};

/// One of these functions.
pub(super) struct Rate {
    function: &'static str,
    name: &'static str,
    unit: &'static str,
    /// The vendor's intervals, the usual one first.
    intervals: &'static [&'static str],
    /// Where the values come from, the finest first.
    sources: Sources,
}

/// FRED series and their intervals.
type Sources = &'static [(&'static str, &'static str)];

const MARKET: [&str; 3] = ["monthly", "weekly", "daily"];

static RATES: [Rate; 6] = [
    Rate {
        function: "WTI",
        name: "Crude Oil Prices WTI",
        unit: "dollars per barrel",
        intervals: &MARKET,
        sources: &[("DCOILWTICO", "daily")],
    },
    Rate {
        function: "BRENT",
        name: "Crude Oil Prices Brent",
        unit: "dollars per barrel",
        intervals: &MARKET,
        sources: &[("DCOILBRENTEU", "daily")],
    },
    Rate {
        function: "TREASURY_YIELD",
        name: "Treasury Constant Maturity Rate",
        unit: "percent",
        intervals: &MARKET,
        sources: &[],
    },
    Rate {
        function: "FEDERAL_FUNDS_RATE",
        name: "Effective Federal Funds Rate",
        unit: "percent",
        intervals: &MARKET,
        sources: &[("DFF", "daily"), ("FEDFUNDS", "monthly")],
    },
    Rate {
        function: "CPI",
        name: "Consumer Price Index for all Urban Consumers",
        unit: "index 1982-1984=100",
        intervals: &["monthly", "semiannual"],
        sources: &[("CPIAUCSL", "monthly")],
    },
    Rate {
        function: "REAL_GDP",
        name: "Real Gross Domestic Product",
        unit: "billions of dollars",
        intervals: &["annual", "quarterly"],
        sources: &[("GDPC1", "quarterly")],
    },
];

/// Maturities of Treasury yields: the vendor's name, its title, the series and its interval.
type Maturity = (
    &'static str,
    &'static str,
    [(&'static str, &'static str); 1],
);

static MATURITIES: [Maturity; 6] = [
    ("10year", "10-Year", [("DGS10", "daily")]),
    ("3month", "3-Month", [("DGS3MO", "daily")]),
    ("2year", "2-Year", [("DGS2", "daily")]),
    ("5year", "5-Year", [("DGS5", "daily")]),
    ("7year", "7-Year", [("DGS7", "daily")]),
    ("30year", "30-Year", [("DGS30", "daily")]),
];

/// The function of a name, if it is one of these.
pub(super) fn find(function: &str) -> Option<&'static Rate> {
    RATES.iter().find(|rate| rate.function == function)
}

/// The history of a function's values, as published until today.
pub(super) fn history(
    asked: &Asked,
    world: &mut World,
    rate: &'static Rate,
) -> Result<Reply, Reply> {
    json_only(asked)?;
    let usual = rate.intervals.first().copied();
    let interval = choice(asked, "interval", usual, rate.intervals)?;
    let (name, sources) = source_of(asked, rate)?;
    let values =
        values(asked, world, sources, interval).ok_or_else(|| Reply::invalid(rate.function))?;
    let rows = values.into_iter();
    let mut rows = Rows::newest_first(rows.map(|(day, value)| Row::new(day, vec![value])));
    rows.unit = Some(rate.unit.to_owned());
    Ok(Reply::alpha_vantage(body(
        &name,
        interval,
        &asked.alter(rows),
    )))
}

/// The answer's name and the sources of its values; Treasury yields have both by maturity.
fn source_of(asked: &Asked, rate: &'static Rate) -> Result<(String, Sources), Reply> {
    if rate.function != "TREASURY_YIELD" {
        return Ok((rate.name.to_owned(), rate.sources));
    }
    let permitted = MATURITIES.map(|(maturity, _, _)| maturity);
    let maturity = choice(asked, "maturity", Some("10year"), &permitted)?;
    let found = MATURITIES.iter().find(|(name, _, _)| *name == maturity);
    let (_, title, source) = found.ok_or_else(|| Reply::invalid(rate.function))?;
    Ok((format!("{title} {}", rate.name), source))
}

/// The values of an interval: as published where a source has it, else made from the finest source.
fn values(
    asked: &Asked,
    world: &mut World,
    sources: Sources,
    interval: &str,
) -> Option<Vec<(NaiveDate, String)>> {
    let exact = sources.iter().find(|(_, source)| *source == interval);
    let (id, source) = exact.or_else(|| sources.first())?;
    let published = published(world, World::series(id)?, asked.today);
    if exact.is_some() {
        return Some(published);
    }
    let full = match (Interval::named(source), Interval::named(interval)) {
        (Interval::Months(fine), Interval::Months(coarse)) => (coarse / fine) as usize,
        _ => usize::MAX,
    };
    Some(aggregated(
        &published,
        Interval::named(interval),
        full,
        Become::Mean,
    ))
}

fn published(
    world: &mut World,
    series: &'static Series,
    today: NaiveDate,
) -> Vec<(NaiveDate, String)> {
    let rows = world.archive(series).rows.iter();
    rows.filter_map(|row| Some((row.date, row.value_on(today)?.to_owned())))
        .collect()
}

fn body(name: &str, interval: &str, rows: &Rows) -> String {
    let unit = rows.unit.as_deref().unwrap_or_default();
    let mut text = format!(
        "{{\n    \"name\": \"{name}\",\n    \"interval\": \"{interval}\",\n    \"unit\": \"{unit}\",\n    \"data\": [\n"
    );
    for (index, row) in rows.list.iter().enumerate() {
        text.push_str(if index > 0 { ",\n" } else { "" });
        let _ = write!(
            text,
            "        {{\n            \"date\": \"{}\",\n            \"value\": \"{}\"\n        }}",
            row.date, row.values[0]
        );
    }
    text.push_str("\n    ]\n}");
    text
}
