//! FRED's protocol: observations with their real-time periods, a series' description, its publication days.

mod observations;
mod parameters;

use chrono::NaiveDate;
use serde::Serialize;

use super::asked::Asked;
use super::generator::archive::{Archive, Period, forever};
use super::generator::series::Series;
use super::generator::world::World;
use super::messages;
use super::reply::Reply;
use crate::calendar::date;
use parameters::Realtime;

/// The answer to a request that has a key and is within the limits.
pub(super) fn answer(asked: &Asked, world: &mut World) -> Reply {
    endpoint(asked, world).unwrap_or_else(|refusal| refusal)
}

fn endpoint(asked: &Asked, world: &mut World) -> Result<Reply, Reply> {
    if asked.request.get("file_type") != Some("json") {
        let body = "<?xml version=\"1.0\" encoding=\"utf-8\" ?>\n<error code=\"400\" message=\"Bad Request.  This server answers \
                    file_type=json only.\" />\n";
        let bytes = body.as_bytes().to_vec();
        return Err(Reply::new(
            400,
            "text/xml; charset=UTF-8",
            bytes,
            "error:request",
        ));
    }
    let id = asked.request.get("series_id");
    let id =
        id.ok_or_else(|| Reply::bad_request("Bad Request.  Variable series_id is not set."))?;
    let series = World::series(id).ok_or_else(|| unknown(asked))?;
    let archive = world.archive(series);
    match asked.request.path.as_str() {
        "/fred/series/observations" => observations::answer(asked, series, archive),
        "/fred/series/vintagedates" => vintage_dates(asked, series, archive),
        _ => description(asked, series, archive),
    }
}

/// An unknown id. A real-time period that is not today turns the message into that of the archive.
fn unknown(asked: &Asked) -> Reply {
    let today = asked.today.to_string();
    let past = ["realtime_start", "realtime_end"]
        .iter()
        .filter_map(|name| asked.request.get(name))
        .any(|day| day != today);
    Reply::bad_request(if past {
        messages::FRED_NOT_ARCHIVED
    } else {
        messages::FRED_NO_SERIES
    })
}

#[derive(Serialize)]
struct VintageDates<'a> {
    realtime_start: NaiveDate,
    realtime_end: NaiveDate,
    order_by: &'static str,
    sort_order: &'a str,
    count: usize,
    offset: usize,
    limit: usize,
    #[serde(rename = "vintage_dates")]
    days: Vec<NaiveDate>,
}

fn vintage_dates(asked: &Asked, series: &Series, archive: &Archive) -> Result<Reply, Reply> {
    let sort_order = parameters::sort_order(asked)?;
    let limit = parameters::number(asked, "limit", 10_000, 1..=10_000)?;
    let offset = parameters::number(asked, "offset", 0, 0..=1 << 31)?;
    let usual = (date(1776, 7, 4), forever());
    let realtime = parameters::realtime(asked, series, archive, usual)?;
    let mut known = archive.vintages(realtime, asked.today).to_vec();
    if sort_order == "desc" {
        known.reverse();
    }
    Ok(Reply::fred(&VintageDates {
        realtime_start: realtime.0,
        realtime_end: realtime.1,
        order_by: "vintage_date",
        sort_order,
        count: known.len(),
        offset,
        limit,
        days: known.into_iter().skip(offset).take(limit).collect(),
    }))
}

#[derive(Serialize)]
struct Descriptions<'a> {
    realtime_start: NaiveDate,
    realtime_end: NaiveDate,
    seriess: [Description<'a>; 1],
}

#[derive(Serialize)]
struct Description<'a> {
    id: &'a str,
    realtime_start: NaiveDate,
    realtime_end: NaiveDate,
    title: &'a str,
    observation_start: String,
    observation_end: String,
    frequency: &'a str,
    frequency_short: &'a str,
    units: &'a str,
    units_short: &'a str,
    seasonal_adjustment: &'a str,
    seasonal_adjustment_short: &'a str,
    last_updated: String,
    popularity: u8,
    notes: &'a str,
}

fn description(asked: &Asked, series: &Series, archive: &Archive) -> Result<Reply, Reply> {
    let realtime: Realtime =
        parameters::realtime(asked, series, archive, (asked.today, asked.today))?;
    let all = Period {
        dates: (date(1600, 1, 1), forever()),
        realtime,
        initial: false,
    };
    let rows = archive.observations(&all, asked.today);
    let mut known = rows.iter().filter(|row| row.value != ".");
    let day = |row: Option<&super::generator::archive::Observation>| {
        row.map_or_else(String::new, |row| row.date.to_string())
    };
    let first = known.next();
    let last = known.next_back().or(first);
    let published = archive.vintages((date(1776, 7, 4), realtime.1), asked.today);
    let updated = published.last().copied().unwrap_or(asked.today);
    Ok(Reply::fred(&Descriptions {
        realtime_start: realtime.0,
        realtime_end: realtime.1,
        seriess: [Description {
            id: series.id,
            realtime_start: realtime.0,
            realtime_end: realtime.1,
            title: series.title,
            observation_start: day(first),
            observation_end: day(last),
            frequency: series.frequency.0,
            frequency_short: series.frequency.1,
            units: series.units.0,
            units_short: series.units.1,
            seasonal_adjustment: series.adjustment.0,
            seasonal_adjustment_short: series.adjustment.1,
            last_updated: format!("{updated} 07:54:01-05"),
            popularity: 50,
            notes: "Synthetic: made by a seeded generator, no real data.",
        }],
    }))
}

#[cfg(test)]
mod tests;
