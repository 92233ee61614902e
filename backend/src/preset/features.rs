//! What a preset says of rows and features.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// Which days are rows of the dataset, and what a row may know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Rows {
    /// The original's way: every calendar day, values carried forward from their *reference* date; weekdays are kept.
    /// Looks ahead.
    CalendarFilled,
    /// The days on which the target has an observation; a row of day t knows the values of reference dates up to t that were
    /// available at its cut-off.
    TargetDays {
        /// The instant whose knowledge a row's provisional valuation uses.
        cut_off: CutOff,
        /// The instant when the day's late series are out, too: its final valuation uses their values. Absent: nothing is
        /// late.
        #[serde(default)]
        final_cut_off: Option<CutOff>,
    },
}

/// A local time on a row's day, or so many days later: a vendor may publish a day's price only then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CutOff {
    /// At this local time.
    pub at: TimeOfDay,
    /// So many calendar days after the row's day.
    #[serde(default)]
    pub days: u64,
}

impl CutOff {
    /// The instant (UTC) whose knowledge the row of `day` uses.
    pub fn of(&self, day: NaiveDate) -> DateTime<Utc> {
        let day = day.checked_add_days(Days::new(self.days)).unwrap_or(day);
        self.at.on(day)
    }
}

/// A local time with its zone, written `16:00 America/New_York`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TimeOfDay {
    /// Local time.
    pub time: NaiveTime,
    /// Zone.
    pub zone: Tz,
}

impl FromStr for TimeOfDay {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || format!("`{text}` is no time: write `16:00 America/New_York`");
        let (time, zone) = text.split_once(' ').ok_or_else(wrong)?;
        Ok(Self {
            time: NaiveTime::parse_from_str(time, "%H:%M").map_err(|_| wrong())?,
            zone: zone.parse().map_err(|_| wrong())?,
        })
    }
}

impl TryFrom<String> for TimeOfDay {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<TimeOfDay> for String {
    fn from(at: TimeOfDay) -> Self {
        at.to_string()
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.time.format("%H:%M"), self.zone)
    }
}

/// A feature: one operation on a series or on another feature.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeatureDef {
    /// Column name in SQL.
    pub name: String,
    /// What it is, for people; also the original's column name where it has one.
    pub label: String,
    /// The group that gold people put it in: `rates`, `currency`, `metals`, `risk`, `expansion`, `momentum`.
    #[serde(default)]
    pub group: String,
    /// The series or feature that it is made from.
    pub of: String,
    /// What is done to it.
    pub op: Op,
    /// Rows to look back, after the operation.
    #[serde(default)]
    pub lag: usize,
    /// Whether it only serves other features.
    #[serde(default)]
    pub hidden: bool,
    /// Which part of the model sees it.
    #[serde(default)]
    pub role: Role,
    /// The driver whose contribution it is part of; its own name where it stands alone.
    #[serde(default)]
    pub driver: Option<String>,
}

/// Which part of the model sees a feature.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// XGBoost's trees: the whole model, or one of two members.
    #[default]
    Trees,
    /// The linear member: scaled by volatility.
    Linear,
    /// The target's volatility of the row before, in the unit of its log return: the linear member's unit.
    Volatility,
    /// The scale of the intervals.
    Scale,
    /// The gap: how far a driver is from its own exponential mean.
    Gap,
}

/// An operation. Rows are the dataset's, except where it says otherwise.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Op {
    /// The value as it is.
    Level,
    /// This row's value minus the row's before.
    Diff,
    /// Natural logarithm of the value, of `floor` where the value is below it.
    Log {
        /// Smallest value that is taken as it is; absent: values of zero and below give no value.
        #[serde(default)]
        floor: Option<f64>,
    },
    /// Difference of that logarithm to the row before.
    LogReturn {
        /// As in `log`.
        #[serde(default)]
        floor: Option<f64>,
    },
    /// Exponential mean with alpha = 2 / (span + 1), as pandas computes it.
    Ema {
        /// Span.
        span: u32,
        /// Whether the weights are divided by their sum (pandas' `adjust`).
        adjust: bool,
    },
    /// Natural logarithm of the value over another series' or feature's.
    LogRatio {
        /// The divisor.
        to: String,
    },
    /// The value over another feature's, no further from zero than `clip`.
    Ratio {
        /// The divisor.
        to: String,
        /// Largest absolute value.
        clip: f64,
    },
    /// Square root of the exponential mean of squares, weights divided by their sum (pandas' `adjust`): the volatility of a
    /// return.
    Volatility {
        /// Weight of the newest square.
        alpha: f64,
    },
    /// The value over its own volatility *of the row before*, no further from zero than `clip`.
    Scaled {
        /// As in `volatility`.
        alpha: f64,
        /// The volatility counts as at least this part of its own median so far (known from the 60th row on): after a long
        /// calm a common move is no shock.
        floor: f64,
        /// Largest absolute value.
        clip: f64,
    },
    /// The value minus its exponential mean up to the row before.
    Deviation {
        /// Span, as in `ema`; the weights are not divided by their sum.
        span: u32,
    },
    /// The absolute value.
    Size,
}
