//! What a preset says of a series: where it comes from, when it is published, what it must look like.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeZone, Utc, Weekday};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use shared::series::{Frequency, SeriesId, Vendor};

use super::features::TimeOfDay;

/// A series.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeriesDef {
    /// Its name in the lake and in features.
    pub id: SeriesId,
    /// Its title, for people.
    pub title: String,
    /// Its unit, for people.
    pub unit: String,
    /// Where it comes from.
    pub source: Source,
    /// How often it has an observation.
    pub frequency: Frequency,
    /// When an observation becomes known, where the vendor does not tell.
    pub publication: Publication,
    /// Values below are rejected.
    #[serde(default)]
    pub min: Option<f64>,
    /// Values above are rejected.
    #[serde(default)]
    pub max: Option<f64>,
    /// Calendar days to ask for again before the watermark, because vendors revise.
    #[serde(default = "ten")]
    pub overlap_days: u64,
    /// A newest observation older than this many days is stale; features then see no value.
    #[serde(default = "ten_days")]
    pub stale_after_days: i64,
    /// A day-to-day ratio beyond this factor (or its inverse) that does not come back looks like an unannounced split or
    /// a changed unit: the rows from there on are held back. Absent: no check.
    #[serde(default)]
    pub split_factor: Option<f64>,
    /// Splits that are known. They are applied where the vendor's prices show them, and nowhere else.
    #[serde(default)]
    pub splits: Vec<Split>,
    /// Rows dated on a weekend belong to another day.
    #[serde(default)]
    pub date_shift: Option<DateShift>,
}

/// A split: from `on`, one old share is `1 / ratio` new ones, so that the price is `ratio` times as high.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Split {
    /// First day at the new price.
    pub on: NaiveDate,
    /// New price over old: 8 for a 1:8 reverse split, 0.1 for a 10:1 split.
    pub ratio: f64,
    /// Whether earlier prices are brought to the new share. The original did not, and its reproduction does not.
    #[serde(default = "yes")]
    pub adjust: bool,
}

fn yes() -> bool {
    true
}

fn ten() -> u64 {
    10
}

fn ten_days() -> i64 {
    10
}

/// Where a series comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "vendor", rename_all = "snake_case", deny_unknown_fields)]
pub enum Source {
    /// A function of Alpha Vantage.
    AlphaVantage {
        /// `TIME_SERIES_DAILY`, `GOLD_SILVER_HISTORY`, `FX_DAILY`, `WTI`, `BRENT`, `TREASURY_YIELD`, `FEDERAL_FUNDS_RATE`,
        /// `CPI`, `REAL_GDP`.
        function: String,
        /// Its parameters: `symbol`, `from_symbol`, `to_symbol`, `interval`, `maturity`.
        #[serde(default)]
        parameters: BTreeMap<String, String>,
        /// Which number of a row: `open`, `high`, `low`, `close`, `volume`; absent where a row has only one.
        #[serde(default)]
        field: Option<String>,
    },
    /// A series of FRED.
    Fred {
        /// Its id, `DGS10`.
        id: String,
        /// Whether to fetch every vintage from ALFRED.
        #[serde(default)]
        vintages: bool,
    },
}

/// What one call asks for, less window and key. Series that come in one answer share one request.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Request {
    /// Whom to ask.
    pub vendor: Vendor,
    /// Alpha Vantage: `function` and its parameters. FRED: `series_id` and, for ALFRED, `vintages=true`.
    pub parameters: BTreeMap<String, String>,
}

impl Source {
    /// The call that fetches this series.
    pub fn request(&self) -> Request {
        match self {
            Self::AlphaVantage {
                function,
                parameters,
                ..
            } => {
                let mut parameters = parameters.clone();
                parameters.insert("function".to_owned(), function.clone());
                Request {
                    vendor: Vendor::AlphaVantage,
                    parameters,
                }
            }
            Self::Fred { id, vintages } => {
                let mut parameters = BTreeMap::from([("series_id".to_owned(), id.clone())]);
                if *vintages {
                    parameters.insert("vintages".to_owned(), "true".to_owned());
                }
                Request {
                    vendor: Vendor::Fred,
                    parameters,
                }
            }
        }
    }

    /// Whom to ask.
    pub fn vendor(&self) -> Vendor {
        match self {
            Self::AlphaVantage { .. } => Vendor::AlphaVantage,
            Self::Fred { .. } => Vendor::Fred,
        }
    }
}

/// When an observation becomes known: so many days after its reference date, moved to a weekday if one is named, at a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Publication {
    /// Calendar days after the reference date.
    #[serde(default)]
    pub days: u64,
    /// Then forward to this weekday: weekly releases.
    #[serde(default)]
    pub weekday: Option<Weekday>,
    /// Whether a Saturday or Sunday moves to Monday.
    #[serde(default)]
    pub business_day: bool,
    /// At this local time.
    pub at: TimeOfDay,
}

impl Publication {
    /// The instant (UTC) from which the observation of `date` is known.
    pub fn available_at(&self, date: NaiveDate) -> DateTime<Utc> {
        let mut day = date.checked_add_days(Days::new(self.days)).unwrap_or(date);
        while self.weekday.is_some_and(|weekday| day.weekday() != weekday) {
            day = day.succ_opt().unwrap_or(day);
        }
        while self.business_day && matches!(day.weekday(), Weekday::Sat | Weekday::Sun) {
            day = day.succ_opt().unwrap_or(day);
        }
        self.at.on(day)
    }
}

/// The vendor's dates drifted: from `from` on, a row belongs to the day before its date, and rows of Sundays and Mondays (copies
/// of Saturday's) are dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DateShift {
    /// First shifted date, if known; absent: the Monday before the first row that is dated on a Saturday.
    pub from: Option<NaiveDate>,
}

impl TimeOfDay {
    /// The instant (UTC) of this local time on a day. Where clocks go forward over it, the first instant after the gap;
    /// where they go back over it, the later of the two, so that nothing is known too early.
    pub fn on(&self, day: NaiveDate) -> DateTime<Utc> {
        let zone: Tz = self.zone;
        let mut local = day.and_time(self.time);
        loop {
            match zone.from_local_datetime(&local) {
                chrono::LocalResult::Single(at) | chrono::LocalResult::Ambiguous(_, at) => {
                    return at.with_timezone(&Utc);
                }
                chrono::LocalResult::None => local += chrono::Duration::minutes(30),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn new_york(time: &str) -> TimeOfDay {
        format!("{time} America/New_York").parse().unwrap()
    }

    #[test]
    fn the_close_in_new_york_follows_daylight_saving() {
        let close = new_york("16:00");
        assert_eq!(
            close.on(day("2024-01-15")).to_rfc3339(),
            "2024-01-15T21:00:00+00:00"
        );
        assert_eq!(
            close.on(day("2024-07-15")).to_rfc3339(),
            "2024-07-15T20:00:00+00:00"
        );
    }

    #[test]
    fn a_skipped_hour_is_known_after_the_gap_and_a_doubled_one_the_second_time() {
        let night = new_york("02:30");
        assert_eq!(
            night.on(day("2024-03-10")).to_rfc3339(),
            "2024-03-10T07:00:00+00:00"
        );
        let night = new_york("01:30");
        assert_eq!(
            night.on(day("2024-11-03")).to_rfc3339(),
            "2024-11-03T06:30:00+00:00"
        );
    }

    #[test]
    fn weekly_rates_are_known_on_the_monday_after() {
        let rule = Publication {
            days: 1,
            weekday: Some(Weekday::Mon),
            business_day: false,
            at: new_york("16:15"),
        };
        // Monday 2024-09-16 to Friday 2024-09-20 are all published on Monday 2024-09-23.
        for date in ["2024-09-17", "2024-09-20"] {
            let at = rule.available_at(day(date));
            assert_eq!(at.to_rfc3339(), "2024-09-23T20:15:00+00:00");
        }
    }

    #[test]
    fn a_friday_is_published_on_monday_where_only_business_days_count() {
        let rule = Publication {
            days: 1,
            weekday: None,
            business_day: true,
            at: new_york("16:15"),
        };
        let at = rule.available_at(day("2024-02-23"));
        assert_eq!(at.to_rfc3339(), "2024-02-26T21:15:00+00:00");
    }
}
