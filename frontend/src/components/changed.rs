//! What changed since the run before, and why: asked for on demand, because both datasets are made again for it.

use std::sync::Arc;

use chrono::NaiveDate;
use leptos::prelude::*;
use serde::Deserialize;
use shared::api::GetDiff;
use shared::problem::Code;
use shared::snapshot::Snapshot;

use super::table::table_view;
use crate::api;
use crate::figures::Table;
use crate::format;
use crate::load::{Load, use_answer};

/// What the page shows of a `shared::diff::RunDiff`; its other fields are not read, which keeps the program small.
#[derive(Deserialize, PartialEq)]
struct Change {
    from: Side,
    to: Side,
    unit: String,
    change: f64,
    lines: Vec<Line>,
}

#[derive(Deserialize, PartialEq)]
struct Side {
    date: NaiveDate,
    valuation: f64,
}

#[derive(Deserialize, PartialEq)]
struct Line {
    amount: f64,
    what: String,
}

/// A disclosure; opened it asks for the difference to the run before.
#[component]
pub(crate) fn ChangedCard(
    /// The run that the page shows.
    snapshot: Arc<Snapshot>,
) -> impl IntoView {
    let opened = RwSignal::new(false);
    let run_id = snapshot.run_id.clone();
    let body = move || {
        let to = Some(run_id.clone());
        opened.get().then(|| view! { <Since to /> })
    };
    view! {
        <section class="card" aria-labelledby="changed">
            <h2 id="changed">"What changed since the run before"</h2>
            <details on:toggle=move |_| opened.set(true)>
                <summary>"Data, revisions, model: what each of them did to the value"</summary>
                {body}
            </details>
        </section>
    }
}

#[component]
fn Since(to: Option<String>) -> impl IntoView {
    let source = use_answer::<GetDiff, Change>(
        move || GetDiff {
            from: None,
            to: to.clone(),
        },
        |source, answer| source.take(answer.and_then(|body| api::read(&body))),
    );
    view! {
        <Load
            source
            name="difference to the run before"
            empty=|| view! { <p>"No run of this preset was published before this one."</p> }
            empty_on=Code::NotFound
            ready=|change| {
                let (sentence, table) = told(&change);
                view! { <p>{sentence}</p> {table_view(table)} }
            }
        />
    }
}

/// The step in a sentence, and its parts; parts that round to nothing are left out.
fn told(change: &Change) -> (String, Table) {
    let (from, to, unit) = (&change.from, &change.to, &change.unit);
    let sentence = format!(
        "The value went from {} for {} to {} for {}: {}.",
        format::money(from.valuation, unit),
        format::date(from.date),
        format::money(to.valuation, unit),
        format::date(to.date),
        format::signed_money(change.change, unit),
    );
    let mut table = Table::new(
        "The parts add up to the change",
        &["What happened", "Amount"],
    );
    let lines = change.lines.iter();
    for line in lines.filter(|line| line.amount.abs() >= 0.005) {
        let amount = format::signed_money(line.amount, unit);
        table.push([format::sentence(&line.what), amount]);
    }
    (sentence, table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_change_is_told_with_its_parts_and_without_what_rounds_to_nothing() {
        let json = r#"{"from": {"run_id": "a", "as_of": "2024-09-20", "date": "2024-09-20", "valuation": 240.0},
            "to": {"run_id": "b", "as_of": "2024-09-23", "date": "2024-09-23", "valuation": 241.5},
            "unit": "USD per share of GLD", "change": 1.5, "notes": [],
            "lines": [{"cause": "new_data", "series": null, "amount": 1.7, "what": "a newer day"},
                {"cause": "model", "series": null, "amount": -0.2, "what": "fitted on other rows"},
                {"cause": "rest", "series": null, "amount": 0.001, "what": "rest"}]}"#;
        let (sentence, table) = told(&serde_json::from_str(json).unwrap());
        assert_eq!(
            sentence,
            "The value went from $240.00 for 20 Sep 2024 to $241.50 for 23 Sep 2024: +$1.50."
        );
        let rows: Vec<[&str; 2]> = table
            .rows
            .iter()
            .map(|row| [row[0].text.as_str(), row[1].text.as_str()])
            .collect();
        assert_eq!(
            rows,
            [
                ["A newer day.", "+$1.70"],
                ["Fitted on other rows.", "\u{2212}$0.20"]
            ]
        );
    }
}
