//! FRED's parameters, and its refusals of those that make no sense.

use std::ops::RangeInclusive;

use chrono::NaiveDate;

use super::super::asked::Asked;
use super::super::generator::archive::{Archive, forever};
use super::super::generator::series::Series;
use super::super::messages;
use super::super::reply::Reply;
use crate::calendar::date;

/// First and last day of a real-time period.
pub(super) type Realtime = (NaiveDate, NaiveDate);

/// A parameter with a fixed choice of values.
pub(super) fn choice<'a>(
    asked: &Asked,
    name: &str,
    usual: &'a str,
    permitted: &[&'a str],
) -> Result<&'a str, Reply> {
    let Some(value) = asked.request.get(name) else {
        return Ok(usual);
    };
    let found = permitted.iter().find(|permitted| **permitted == value);
    found.copied().ok_or_else(|| {
        Reply::bad_request(&format!(
            "Bad Request.  The value for variable {name} is not one this server serves: {}.",
            permitted.join(", ")
        ))
    })
}

/// `asc` (the default) or `desc`.
pub(super) fn sort_order(asked: &Asked) -> Result<&'static str, Reply> {
    choice(asked, "sort_order", "asc", &["asc", "desc"])
}

/// Refuses parameters that FRED has and this market does not.
pub(super) fn refuse(asked: &Asked, names: &[&str]) -> Result<(), Reply> {
    match names.iter().find(|name| asked.request.get(name).is_some()) {
        None => Ok(()),
        Some(name) => Err(Reply::bad_request(&format!(
            "Bad Request.  This server does not serve the variable {name}."
        ))),
    }
}

/// A date as YYYY-MM-DD.
pub(super) fn day(asked: &Asked, name: &str, usual: NaiveDate) -> Result<NaiveDate, Reply> {
    let Some(text) = asked.request.get(name) else {
        return Ok(usual);
    };
    let parsed = text.parse().ok().filter(|_| text.len() == 10);
    parsed.ok_or_else(|| {
        Reply::bad_request(&format!(
            "Bad Request.  The value for variable {name} is not a valid date (YYYY-MM-DD)."
        ))
    })
}

/// A whole number within a range.
pub(super) fn number(
    asked: &Asked,
    name: &str,
    usual: usize,
    range: RangeInclusive<usize>,
) -> Result<usize, Reply> {
    let Some(text) = asked.request.get(name) else {
        return Ok(usual);
    };
    let parsed = text.parse().ok().filter(|number| range.contains(number));
    parsed.ok_or_else(|| {
        Reply::bad_request(&format!(
            "Bad Request.  The value for variable {name} is not an integer between {} and {}.",
            range.start(),
            range.end()
        ))
    })
}

/// The real-time period asked for. A period other than today needs a series that is archived, and was so at its end.
pub(super) fn realtime(
    asked: &Asked,
    series: &Series,
    archive: &Archive,
    usual: Realtime,
) -> Result<Realtime, Reply> {
    let today = asked.today;
    let start = day(asked, "realtime_start", usual.0)?;
    let end = day(asked, "realtime_end", usual.1)?;
    for (name, day) in [("realtime_start", start), ("realtime_end", end)] {
        if day > today && day != forever() {
            return Err(Reply::bad_request(&messages::fred_after_today(name, today)));
        }
    }
    if start > end {
        return Err(Reply::bad_request(
            "Bad Request.  Variable realtime_start can not be after variable realtime_end.",
        ));
    }
    let past = (start, end) != (today, today);
    let archived = || !archive.vintages((date(1776, 7, 4), end), today).is_empty();
    if past && !(series.archived && archived()) {
        return Err(Reply::bad_request(messages::FRED_NOT_ARCHIVED));
    }
    Ok((start, end))
}
