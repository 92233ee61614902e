//! What the numbers of the page mean, in sentences. Pure.

use shared::valuation::{Information, Method};
use shared::what_if::{Input, Measure, Origin, Outcome, Outside, Scenario, Today};

use crate::format;

/// What the page is about.
pub(super) fn intro(today: &Today) -> String {
    let day = format::date(today.date());
    let what = if today.is_about_moves() {
        "The model values how far the drivers move from one day to the next"
    } else {
        "The model values where the drivers stand"
    };
    // What came out later is in a final value's levels.
    let known = match today.published.information {
        Information::Provisional => " Levels are as known at that day's close.",
        Information::Final => "",
    };
    format!(
        "{what}. Move those of {day} and see what it would have said: the model itself answers, in your browser. \
         It knows what usually happens together, not what causes what.{known}"
    )
}

/// A change with its sign and unit: `+1.25%`, `−0.12 points`.
pub(super) fn change(measure: Measure, change: f64) -> String {
    match measure {
        Measure::Percent => format::signed_percent(change),
        Measure::Points => format!("{} points", signed(change)),
    }
}

fn signed(value: f64) -> String {
    let number = format::grouped(value.abs(), 2);
    match number.as_str() {
        "0.00" => number,
        _ if value < 0.0 => format!("\u{2212}{number}"),
        _ => format!("+{number}"),
    }
}

/// What a slider says of where it stands.
pub(super) fn spoken(input: &Input, level: f64) -> String {
    let amount = format::amount(level, &input.unit);
    let change = change(input.measure, input.change_to(level));
    format!(
        "{} {}, {change} from the day before",
        amount.number, amount.unit
    )
    .replace(" ,", ",")
}

/// Where an input stood on the day.
pub(super) fn own(input: &Input) -> String {
    let amount = format::money(input.level, &input.unit);
    let change = change(input.measure, input.change_to(input.level));
    format!("That day {amount}, {change}")
}

/// What stands behind a field for a level: of dollars no more, for the lever's name says what they are paid for.
pub(super) fn after_field(unit: &str) -> String {
    let is_dollars = !format::symbol(unit).is_empty();
    if is_dollars { "USD" } else { unit }.to_owned()
}

/// What was never seen of an input.
pub(super) fn outside(input: &Input, outside: Outside) -> String {
    match outside {
        Outside::Change(farthest) => {
            let way = if farthest.value < 0.0 { "fall" } else { "rise" };
            format!(
                "Outside history: the largest {way} in a day was {} on {}.",
                change(input.measure, farthest.value),
                format::date(farthest.date)
            )
        }
        Outside::Level(nearest) => {
            let end = if nearest.value < input.level {
                "lowest"
            } else {
                "highest"
            };
            format!(
                "Outside history: its {end} was {} on {}.",
                format::money(nearest.value, &input.unit),
                format::date(nearest.date)
            )
        }
    }
}

/// How the answer differs from what was published.
pub(super) fn against_published(today: &Today, outcome: &Outcome) -> String {
    let published = today.published.valuation;
    let change = 100.0 * (outcome.valuation / published - 1.0);
    let value = format::money(published, &today.unit);
    let day = format::date(today.date());
    if change.abs() < 0.005 {
        format!("As published for {day}.")
    } else {
        format!(
            "{} against the {value} published for {day}.",
            format::signed_percent(change)
        )
    }
}

/// What a reader must know of how the answer came about.
pub(super) fn remark(today: &Today, outcome: &Outcome) -> Option<String> {
    let raw = format::money(outcome.raw, &today.unit);
    match outcome.method {
        Method::Model => None,
        Method::Linear => Some(
            "The move is larger than any that the linear member was fitted on, so it speaks alone: trees cannot go \
             beyond what they saw."
                .to_owned(),
        ),
        Method::NoChange => Some(format!(
            "The model has shown no skill lately, so the price of the day before stands, whatever the drivers do. Its \
             members would say {raw}."
        )),
        Method::Ema => Some(format!(
            "The price left the range that the model was trained on, so its own mean stands in, whatever the drivers do. \
             The model itself would say {raw}."
        )),
    }
}

/// How many drivers are where history never was.
pub(super) fn strays(outcome: &Outcome) -> Option<String> {
    let strays = outcome.outside.iter().flatten().count();
    (strays > 0).then(|| {
        let verb = if strays == 1 { "is" } else { "are" };
        format!(
            "{} {verb} outside history: there the model guesses.",
            format::count(strays, "driver")
        )
    })
}

/// Where a scenario comes from.
pub(super) fn origin(scenario: &Scenario) -> String {
    match scenario.origin {
        Origin::MadeUp => "Made up".to_owned(),
        Origin::Past {
            date,
            price_change_pct,
        } => format!(
            "The drivers' moves of {}, when gold moved {}",
            format::date(date),
            format::signed_percent(price_change_pct)
        ),
    }
}

/// What is read out when the hand rests.
pub(super) fn announced(today: &Today, outcome: Option<&Outcome>) -> String {
    let Some(outcome) = outcome else {
        return "No valuation at these levels.".to_owned();
    };
    let value = format::money(outcome.valuation, &today.unit);
    let parts = [
        Some(format!("Valuation {value}.")),
        Some(against_published(today, outcome)),
        strays(outcome),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    parts.join(" ")
}
