//! What a tile and the facts below it say. Pure.

use chrono::NaiveDate;
use shared::api::DriverSeries;
use shared::series::{Frequency, Observation};
use shared::what_if::Measure;

use crate::format;

/// The newest change of a series.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Change {
    /// `▲`, `▼` or `●`.
    pub(super) arrow: &'static str,
    /// The class that colours it.
    pub(super) class: &'static str,
    /// `+1.25%` or `−0.12 points`.
    pub(super) text: String,
}

/// The change between the newest two values; `None` where there is only one.
pub(super) fn change(one: &DriverSeries) -> Option<Change> {
    let [.., before, newest] = one.values.as_slice() else {
        return None;
    };
    let size = one.measure.change(before.value, newest.value);
    let text = match one.measure {
        Measure::Percent => format::signed_percent(size),
        Measure::Points => format!("{} points", points(size)),
    };
    let is_zero = text.starts_with('0');
    let (arrow, class) = match (is_zero, size > 0.0) {
        (true, _) => ("●", "still"),
        (false, true) => ("▲", "rose"),
        (false, false) => ("▼", "fell"),
    };
    Some(Change { arrow, class, text })
}

fn points(size: f64) -> String {
    let number = format::grouped(size.abs(), 2);
    match number.as_str() {
        "0.00" => number,
        _ if size < 0.0 => format!("\u{2212}{number}"),
        _ => format!("+{number}"),
    }
}

/// Since when the change counts: a day for daily series, else the period.
pub(super) fn period(frequency: Option<Frequency>) -> &'static str {
    match frequency {
        None => "since the value before",
        Some(Frequency::Daily) => "in a day",
        Some(Frequency::Weekly) => "in a week",
        Some(Frequency::Monthly) => "in a month",
        Some(Frequency::Quarterly) => "in a quarter",
    }
}

/// A frequency in a word.
pub(super) fn frequency(frequency: Frequency) -> &'static str {
    match frequency {
        Frequency::Daily => "Every market day",
        Frequency::Weekly => "Every week",
        Frequency::Monthly => "Every month",
        Frequency::Quarterly => "Every quarter",
    }
}

/// The places of values that come after a gap in which the series was stale: longer than `most` days after the one before.
pub(super) fn gaps(days: &[NaiveDate], most: Option<i64>) -> Vec<usize> {
    let Some(most) = most else {
        return Vec::new();
    };
    let pairs = days.windows(2).enumerate();
    let late = pairs.filter(|(_, pair)| (pair[1] - pair[0]).num_days() > most);
    late.map(|(place, _)| place + 1).collect()
}

/// How two states of knowledge differ, in a sentence.
pub(super) fn revised(now: &[Observation], then: &[Observation], on: NaiveDate) -> String {
    let day = format::date(on);
    let Some(last) = then.last() else {
        return format!("Nothing of this series was known on {day}.");
    };
    let both = then.iter().filter_map(|old| {
        let place = now.binary_search_by_key(&old.date, |new| new.date).ok()?;
        Some((old, &now[place]))
    });
    let (mut same, mut changed) = (0, 0);
    for (old, new) in both {
        if old.value.to_bits() == new.value.to_bits() {
            same += 1;
        } else {
            changed += 1;
        }
    }
    let newest = format::date(last.date);
    match changed {
        0 => format!(
            "On {day} the newest known value was that of {newest}. None of the {} known then has been revised.",
            format::count(same, "value")
        ),
        changed => format!(
            "On {day} the newest known value was that of {newest}. {changed} of the {} known then have been revised since.",
            format::count(same + changed, "value")
        ),
    }
}
