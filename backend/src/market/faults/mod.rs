//! Faults on request: rules that say which answers go wrong, and how.

mod answer;
mod data;
mod rules;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Deserialize;

pub(super) use rules::Rules;
pub use rules::{FaultRule, Match, Nth};

/// What goes wrong. What a field does where it is absent is in brackets.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Fault {
    /// Another status and body.
    Http {
        /// HTTP status (500).
        #[serde(default = "internal_error")]
        status: u16,
        /// A text, or JSON that is sent as such (nothing).
        #[serde(default)]
        body: serde_json::Value,
        /// Content type (plain text, or JSON).
        content_type: Option<String>,
        /// More headers.
        #[serde(default)]
        headers: BTreeMap<String, String>,
    },
    /// A page instead of data.
    Html {
        /// HTTP status (200).
        #[serde(default = "fine")]
        status: u16,
        /// The page (a firewall's refusal).
        body: Option<String>,
    },
    /// `{}`.
    EmptyObject,
    /// FRED's refusal.
    FredError {
        /// HTTP status (429).
        #[serde(default = "too_many")]
        status: u16,
        /// The text (the rate limit's).
        message: Option<String>,
    },
    /// Alpha Vantage: the day's requests are used up; the text echoes the key.
    DailyLimit(Text),
    /// Alpha Vantage: more than one request a second.
    Burst(Text),
    /// Alpha Vantage: the function is sold.
    Premium(Text),
    /// Alpha Vantage: the whole history is sold.
    PremiumFull(Text),
    /// Alpha Vantage: the key `demo`.
    Demo(Text),
    /// Alpha Vantage: the older text for too many requests.
    Note(Text),
    /// Alpha Vantage: an invalid call.
    ErrorMessage(Text),
    /// Only the beginning of the body.
    Truncated {
        /// Share of the body that is kept (0.5).
        #[serde(default = "half")]
        fraction: f64,
        /// Whether the whole length is announced and the connection closed early.
        #[serde(default)]
        keep_length: bool,
    },
    /// Late or dripping.
    Slow {
        /// Seconds before the first byte (5).
        #[serde(default = "five")]
        delay_s: f64,
        /// Bytes at a time (all).
        chunk: Option<usize>,
        /// Seconds before each of them (0.1).
        #[serde(default = "tenth")]
        pause_s: f64,
    },
    /// The connection closes without an answer.
    Reset,
    /// A correct body under another content type.
    ContentType {
        /// Content type (`text/html`).
        content_type: Option<String>,
    },
    /// A text instead of numbers.
    Nan {
        /// The text (`NaN`).
        text: Option<String>,
        /// Which rows.
        #[serde(flatten)]
        pick: Pick,
    },
    /// A missing value instead of numbers.
    Dot {
        /// The text (`.`).
        text: Option<String>,
        /// Which rows.
        #[serde(flatten)]
        pick: Pick,
    },
    /// Rows twice.
    DuplicateDates {
        /// The copy's prices are multiplied by this (1.001).
        factor: Option<f64>,
        /// Which rows.
        #[serde(flatten)]
        pick: Pick,
    },
    /// All rows shuffled.
    UnsortedDates {
        /// Of the shuffle (0).
        #[serde(default)]
        seed: u64,
    },
    /// Prices below zero.
    NegativePrice {
        /// Which rows.
        #[serde(flatten)]
        pick: Pick,
    },
    /// A split that nobody announced.
    SplitJump {
        /// Prices are multiplied by this, volumes divided by it (0.1).
        factor: Option<f64>,
        /// First such day.
        from: Option<NaiveDate>,
        /// Without a first day: so many of the newest rows (5).
        count: Option<usize>,
    },
    /// Another unit.
    ChangedUnit {
        /// All prices are multiplied by this (grams in place of ounces).
        factor: Option<f64>,
        /// The unit's text (`dollars per gram`).
        unit: Option<String>,
    },
    /// The newest rows are not there.
    MissingNewest {
        /// How many (1).
        count: Option<usize>,
    },
    /// A copy of the newest row, dated in the future.
    FutureRow {
        /// Days after today (3).
        days: Option<u64>,
    },
}

/// The text of a refusal.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct Text {
    /// Instead of the vendor's own.
    pub message: Option<String>,
}

/// Which rows a data fault hits: the rows of a date, else every n-th counted from the newest, else the newest ones.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct Pick {
    /// The rows of this date.
    pub date: Option<NaiveDate>,
    /// Every n-th row.
    pub every: Option<usize>,
    /// So many of the newest rows (1).
    pub count: Option<usize>,
}

impl Fault {
    /// The name of its kind, as rules spell it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Http { .. } => "http",
            Self::Html { .. } => "html",
            Self::EmptyObject => "empty_object",
            Self::FredError { .. } => "fred_error",
            Self::DailyLimit(_) => "daily_limit",
            Self::Burst(_) => "burst",
            Self::Premium(_) => "premium",
            Self::PremiumFull(_) => "premium_full",
            Self::Demo(_) => "demo",
            Self::Note(_) => "note",
            Self::ErrorMessage(_) => "error_message",
            Self::Truncated { .. } => "truncated",
            Self::Slow { .. } => "slow",
            Self::Reset => "reset",
            Self::ContentType { .. } => "content_type",
            Self::Nan { .. } => "nan",
            Self::Dot { .. } => "dot",
            Self::DuplicateDates { .. } => "duplicate_dates",
            Self::UnsortedDates { .. } => "unsorted_dates",
            Self::NegativePrice { .. } => "negative_price",
            Self::SplitJump { .. } => "split_jump",
            Self::ChangedUnit { .. } => "changed_unit",
            Self::MissingNewest { .. } => "missing_newest",
            Self::FutureRow { .. } => "future_row",
        }
    }
}

fn internal_error() -> u16 {
    500
}

fn fine() -> u16 {
    200
}

fn too_many() -> u16 {
    429
}

fn half() -> f64 {
    0.5
}

fn five() -> f64 {
    5.0
}

fn tenth() -> f64 {
    0.1
}

#[cfg(test)]
mod tests;
