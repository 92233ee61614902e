//! Spot gold and silver: a history whose dates drifted, and the price of the moment.

use chrono::NaiveDate;

use super::super::asked::Asked;
use super::super::generator::world::World;
use super::super::reply::Reply;
use super::super::rows::{Row, Rows};
use super::interval::{Become, Interval, aggregated};
use super::{choice, json_only};
use crate::calendar::{date, days};

/// `GOLD_SILVER_HISTORY`: dollars per ounce.
pub(super) fn history(asked: &Asked, world: &mut World) -> Result<Reply, Reply> {
    json_only(asked)?;
    let permitted = ["daily", "weekly", "monthly"];
    let interval = Interval::named(choice(asked, "interval", None, &permitted)?);
    let (metal, quotes) = quotes(asked, world)?;
    let quotes = match interval {
        Interval::Daily => drifted(&quotes, asked.today),
        coarser => aggregated(&quotes, coarser, usize::MAX, Become::Last),
    };
    let rows = quotes.into_iter();
    let rows = Rows::newest_first(rows.map(|(day, price)| Row::new(day, vec![price])));
    let rows = asked.alter(rows);
    let data: Vec<String> = rows
        .list
        .iter()
        .map(|row| {
            format!(
                "{{\"date\":\"{}\",\"price\":\"{}\"}}",
                row.date, row.values[0]
            )
        })
        .collect();
    let unit = rows.unit.map(|unit| format!("\"unit\":\"{unit}\","));
    Ok(Reply::alpha_vantage(format!(
        "{{\"nominal\":\"{metal}USD\",{}\"data\":[{}]}}",
        unit.unwrap_or_default(),
        data.join(",")
    )))
}

/// `GOLD_SILVER_SPOT`: the newest price, as of the close in New York.
pub(super) fn spot(asked: &Asked, world: &mut World) -> Result<Reply, Reply> {
    let (metal, quotes) = quotes(asked, world)?;
    let newest = quotes.last();
    let (day, price) = newest.ok_or_else(|| Reply::invalid("GOLD_SILVER_SPOT"))?;
    let row = Row::new(*day, vec![price.clone()]);
    let rows = asked.alter(Rows::newest_first(std::iter::once(row)));
    let price = rows.list.first().map_or("", |row| row.values[0].as_str());
    Ok(Reply::alpha_vantage(format!(
        "{{\"nominal\":\"{metal}USD\",\"timestamp\":\"{} 21:00:00\",\"price\":\"{price}\"}}",
        asked.today
    )))
}

type Quotes = Vec<(NaiveDate, String)>;

/// The metal asked for, and its price on every market day of the vendor's history.
fn quotes(asked: &Asked, world: &World) -> Result<(&'static str, Quotes), Reply> {
    let function = asked.request.function();
    let metal = match asked.request.symbol().as_str() {
        "XAU" | "GOLD" => "XAU",
        "XAG" | "SILVER" => "XAG",
        _ => return Err(Reply::invalid(&function)),
    };
    let prices = world.metal(metal).unwrap_or_default().into_iter();
    let history = date(2011, 6, 1)..=asked.today;
    let visible = prices.filter(|(day, _)| history.contains(day));
    let quotes = visible.map(|(day, price)| (day, format!("{price:.10}")));
    Ok((metal, quotes.collect()))
}

/// The vendor's dating: from March 2013 on seven rows a week, each a day late. Saturday carries Friday's price; Sunday and
/// Monday repeat it.
fn drifted(quotes: &[(NaiveDate, String)], today: NaiveDate) -> Quotes {
    let since = date(2013, 3, 25);
    let exact = quotes.partition_point(|(day, _)| *day < since);
    let mut rows = quotes[..exact].to_vec();
    let late = days(since, today).filter_map(|day| {
        let before = quotes.partition_point(|(market_day, _)| *market_day < day);
        let (_, price) = quotes.get(before.checked_sub(1)?)?;
        Some((day, price.clone()))
    });
    rows.extend(late);
    rows
}
