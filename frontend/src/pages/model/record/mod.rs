//! The model's card turned into what its page shows: sentences, tables and columns. Pure, and told on the host.

mod audit;
mod columns;
mod intervals;
mod lineage;
mod members;
mod scores;
mod search;
mod years;

use shared::card::{ModelCard, Verdict};
use shared::evaluation::Evaluation;

use crate::figures::{Block, Look, Section, Table};
use crate::{format, words};

/// What counts as more than luck.
const SIGNIFICANT: f64 = 0.05;
/// The rule whose record the page tells.
const OURS: &str = "valuation";
/// The rule to beat.
const NO_CHANGE: &str = "no_change";

/// The page's cards; what a model has no record of is left out.
pub(super) fn sections(card: &ModelCard) -> Vec<Section> {
    let all = [
        ("Is it any good?", verdict(card)),
        ("Skill by year", years::blocks(card)),
        (
            "Do the intervals keep their promise?",
            intervals::blocks(card),
        ),
        ("Two members", members::blocks(card)),
        ("Does it look ahead?", audit::blocks(card)),
        ("How its parameters were chosen", search::blocks(card)),
        ("Which model this is", lineage::blocks(card)),
    ];
    let told = all.into_iter().filter(|(_, blocks)| !blocks.is_empty());
    told.map(|(title, blocks)| Section {
        title: title.to_owned(),
        blocks,
    })
    .collect()
}

fn verdict(card: &ModelCard) -> Vec<Block> {
    let (mark, look) = match card.skill.verdict {
        Verdict::Skill => ("✓", Look::Good),
        Verdict::NoSkill => ("○", Look::Doubtful),
        Verdict::Worse => ("✕", Look::Bad),
    };
    let mut blocks = Vec::new();
    if let Some(why) = &card.look_ahead {
        let what =
            "Looks ahead by design, so none of its scores says what it would have done at the time";
        let why = why.trim_start_matches("by design: ").trim_end_matches('.');
        blocks.push(text(format!("{what}: {why}.")));
    }
    let word = words::verdict(&card.skill);
    blocks.push(Block::Text(format!("{mark} {word}"), look));
    blocks.push(text(words::skill(&card.skill, card.data.test_rows)));
    if let Some(walk) = &card.walk {
        blocks.push(text(members::gate(walk)));
    }
    blocks.extend(scores::blocks(card));
    blocks
}

fn text(text: String) -> Block {
    Block::Text(text, Look::Plain)
}

fn hint(text: &str) -> Block {
    Block::Text(text.to_owned(), Look::Hint)
}

fn fold(summary: &str, table: Table) -> Block {
    Block::Fold(summary.to_owned(), vec![Block::Table(table)])
}

/// The evaluations of a walk-forward; none for a model that was tested once.
fn evaluations(card: &ModelCard) -> &[Evaluation] {
    card.walk.as_ref().map_or(&[], |walk| &walk.evaluations)
}

fn rule<'a>(card: &'a ModelCard, name: &str) -> Option<&'a Evaluation> {
    evaluations(card).iter().find(|one| one.rule == name)
}

/// The heads of the cells that [`judged`] gives.
const TEST: [&str; 2] = ["t", "Test"];

/// A test's t, and its verdict with p: `14.50` and `✓ better, p < 0.001`. `t` above 0 speaks for what is tested.
fn judged(t: f64, p: f64) -> [String; 2] {
    let word = match p < SIGNIFICANT {
        true if t > 0.0 => "✓ better",
        true => "✕ worse",
        false => "○ no better",
    };
    [
        format::grouped(t, 2),
        format!("{word}, {}", format::p_value(p)),
    ]
}

/// A share between 0 and 1 in percent with one decimal: `79.9%`.
fn tenths(share: f64) -> String {
    format!("{}%", format::grouped(100.0 * share, 1))
}

#[cfg(test)]
mod tests;
