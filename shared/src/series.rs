//! Series: who publishes them, and what an observation of one is.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// The name of one series: lower-case letters, digits and `_`, starting with a letter.
///
/// It is also a folder in the lake and, for features, a column in SQL, hence the narrow alphabet.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "String", into = "String")]
pub struct SeriesId(String);

impl SeriesId {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A text that is no series name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no series name: use lower-case letters, digits and `_`, starting with a letter")]
pub struct BadSeriesId(pub String);

impl FromStr for SeriesId {
    type Err = BadSeriesId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let starts_well = text.starts_with(|c: char| c.is_ascii_lowercase());
        let all_good = text
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        if starts_well && all_good {
            Ok(Self(text.to_owned()))
        } else {
            Err(BadSeriesId(text.to_owned()))
        }
    }
}

impl TryFrom<String> for SeriesId {
    type Error = BadSeriesId;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<SeriesId> for String {
    fn from(id: SeriesId) -> Self {
        id.0
    }
}

impl fmt::Display for SeriesId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Who publishes a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Vendor {
    /// Alpha Vantage, <https://www.alphavantage.co/documentation/>.
    AlphaVantage,
    /// FRED and its archive ALFRED, <https://fred.stlouisfed.org/docs/api/fred/>.
    Fred,
}

impl Vendor {
    /// The name in keys, logs and settings: `alpha_vantage` or `fred`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AlphaVantage => "alpha_vantage",
            Self::Fred => "fred",
        }
    }

    /// The name on screen.
    pub fn title(self) -> &'static str {
        match self {
            Self::AlphaVantage => "Alpha Vantage",
            Self::Fred => "FRED",
        }
    }
}

impl fmt::Display for Vendor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How often a series has an observation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Frequency {
    /// Every market day.
    Daily,
    /// Every week.
    Weekly,
    /// Every month, dated on its first day.
    Monthly,
    /// Every quarter, dated on its first day.
    Quarterly,
}

impl Frequency {
    /// The usual distance between two observations, in calendar days.
    pub fn days(self) -> i64 {
        match self {
            Self::Daily => 1,
            Self::Weekly => 7,
            Self::Monthly => 31,
            Self::Quarterly => 92,
        }
    }
}

/// One value of one series, as one vintage reported it.
///
/// A reference date has as many observations as it has been revised; which of them a run sees is decided by
/// `available_at` and the run's as-of instant alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Observation {
    /// The reference date: the day, or the first day of the period, that the value speaks about.
    pub date: NaiveDate,
    /// The value, in the series' unit.
    pub value: f64,
    /// The instant (UTC) from which the value could be known.
    pub available_at: DateTime<Utc>,
    /// The day on which the vendor first reported this value for this date.
    pub vintage: NaiveDate,
    /// SHA-256 of the vendor's answer that it was read from, in hex. Shared, since one answer has thousands of observations.
    pub source: Arc<str>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_plain_names_and_refuses_the_rest() {
        assert_eq!(
            "gold_open".parse::<SeriesId>().unwrap().as_str(),
            "gold_open"
        );
        for bad in ["", "Gold", "1gold", "gold open", "../gold", "_gold"] {
            assert_eq!(bad.parse::<SeriesId>(), Err(BadSeriesId(bad.to_owned())));
        }
    }
}
