//! The client of FRED and its archive ALFRED: pages of observations, and vintages in windows that the API accepts.

use std::fmt::Display;

use async_trait::async_trait;
use chrono::NaiveDate;
use serde::Deserialize;

use super::channel::{Channel, Query, Sent};
use super::{Answer, VendorClient, VendorError, Window};
use crate::preset::Request;

const OBSERVATIONS: &str = "/fred/series/observations";
const VINTAGE_DATES: &str = "/fred/series/vintagedates";

/// Rows a page, the most that FRED gives.
const PAGE: u64 = 100_000;

/// Vintage dates a page, the most that FRED gives.
const VINTAGE_PAGE: u64 = 10_000;

/// FRED refuses real-time periods with more than 2,000 vintages.
const MAX_VINTAGES: usize = 1_999;

/// More pages than any series has; a server that promises more is broken.
const MAX_PAGES: u64 = 100;

/// FRED's "no end". Better than today's date, which on its clock may still be yesterday's.
const FOREVER: &str = "9999-12-31";

/// Asks FRED.
pub(super) struct Fred {
    channel: Channel,
}

/// The part of an answer that says whether there are more pages.
#[derive(Deserialize)]
struct Count {
    count: u64,
}

#[derive(Deserialize)]
struct VintageDates {
    count: u64,
    vintage_dates: Vec<NaiveDate>,
}

impl Fred {
    /// Asks by way of `channel`.
    pub(super) fn new(channel: Channel) -> Self {
        Self { channel }
    }

    /// All pages of the observations that `query` names.
    async fn pages(&self, query: &Query, sent: Sent<'_>) -> Result<Vec<Answer>, VendorError> {
        let mut answers = Vec::new();
        for page in 0..MAX_PAGES {
            let mut query = query.clone();
            set(&mut query, "limit", PAGE);
            set(&mut query, "offset", page * PAGE);
            let answer = self.channel.call(OBSERVATIONS, &query, sent).await?;
            let Count { count } = read(&answer)?;
            answers.push(answer);
            if (page + 1) * PAGE >= count {
                return Ok(answers);
            }
        }
        Err(too_many_pages())
    }

    /// The days on which values of a series were published, from `since` on, oldest first.
    async fn vintage_dates(
        &self,
        series: &Query,
        since: Option<NaiveDate>,
        sent: Sent<'_>,
    ) -> Result<Vec<NaiveDate>, VendorError> {
        let mut dates = Vec::new();
        for page in 0..MAX_PAGES {
            let mut query = series.clone();
            if let Some(since) = since {
                set(&mut query, "realtime_start", since);
                set(&mut query, "realtime_end", FOREVER);
            }
            set(&mut query, "limit", VINTAGE_PAGE);
            set(&mut query, "offset", page * VINTAGE_PAGE);
            let answer = self.channel.call(VINTAGE_DATES, &query, sent).await?;
            let found: VintageDates = read(&answer)?;
            dates.extend(found.vintage_dates);
            if (page + 1) * VINTAGE_PAGE >= found.count {
                return Ok(dates);
            }
        }
        Err(too_many_pages())
    }

    async fn vintages(
        &self,
        series: &Query,
        since: Option<NaiveDate>,
        sent: Sent<'_>,
    ) -> Result<Vec<Answer>, VendorError> {
        let dates = self.vintage_dates(series, since, sent).await?;
        let mut answers = Vec::new();
        for (start, end) in real_time_periods(&dates, MAX_VINTAGES) {
            let mut query = series.clone();
            set(&mut query, "realtime_start", start);
            match end {
                Some(end) => set(&mut query, "realtime_end", end),
                None => set(&mut query, "realtime_end", FOREVER),
            }
            answers.extend(self.pages(&query, sent).await?);
        }
        Ok(answers)
    }
}

#[async_trait]
impl VendorClient for Fred {
    async fn fetch(
        &self,
        request: &Request,
        window: Window,
        sent: &(dyn Fn() + Send + Sync),
    ) -> Result<Vec<Answer>, VendorError> {
        let mut query = request.parameters.clone();
        let vintages = query.remove("vintages").is_some();
        set(&mut query, "file_type", "json");
        let since = match window {
            Window::Full => None,
            Window::Since(day) => Some(day),
        };
        if vintages {
            return self.vintages(&query, since, sent).await;
        }
        if let Some(day) = since {
            set(&mut query, "observation_start", day);
        }
        self.pages(&query, sent).await
    }
}

/// Splits vintage dates (ascending) into periods of at most `size`, that leave no day out; the last has no end.
fn real_time_periods(dates: &[NaiveDate], size: usize) -> Vec<(NaiveDate, Option<NaiveDate>)> {
    let starts: Vec<NaiveDate> = dates.chunks(size).map(|chunk| chunk[0]).collect();
    let ends = starts.iter().skip(1).map(NaiveDate::pred_opt);
    starts.iter().copied().zip(ends.chain([None])).collect()
}

fn set(query: &mut Query, name: &str, value: impl Display) {
    query.insert(name.to_owned(), value.to_string());
}

fn read<'a, T: Deserialize<'a>>(answer: &'a Answer) -> Result<T, VendorError> {
    serde_json::from_slice(&answer.body)
        .map_err(|error| VendorError::retry(format!("FRED: an answer of unknown shape: {error}")))
}

fn too_many_pages() -> VendorError {
    VendorError::fail(
        "FRED: the answer has more pages than any series can have",
        "check ASSAY_FRED_URL",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(texts: &[&str]) -> Vec<NaiveDate> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    #[test]
    fn periods_cover_every_day_and_hold_few_enough_vintages() {
        let dates = days(&[
            "2024-01-05",
            "2024-01-12",
            "2024-03-01",
            "2024-04-01",
            "2024-05-01",
        ]);
        let found = real_time_periods(&dates, 2);
        let starts: Vec<_> = found.iter().map(|period| period.0).collect();
        let ends: Vec<_> = found.iter().filter_map(|period| period.1).collect();
        assert_eq!(starts, days(&["2024-01-05", "2024-03-01", "2024-05-01"]));
        assert_eq!(ends, days(&["2024-02-29", "2024-04-30"]));
        assert_eq!(found[2].1, None);
        assert_eq!(real_time_periods(&dates, 5), [(dates[0], None)]);
        assert_eq!(real_time_periods(&[], 5), []);
    }
}
