//! The reader's choices as they stand in the address, so that a link shows the same thing to someone else.

use std::str::FromStr;

use chrono::{Days, Months, NaiveDate};

/// A page of the dashboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Page {
    /// What gold is worth.
    Valuation,
    /// Every series that the valuation rests on.
    Drivers,
    /// The model's answer to other drivers.
    WhatIf,
    /// How good the model is, and what it is.
    Model,
    /// The series and the vendors' quota.
    Data,
    /// Every attempt to run.
    Runs,
    /// Questions to the tables.
    Sql,
}

impl Page {
    /// The pages in their order in the navigation.
    pub(crate) const ALL: [Self; 7] = [
        Self::Valuation,
        Self::Drivers,
        Self::WhatIf,
        Self::Model,
        Self::Data,
        Self::Runs,
        Self::Sql,
    ];

    /// The page at a path, with or without a slash at its end.
    pub(crate) fn at(path: &str) -> Option<Self> {
        let bare = path.trim_end_matches('/');
        Self::ALL
            .into_iter()
            .find(|page| page.path().trim_end_matches('/') == bare)
    }

    /// Its path.
    pub(crate) fn path(self) -> &'static str {
        match self {
            Self::Valuation => "/",
            Self::Drivers => "/drivers",
            Self::WhatIf => "/what-if",
            Self::Model => "/model",
            Self::Data => "/data",
            Self::Runs => "/runs",
            Self::Sql => "/sql",
        }
    }

    /// Its name in the navigation.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Valuation => "Valuation",
            Self::Drivers => "Drivers",
            Self::WhatIf => "What if",
            Self::Model => "Model",
            Self::Data => "Data",
            Self::Runs => "Runs",
            Self::Sql => "SQL",
        }
    }
}

/// The value of `key` in a query such as `?range=3m`. Our words need no escaping, so none is undone.
pub(crate) fn value<'a>(query: &'a str, key: &str) -> Option<&'a str> {
    let mut pairs = pairs(query).filter_map(|pair| pair.split_once('='));
    pairs.find_map(|(name, value)| (name == key).then_some(value))
}

/// The query with `key` set to `value`, or without it. Everything else in it stays as it is.
pub(crate) fn with_value(query: &str, key: &str, value: Option<&str>) -> String {
    let others = pairs(query).filter(|pair| pair.split('=').next() != Some(key));
    let own = value.map(|value| format!("{key}={value}"));
    let parts: Vec<&str> = others.chain(own.as_deref()).collect();
    if parts.is_empty() {
        String::new()
    } else {
        format!("?{}", parts.join("&"))
    }
}

fn pairs(query: &str) -> impl Iterator<Item = &str> {
    let bare = query.strip_prefix('?').unwrap_or(query);
    bare.split('&').filter(|pair| !pair.is_empty())
}

/// How many days the chart shows: `?range=`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Range {
    /// The last month.
    Month,
    /// The last three months.
    Quarter,
    /// The last six months.
    Half,
    /// All days of the test window that the snapshot holds.
    #[default]
    Test,
    /// Every day that was ever valued, those that the model was trained on included.
    All,
}

impl Range {
    /// The choices in their order on the page.
    pub(crate) const ALL: [Self; 5] = [
        Self::Month,
        Self::Quarter,
        Self::Half,
        Self::Test,
        Self::All,
    ];

    /// The word in the address.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Month => "1m",
            Self::Quarter => "3m",
            Self::Half => "6m",
            Self::Test => "test",
            Self::All => "all",
        }
    }

    /// The words on the button.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Month => "1M",
            Self::Quarter => "3M",
            Self::Half => "6M",
            Self::Test => "300 days",
            Self::All => "All",
        }
    }

    /// The index of the first of `days` (oldest first) that this range shows.
    pub(crate) fn first_row(self, days: &[NaiveDate]) -> usize {
        let months = match self {
            Self::Month => 1,
            Self::Quarter => 3,
            Self::Half => 6,
            Self::Test | Self::All => return 0,
        };
        let Some(newest) = days.last() else {
            return 0;
        };
        let first = newest
            .checked_sub_months(Months::new(months))
            .and_then(|day| day.checked_add_days(Days::new(1)))
            .unwrap_or(NaiveDate::MIN);
        days.partition_point(|day| *day < first)
    }
}

/// A preset whose newest valuation stands beside the page's own: `?beside=`. Empty: none does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Beside(pub(crate) String);

/// A word in the address that names nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unknown;

impl FromStr for Range {
    type Err = Unknown;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut all = Self::ALL.into_iter();
        all.find(|one| one.as_str() == text).ok_or(Unknown)
    }
}

impl FromStr for Beside {
    type Err = Unknown;

    // It becomes a part of another address, so nothing but the letters of a preset's name may pass.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let named = !text.is_empty() && text.chars().all(is_plain);
        named.then(|| Self(text.to_owned())).ok_or(Unknown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn every_page_is_found_at_its_path_and_nowhere_else() {
        for page in Page::ALL {
            assert_eq!(Page::at(page.path()), Some(page));
        }
        assert_eq!(Page::at("/runs/"), Some(Page::Runs));
        assert_eq!(
            Page::ALL.map(|page| page.path().trim_end_matches('/')),
            shared::api::PAGES
        );
        assert_eq!(Page::at("/runs/x"), None);
        assert_eq!(Page::at("/api/valuation"), None);
    }

    #[test]
    fn a_choice_leaves_the_rest_of_the_query_alone() {
        assert_eq!(value("?range=3m&preset=fair", "preset"), Some("fair"));
        assert_eq!(value("?range=3m", "rang"), None);
        let both = with_value("?preset=fair&range=3m", "range", Some("1m"));
        assert_eq!(both, "?preset=fair&range=1m");
        assert_eq!(with_value(&both, "range", None), "?preset=fair");
        assert_eq!(with_value("?range=3m", "range", None), "");
        assert_eq!(with_value("", "range", Some("6m")), "?range=6m");
    }

    #[test]
    fn every_range_survives_the_address() {
        for range in Range::ALL {
            assert_eq!(range.as_str().parse(), Ok(range));
        }
        assert_eq!("10y".parse::<Range>(), Err(Unknown));
    }

    #[test]
    fn only_what_could_be_a_presets_name_is_asked_for() {
        assert_eq!("fair-free".parse(), Ok(Beside("fair-free".to_owned())));
        for bad in ["", "a&b", "../x", "Fair", "a%20b"] {
            assert_eq!(bad.parse::<Beside>(), Err(Unknown), "{bad}");
        }
    }

    #[test]
    fn a_month_ends_with_the_newest_row_and_not_with_today() {
        let days: Vec<NaiveDate> = day("2024-01-01").iter_days().take(91).collect();
        assert_eq!(days.last(), Some(&day("2024-03-31")));
        let first = |range: Range| days[range.first_row(&days)];
        assert_eq!(first(Range::Month), day("2024-03-01"));
        assert_eq!(first(Range::Quarter), day("2024-01-01"));
        assert_eq!(first(Range::Test), day("2024-01-01"));
        assert_eq!(Range::Month.first_row(&[]), 0);
    }

    #[test]
    fn a_range_longer_than_the_data_shows_all_of_it() {
        let days = [day("2024-03-28"), day("2024-03-29")];
        assert_eq!(Range::Half.first_row(&days), 0);
    }
}
