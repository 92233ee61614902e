//! `/fred/series/observations`: values with the real-time periods in which they were current.

use chrono::NaiveDate;
use serde::Serialize;

use super::super::asked::Asked;
use super::super::generator::archive::{Archive, Period, forever};
use super::super::generator::series::Series;
use super::super::messages;
use super::super::reply::Reply;
use super::super::rows::{Row, Rows};
use super::parameters;
use crate::calendar::date;

/// Most publications that one answer may show.
const MOST_VINTAGES: usize = 2000;

#[derive(Serialize)]
struct Answer<'a> {
    realtime_start: NaiveDate,
    realtime_end: NaiveDate,
    observation_start: NaiveDate,
    observation_end: NaiveDate,
    units: &'a str,
    output_type: u8,
    file_type: &'a str,
    order_by: &'a str,
    sort_order: &'a str,
    count: usize,
    offset: usize,
    limit: usize,
    observations: Vec<Observation<'a>>,
}

#[derive(Serialize)]
struct Observation<'a> {
    realtime_start: NaiveDate,
    realtime_end: NaiveDate,
    date: NaiveDate,
    value: &'a str,
}

/// Answers `output_type` 1 (real-time periods) and 4 (first releases), in the series' own units and frequency.
pub(super) fn answer(asked: &Asked, series: &Series, archive: &Archive) -> Result<Reply, Reply> {
    let initial = parameters::choice(asked, "output_type", "1", &["1", "4"])? == "4";
    let units = parameters::choice(asked, "units", "lin", &["lin"])?;
    let sort_order = parameters::sort_order(asked)?;
    parameters::refuse(asked, &["vintage_dates", "frequency", "aggregation_method"])?;
    let limit = parameters::number(asked, "limit", 100_000, 1..=100_000)?;
    let offset = parameters::number(asked, "offset", 0, 0..=1 << 31)?;
    let dates = dates(asked)?;
    let usual = (asked.today, if initial { forever() } else { asked.today });
    let realtime = parameters::realtime(asked, series, archive, usual)?;
    let count = archive.vintages(realtime, asked.today).len();
    if count > MOST_VINTAGES {
        let text = messages::fred_too_many_vintages(count, realtime, MOST_VINTAGES);
        return Err(Reply::bad_request(&text));
    }
    let period = Period {
        dates,
        realtime,
        initial,
    };
    let rows = asked.alter(rows(archive, &period, asked.today, sort_order == "desc"));
    let shown = rows.list.iter().skip(offset).take(limit);
    Ok(Reply::fred(&Answer {
        realtime_start: realtime.0,
        realtime_end: realtime.1,
        observation_start: dates.0,
        observation_end: dates.1,
        units,
        output_type: if initial { 4 } else { 1 },
        file_type: "json",
        order_by: "observation_date",
        sort_order,
        count: rows.list.len(),
        offset,
        limit,
        observations: shown.map(|row| observation(row, realtime)).collect(),
    }))
}

fn dates(asked: &Asked) -> Result<(NaiveDate, NaiveDate), Reply> {
    let first = parameters::day(asked, "observation_start", date(1600, 1, 1))?;
    let last = parameters::day(asked, "observation_end", forever())?;
    if first > last {
        return Err(Reply::bad_request(
            "Bad Request.  Variable observation_start can not be after variable observation_end.",
        ));
    }
    Ok((first, last))
}

fn rows(archive: &Archive, period: &Period, today: NaiveDate, descending: bool) -> Rows {
    let found = archive.observations(period, today).into_iter();
    let mut list: Vec<Row> = found
        .map(|found| Row {
            date: found.date,
            values: vec![found.value],
            realtime: Some((found.start, found.end)),
        })
        .collect();
    if descending {
        list.reverse();
    }
    Rows {
        list,
        descending,
        unit: None,
    }
}

fn observation(row: &Row, realtime: (NaiveDate, NaiveDate)) -> Observation<'_> {
    let (realtime_start, realtime_end) = row.realtime.unwrap_or(realtime);
    Observation {
        realtime_start,
        realtime_end,
        date: row.date,
        value: row.values.first().map_or(".", String::as_str),
    }
}
