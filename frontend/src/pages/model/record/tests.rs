//! Each claim of the model page, word for word.

use shared::audit::{AuditCard, AuditCheck, AuditFinding, AuditKind};
use shared::card::{Choice, Verdict};

use super::*;
use crate::example::{card, skill, walk};
use crate::figures::Cell;

fn texts(blocks: &[Block]) -> Vec<&str> {
    let all = blocks.iter().filter_map(|block| match block {
        Block::Text(text, _) => Some(text.as_str()),
        _ => None,
    });
    all.collect()
}

fn tables(blocks: &[Block]) -> Vec<&Table> {
    let all = blocks.iter().filter_map(|block| match block {
        Block::Table(table) => Some(table),
        Block::Fold(_, inner) => tables(inner).first().copied(),
        _ => None,
    });
    all.collect()
}

fn cells(row: &[Cell]) -> Vec<&str> {
    row.iter().map(|cell| cell.text.as_str()).collect()
}

fn blocks<'a>(sections: &'a [Section], title: &str) -> &'a [Block] {
    let section = sections.iter().find(|section| section.title == title);
    &section.unwrap().blocks
}

#[test]
fn every_rule_stands_next_to_yesterdays_price() {
    let sections = sections(&walk());
    let verdict = blocks(&sections, "Is it any good?");
    let tables = tables(verdict);
    assert_eq!(
        tables[0].caption,
        "Errors (root mean square, and mean) on 251 days from 3 Jan 2011 to 31 Dec 2012; tests against yesterday's price"
    );
    let rules: Vec<&str> = tables[0]
        .rows
        .iter()
        .map(|row| row[0].text.as_str())
        .collect();
    assert_eq!(
        rules,
        [
            "Valuation as published",
            "Both members, whatever their record",
            "Linear member alone",
            "Price of the day before",
            "Valuation at the close"
        ]
    );
    assert_eq!(
        cells(&tables[0].rows[0])[1..],
        [
            "1.00% ($2.00)",
            "0.75% ($1.50)",
            "50%",
            "5.00",
            "✓ better, p\u{a0}<\u{a0}0.001"
        ]
    );
    assert_eq!(
        cells(&tables[0].rows[3])[3..],
        ["–", "–", "the rule to beat"]
    );
    let parts: Vec<&str> = tables[1]
        .rows
        .iter()
        .map(|row| row[0].text.as_str())
        .collect();
    assert_eq!(
        parts,
        [
            "2011–2012",
            "Last 300 days",
            "After a close above all prices trained on"
        ]
    );
    assert_eq!(
        cells(&tables[1].rows[1])[3..],
        ["1.50%", "10%", "1.00", "○ no better, p\u{a0}=\u{a0}0.20"]
    );
    assert!(texts(verdict).contains(
        &"Where it said 1%, gold moved by 0.90% on average: its moves are too large (Mincer–Zarnowitz; t of a slope of 1: −2.50)."
    ));
}

#[test]
fn no_skill_is_said_as_such() {
    let mut closed = walk();
    closed.skill = skill(Verdict::NoSkill, 0.0, 1.0);
    closed.walk.as_mut().unwrap().shipped = 0.0;
    let sections = sections(&closed);
    let verdict = blocks(&sections, "Is it any good?");
    assert_eq!(
        verdict[0],
        Block::Text(
            "○ No better than yesterday's price".to_owned(),
            Look::Doubtful
        )
    );
    assert!(
        texts(verdict)
            .iter()
            .any(|text| text.starts_with("No skill: the gate was closed on every day"))
    );
    let open = super::sections(&walk());
    assert!(
        texts(blocks(&open, "Is it any good?"))
            .iter()
            .any(|text| text.starts_with("The gate was open on 97.2% of days."))
    );
}

#[test]
fn years_are_counted_and_drawn_with_their_numbers() {
    let sections = sections(&walk());
    let years = blocks(&sections, "Skill by year");
    assert_eq!(
        texts(years)[1],
        "Better than yesterday's price beyond luck in 1 of 2 years. Skill was lowest in 2012 (−10%) and highest in 2011 (60%)."
    );
    let Block::Columns(columns) = &years[2] else {
        panic!("{:?}", years[2]);
    };
    let shown: Vec<(&str, &str, Look)> = columns
        .iter()
        .map(|one| (one.label.as_str(), one.number.as_str(), one.look))
        .collect();
    assert_eq!(
        shown,
        [
            ("2011", "60% ✓", Look::Good),
            ("2012", "−10% ○", Look::Doubtful)
        ]
    );
    assert_eq!(tables(years)[0].rows.len(), columns.len());
    assert!(
        texts(years)[2].starts_with("Better than yesterday's price beyond luck in 1 of 1 block.")
    );
}

#[test]
fn intervals_are_held_to_their_promise_and_to_the_customary_ones() {
    let sections = sections(&walk());
    let intervals = blocks(&sections, "Do the intervals keep their promise?");
    assert_eq!(
        texts(intervals)[0],
        "It should hold the price on 80% of days and held it on 80.0%; by year from 78.0% (2011) to 82.0% (2012). In one year \
         luck alone moves that by about 2.5 points. Columns: points above or below the promise."
    );
    let tables = tables(intervals);
    assert_eq!(cells(&tables[0].rows[0]), ["2011", "251", "78.0%", "79.0%"]);
    assert!(texts(intervals).contains(
        &"✓ 80% intervals: their score is 3.9% better than that of the customary ones (p\u{a0}<\u{a0}0.001)."
    ));
    assert_eq!(
        cells(&tables[2].rows[1]),
        ["80%, customary", "81.0%", "1.50%", "2.222%"]
    );
}

#[test]
fn takeovers_are_named_or_counted() {
    let mut card = walk();
    let said = |card: &ModelCard| {
        let sections = sections(card);
        (*texts(blocks(&sections, "Two members")).last().unwrap()).to_owned()
    };
    assert!(said(&card).ends_with("trained on: 23 Sep 2011."));
    let walk = card.walk.as_mut().unwrap();
    let first = walk.takeovers[0];
    walk.takeovers = first.iter_days().take(14).collect();
    let many = said(&card);
    assert!(many.contains("alone on 14 days") && many.contains("of late: 25 Sep 2011, "));
    card.walk.as_mut().unwrap().takeovers.clear();
    assert!(said(&card).starts_with("The linear member never spoke alone"));
}

#[test]
fn the_default_stays_unless_the_gain_is_beyond_one_standard_error() {
    let choice = |gain: f64, standard_error: f64| {
        let mut card = walk();
        card.walk.as_mut().unwrap().choice = Some(Choice {
            gain,
            standard_error,
            adopted: gain > standard_error,
        });
        let sections = sections(&card);
        texts(blocks(&sections, "How its parameters were chosen"))[0].to_owned()
    };
    assert_eq!(
        choice(0.002, 0.004),
        "6 combinations were tried in 1 stage. The default stays: the best of them lowers the validation error by 0.0020% only, \
         within one standard error (0.0040%)."
    );
    assert!(choice(0.005, 0.004).contains("replaced the default"));
    assert!(choice(-0.001, 0.004).ends_with("none of them has a lower validation error."));
    let mut alone = card();
    alone.searches[0].candidates = 1;
    let sections = sections(&alone);
    assert_eq!(
        texts(blocks(&sections, "How its parameters were chosen"))[0],
        "Nothing was searched: the grid `small` holds one set of parameters."
    );
}

#[test]
fn a_search_is_a_map_of_its_two_longest_axes() {
    let sections = sections(&card());
    let search = blocks(&sections, "How its parameters were chosen");
    let map = tables(search)[0];
    assert_eq!(map.head, ["learning_rate", "2", "3"]);
    let rows: Vec<Vec<&str>> = map.rows.iter().map(|row| cells(row)).collect();
    assert_eq!(
        rows,
        [
            ["0.01", "–", "–"],
            ["0.03", "0.6600%", "★ 0.6500%"],
            ["0.1", "0.6700%", "0.7000%"]
        ]
    );
    let heats: Vec<Option<f64>> = map.rows[1].iter().map(|cell| cell.heat).collect();
    assert_eq!(heats[0], None);
    assert!((heats[1].unwrap() - 0.8).abs() < 1e-9 && (heats[2].unwrap() - 1.0).abs() < 1e-9);
    let best = tables(search)[1];
    assert_eq!(
        best.head,
        ["Rank", "Mean error", "learning_rate", "max_depth"]
    );
    assert_eq!(cells(&best.rows[4]), ["5", "given up early", "0.01", "2"]);
}

#[test]
fn a_model_without_a_walk_shows_what_there_is() {
    let mut once = card();
    once.look_ahead = Some("by design: the mean contains the day's own price".to_owned());
    let sections = sections(&once);
    let titles: Vec<&str> = sections.iter().map(|one| one.title.as_str()).collect();
    assert_eq!(
        titles,
        [
            "Is it any good?",
            "Do the intervals keep their promise?",
            "How its parameters were chosen",
            "Which model this is"
        ]
    );
    let verdict = blocks(&sections, "Is it any good?");
    assert!(texts(verdict)[0].ends_with("at the time: the mean contains the day's own price."));
    assert_eq!(
        cells(&tables(verdict)[0].rows[0]),
        ["Valuation as published", "0.63% ($1.19)", "$0.71"]
    );
}

#[test]
fn the_lineage_names_what_tells_two_models_apart() {
    let sections = sections(&walk());
    let Block::Facts(facts) = &blocks(&sections, "Which model this is")[0] else {
        panic!("no facts");
    };
    let value = |label: &str| {
        let fact = facts.iter().find(|[name, _]| name == label);
        fact.map(|[_, value]| value.as_str())
    };
    assert_eq!(value("Hash of the model file"), Some("`0123456789ab…`"));
    assert_eq!(
        value("Fitted"),
        Some("24 times, last on the days before 3 Dec 2012")
    );
    assert_eq!(value("Versions"), Some("assay 0.1.0, xgboost 3.4.1"));
    assert_eq!(value("Trained on"), None);
}

fn clean_check() -> AuditCheck {
    AuditCheck {
        check: AuditKind::Truncation,
        label: "another future changes nothing".to_owned(),
        compared: 12_345,
        largest: 2.5e-17,
        findings: Vec::new(),
        passed: true,
    }
}

fn leak() -> AuditFinding {
    AuditFinding {
        name: "gold_ema_30".to_owned(),
        date: "2024-09-23".parse().unwrap(),
        rows: 300,
        difference: Some(1.25),
        detail: "it contains the same day's price".to_owned(),
    }
}

#[test]
fn the_audit_tells_each_check_and_each_finding() {
    let mut audited = walk();
    audited.audit = Some(AuditCard {
        dates: 200,
        seed: 7,
        tolerance: 1e-12,
        checks: vec![clean_check()],
        passed: true,
    });
    let said = |card: &ModelCard| sections(card);
    let sections = said(&audited);
    let audit = blocks(&sections, "Does it look ahead?");
    assert_eq!(
        texts(audit),
        [
            "✓ Nothing knew what it could not have known",
            "On 200 days drawn by seed 7, what was not yet known was removed or replaced, and everything computed anew. \
             Numbers that differ by at most 1e-12 count as equal."
        ]
    );
    assert_eq!(tables(audit).len(), 1);
    assert_eq!(
        cells(&tables(audit)[0].rows[0]),
        [
            "Another future changes nothing.",
            "12,345",
            "2.5e-17",
            "✓ nothing found"
        ]
    );
    let card = audited.audit.as_mut().unwrap();
    card.passed = false;
    card.checks.push(AuditCheck {
        findings: vec![leak(); 21],
        passed: false,
        largest: 1.25,
        ..clean_check()
    });
    let sections = said(&audited);
    let audit = blocks(&sections, "Does it look ahead?");
    assert!(texts(audit)[0].starts_with("✕ Something knew"));
    assert_eq!(tables(audit)[0].rows[1][3].text, "✕ 21 findings");
    let found = tables(audit)[1];
    assert_eq!(found.caption, "The first 20 of 21 findings");
    assert_eq!(
        cells(&found.rows[19]),
        [
            "gold_ema_30",
            "23 Sep 2024",
            "300",
            "1.250",
            "It contains the same day's price."
        ]
    );
}
