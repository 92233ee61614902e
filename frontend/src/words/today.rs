//! Words of the newest day: how final its value is, how rich the price, what moved it, and whether the model may speak.

use shared::evaluation::GapBand;
use shared::snapshot::Snapshot;
use shared::valuation::{Information, Method};
use shared::walk::GapReading;
use shared::waterfall::{Group, Waterfall, is_move};

use super::{contribution, is_held_back};
use crate::format;

/// Stands beside every reading of a gap.
pub(crate) const NO_FORECAST: &str = "A description of today, not a forecast.";

/// The bands in their order from cheap to rich.
pub(crate) const BANDS: [GapBand; 5] = [
    GapBand::VeryCheap,
    GapBand::Cheap,
    GapBand::Usual,
    GapBand::Rich,
    GapBand::VeryRich,
];

/// The mark and the word of the badge.
pub(crate) fn information(known: Information) -> (&'static str, &'static str) {
    match known {
        Information::Provisional => ("◐", "Provisional"),
        Information::Final => ("●", "Final"),
    }
}

/// What the badge means for this day.
pub(crate) fn information_in_full(snapshot: &Snapshot) -> String {
    let day = format::date(snapshot.latest.date);
    match snapshot.latest.information {
        Information::Final => format!(
            "Every series that the model uses was out for {day}, the late ones too. The value changes only if a vendor \
             revises its data."
        ),
        Information::Provisional => {
            let late = late_series(snapshot);
            format!(
                "At the market's close of {day}, {late} not out yet: what was last known stands in. The value becomes \
                 final when they are out, with the first run after that; both values are kept."
            )
        }
    }
}

/// The series without a value for the newest day, with their verb.
fn late_series(snapshot: &Snapshot) -> String {
    let late = snapshot.series.iter().filter(|one| {
        one.last_date
            .is_some_and(|last| last < snapshot.latest.date)
    });
    let titles: Vec<String> = late.map(|one| one.title.clone()).collect();
    match titles.as_slice() {
        [] => "yields and the VIX were".to_owned(),
        [only] => format!("{only} was"),
        several => format!("{} were", format::list(several)),
    }
}

/// The word for a band.
pub(crate) fn band(band: GapBand) -> &'static str {
    match band {
        GapBand::VeryCheap => "very cheap",
        GapBand::Cheap => "cheap",
        GapBand::Usual => "usual",
        GapBand::Rich => "rich",
        GapBand::VeryRich => "very rich",
    }
}

/// The headline gap in a sentence, and what its band means.
pub(crate) fn gap(reading: &GapReading, unit: &str) -> String {
    let side = if reading.gap_pct < 0.0 {
        "below"
    } else {
        "above"
    };
    let (size, value) = (
        format::percent(reading.gap_pct.abs()),
        format::money(reading.value, unit),
    );
    let rank = match reading.band {
        None => "There are too few earlier gaps to say whether that is usual.",
        Some(GapBand::VeryCheap) => {
            "That is very cheap: fewer than one in forty gaps of the last three years were lower."
        }
        Some(GapBand::Cheap) => {
            "That is cheap: fewer than one in ten gaps of the last three years were lower."
        }
        Some(GapBand::Usual) => {
            "That is usual: it lies in the middle four fifths of the last three years' gaps."
        }
        Some(GapBand::Rich) => {
            "That is rich: fewer than one in ten gaps of the last three years were higher."
        }
        Some(GapBand::VeryRich) => {
            "That is very rich: fewer than one in forty gaps of the last three years were higher."
        }
    };
    let usual = reading.limits.map_or(String::new(), |limits| {
        let [from, to] = [limits.cheap, limits.rich].map(|log| format::signed_percent(100.0 * log));
        format!(" Usual is {from} to {to}.")
    });
    format!(
        "The price is {size} {side} {value}, the value that the drivers speak for if yesterday's price is left out. {rank}{usual}"
    )
}

/// What the number that stands for the model's value really is.
pub(crate) fn value_label(method: Method) -> &'static str {
    match method {
        Method::Model => "Model's value",
        Method::Linear => "Linear part's value",
        Method::Ema => "Exponential mean",
        Method::NoChange => "Price of the day before",
    }
}

/// Where the model starts and what the drivers take it to; and who did most of that.
pub(crate) fn drivers(snapshot: &Snapshot, waterfall: &Waterfall) -> String {
    if waterfall.is_flat() {
        let why = if is_held_back(snapshot.latest.method) {
            ": the gate is closed"
        } else {
            ""
        };
        return format!("No driver moves the value of this day{why}.");
    }
    let unit = snapshot.contribution_unit.as_str();
    let whole = waterfall.whole;
    let way = if is_move(unit) {
        // The move is logarithmic: value = price of the day before · exp(move).
        let value = snapshot.latest.valuation;
        let before = value * (-whole.size() / 100.0).exp();
        format!(
            "The drivers take the value from {}, the price of the day before, to {}: {}.",
            format::money(before, &snapshot.unit),
            format::money(value, &snapshot.unit),
            contribution(whole.size(), unit)
        )
    } else {
        format!(
            "The model starts from its average of {}; the drivers take its output to {}.",
            format::money(whole.from, unit),
            format::money(whole.to, unit)
        )
    };
    let named = |group: &Group, verb: &str| {
        let size = contribution(group.step.size(), unit);
        format!("{verb} most by {} ({size})", group.title)
    };
    let [raises, lowers] = waterfall.extremes();
    let most = [
        raises.map(|group| named(group, "raised")),
        lowers.map(|group| named(group, "lowered")),
    ];
    let most: Vec<String> = most.into_iter().flatten().collect();
    format!("{way} {}", format::sentence(&most.join(", ")))
}
