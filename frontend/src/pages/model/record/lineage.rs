//! Which model it is: what it values, what it was made of, and by which code.

use shared::card::{ModelCard, Output};

use super::hint;
use crate::figures::Block;
use crate::format;

/// Digits of a hash that tell two models apart at a glance.
const HASH_DIGITS: usize = 12;

/// What it is and what it saw.
pub(super) fn blocks(card: &ModelCard) -> Vec<Block> {
    let facts = facts(card)
        .into_iter()
        .map(|(name, value)| [name.to_owned(), value]);
    vec![
        Block::Facts(facts.collect()),
        hint(
            "Equal inputs give an equal model, byte for byte. `GET /api/model` answers the whole card, its hashes in full.",
        ),
    ]
}

fn facts(card: &ModelCard) -> Vec<(&'static str, String)> {
    let data = &card.data;
    let says = match card.output {
        Output::Level => "a price",
        Output::PercentReturn => "a move from the price of the day before",
    };
    let mut facts = vec![
        ("Preset", format!("`{}`", card.preset)),
        ("Values", format!("{}, in {}", card.target, card.unit)),
        ("Says", says.to_owned()),
        (
            "Data",
            format!(
                "{} to {}",
                format::date(data.first),
                format::date(data.last)
            ),
        ),
    ];
    facts.extend(training(card));
    facts.extend([
        ("Inputs", inputs(card)),
        ("Search grid", format!("`{}`", card.grid)),
        ("Seed", card.seed.to_string()),
        ("Versions", versions(card)),
        ("Run", format!("`{}`", card.run_id)),
        ("Hash of the model file", short(&card.model_sha256)),
        ("Hash of all inputs", short(&card.input_sha256)),
    ]);
    facts
}

fn training(card: &ModelCard) -> [(&'static str, String); 2] {
    let data = &card.data;
    let (trained, tested) = (
        format::count(data.train_rows, "day"),
        format!(
            "{}, from {}",
            format::count(data.test_rows, "day"),
            format::date(data.test_first)
        ),
    );
    match &card.walk {
        Some(walk) => [
            ("Valued before it saw them", tested),
            (
                "Fitted",
                format!(
                    "{}, last on the days before {}",
                    format::count(walk.fits, "time"),
                    format::date(walk.fitted_before)
                ),
            ),
        ],
        None => [("Trained on", trained), ("Tested on", tested)],
    }
}

fn inputs(card: &ModelCard) -> String {
    let features = format::count(card.features.len(), "feature");
    match card.drivers.len() {
        0 => features,
        drivers => format!("{features} of {}", format::count(drivers, "driver")),
    }
}

fn versions(card: &ModelCard) -> String {
    let each: Vec<String> = card
        .versions
        .iter()
        .map(|(name, version)| format!("{name} {version}"))
        .collect();
    each.join(", ")
}

fn short(hash: &str) -> String {
    format!("`{}…`", hash.get(..HASH_DIGITS).unwrap_or(hash))
}
