//! When a series has its next value, and its source and publication rule in words.

use chrono::{DateTime, Days, Months, NaiveDate, Utc, Weekday};
use shared::series::Frequency;

use super::series::{Publication, SeriesDef, Source};
use crate::calendar::Calendar;

impl SeriesDef {
    /// The date after `last` that a value is due for, and when that can be known. Holidays are those of New York's exchanges, for FRED's
    /// series those of the bond market; a series of another market may have a value on one of them, which then comes early.
    pub fn next_after(&self, last: NaiveDate) -> Option<(NaiveDate, DateTime<Utc>)> {
        let calendar = match self.source {
            Source::AlphaVantage { .. } => Calendar::Stocks,
            Source::Fred { .. } => Calendar::Bonds,
        };
        let date = match self.frequency {
            Frequency::Daily => last.iter_days().skip(1).find(|day| calendar.is_open(*day)),
            Frequency::Weekly => last.checked_add_days(Days::new(7)),
            Frequency::Monthly => last.checked_add_months(Months::new(1)),
            Frequency::Quarterly => last.checked_add_months(Months::new(3)),
        }?;
        Some((date, self.publication.available_at(date)))
    }

    /// From when a value counts as known.
    pub fn publication_words(&self) -> String {
        let rule = self.publication.words();
        match self.source {
            Source::Fred { vintages: true, .. } => {
                format!(
                    "from the day on which the vendor first reported it, at the hour of its rule: {rule}"
                )
            }
            _ => rule,
        }
    }
}

impl Publication {
    /// The rule as a clause: `1 day after its date, at 16:15 (America/New_York)`.
    pub fn words(&self) -> String {
        let mut text = match self.days {
            0 => "on its date".to_owned(),
            1 => "1 day after its date".to_owned(),
            days => format!("{days} days after its date"),
        };
        if let Some(weekday) = self.weekday {
            text.push_str(", on the next ");
            text.push_str(long_name(weekday));
        }
        if self.business_day {
            text += ", on Monday where that is a weekend";
        }
        let time = self.at.time.format("%H:%M");
        format!("{text}, at {time} ({})", self.at.zone)
    }
}

impl Source {
    /// What the vendor is asked for: `TIME_SERIES_DAILY, symbol=GLD, close`.
    pub fn words(&self) -> String {
        match self {
            Self::AlphaVantage {
                function,
                parameters,
                field,
            } => {
                let given = parameters
                    .iter()
                    .map(|(name, value)| format!("{name}={value}"));
                let parts = std::iter::once(function.clone()).chain(given);
                parts.chain(field.clone()).collect::<Vec<_>>().join(", ")
            }
            Self::Fred {
                id,
                vintages: false,
            } => id.clone(),
            Self::Fred { id, vintages: true } => format!("{id}, every vintage"),
        }
    }
}

fn long_name(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Mon => "Monday",
        Weekday::Tue => "Tuesday",
        Weekday::Wed => "Wednesday",
        Weekday::Thu => "Thursday",
        Weekday::Fri => "Friday",
        Weekday::Sat => "Saturday",
        Weekday::Sun => "Sunday",
    }
}

#[cfg(test)]
mod tests {
    use crate::preset;

    #[test]
    fn the_fair_presets_series_say_where_they_come_from_and_when_the_next_value_is_due() {
        let fair = preset::load("fair").unwrap();
        let gold = fair.series(&"gold_close".parse().unwrap()).unwrap();
        assert_eq!(gold.source.words(), "TIME_SERIES_DAILY, symbol=GLD, close");
        assert_eq!(
            gold.publication_words(),
            "on its date, at 16:00 (America/New_York)"
        );
        // Friday: the next value is Monday's, at the close in New York.
        let (date, at) = gold.next_after("2024-09-20".parse().unwrap()).unwrap();
        assert_eq!(date.to_string(), "2024-09-23");
        assert_eq!(at.to_rfc3339(), "2024-09-23T20:00:00+00:00");
    }

    #[test]
    fn nothing_is_due_for_a_holiday() {
        let fair = preset::load("fair").unwrap();
        let due_after = |series: &str, last: &str| {
            let def = fair.series(&series.parse().unwrap()).unwrap();
            let (date, _) = def.next_after(last.parse().unwrap()).unwrap();
            date.to_string()
        };
        // Thanksgiving closes both; Veterans Day the bonds alone.
        assert_eq!(due_after("gold_close", "2026-11-25"), "2026-11-27");
        assert_eq!(due_after("rate_10y", "2026-11-25"), "2026-11-27");
        assert_eq!(due_after("gold_close", "2026-11-10"), "2026-11-11");
        assert_eq!(due_after("rate_10y", "2026-11-10"), "2026-11-12");
    }
}
