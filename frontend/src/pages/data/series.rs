//! Behind one series: its source and rule, what each check found, refused rows, and every value with its raw answer.

use std::sync::Arc;

use leptos::prelude::*;
use shared::api::{GetRejected, GetSeries, SeriesData};
use shared::checks::{CheckResult, RejectedRows, SeriesChecks};
use shared::problem::Code;
use shared::series::{Observation, SeriesId};

use super::table::as_of_part;
use crate::address::Address;
use crate::components::Text;
use crate::format;
use crate::load::{Load, Source, use_get};

/// Values on the page at first; a press shows as many more.
const SHOWN: usize = 30;

/// The chosen series.
#[component]
pub(super) fn Behind(
    /// The series.
    series: SeriesId,
    /// What is known of all series.
    checks: Source<Vec<SeriesChecks>>,
) -> impl IntoView {
    let address = Address::get();
    let (asked, refused) = (series.clone(), series.clone());
    let source = use_get(move || GetSeries {
        series: asked.clone(),
        as_of: address.as_of(),
    });
    let rejected = use_get(move || GetRejected {
        series: refused.clone(),
    });
    let known = Memo::new(move |_| {
        let all = checks.data()?;
        all.iter().find(|one| one.series == series).cloned()
    });
    let close = move || {
        let rest = as_of_part(address);
        format!("/data{}", rest.replacen('&', "?", 1))
    };
    view! {
        <section class="card" aria-labelledby="behind">
            <Load
                source
                name="series"
                empty=|| view! { <p>"The current run has no such series."</p> }
                empty_on=Code::NotFound
                ready=move |data| view! {
                    <div class="card-header">
                        <h2 id="behind">{data.freshness.title.clone()}</h2>
                        <a href=close>"Close"</a>
                    </div>
                    {move || known.get().map(|known| view! { <Known known /> })}
                    <Values data />
                }
            />
            <Load source=rejected name="refused rows" empty=|| () empty_on=Code::NotFound ready=|rows| refused_view(&rows) />
        </section>
    }
}

#[component]
fn Known(known: SeriesChecks) -> impl IntoView {
    let next = known
        .next_expected
        .zip(known.next_date)
        .map(|(at, date)| format!("{}, for {}", format::instant(at), format::date(date)));
    let revisions = known.vintages.saturating_sub(known.dates) as usize;
    let counts = format!(
        "{}, {}",
        format::count(known.dates as usize, "date"),
        if revisions == 0 {
            "none revised".to_owned()
        } else {
            format::count(revisions, "revision")
        }
    );
    let facts = [
        (
            "Source",
            Some(format!("{}: {}", known.vendor.title(), known.source)),
        ),
        ("Counts as known", Some(known.publication)),
        ("Next expected", next),
        ("In the lake", Some(counts)),
    ];
    let facts = facts.into_iter().filter_map(|(name, text)| {
        let text = text?;
        Some(view! { <div><dt>{name}</dt><dd>{text}</dd></div> })
    });
    let checks = known.checks.into_iter().map(check_view).collect_view();
    let notes = known.report.into_iter().flat_map(|report| report.warnings);
    let notes = notes.map(|text| view! { <li><Text text=format::sentence(&text) /></li> });
    view! {
        <dl class="facts">{facts.collect_view()}</dl>
        <details>
            <summary>"What the checks found in the newest attempt"</summary>
            <ul class="checks">{checks}</ul>
            <ul class="said">{notes.collect_view()}</ul>
        </details>
    }
}

fn check_view(one: CheckResult) -> impl IntoView {
    let (class, mark, word) = if one.passed {
        ("good", "✓", "passed")
    } else {
        ("bad", "✕", "failed")
    };
    let refused =
        (one.refused > 0).then(|| format!(", {} refused", format::count(one.refused, "row")));
    view! {
        <li>
            <span class=format!("state {class}")><span aria-hidden="true">{mark}</span> " " {word}</span> " "
            {format::sentence(&one.rule)} {refused}
        </li>
    }
}

/// Values, newest first, each with the answer that it was read from.
#[component]
fn Values(data: Arc<SeriesData>) -> impl IntoView {
    let shown = RwSignal::new(SHOWN);
    let all = data.observations.len();
    let unit = data.freshness.unit.clone();
    let rows = {
        let data = Arc::clone(&data);
        move || {
            let newest = data.observations.iter().rev().take(shown.get());
            newest.map(|one| value_view(one, &unit)).collect_view()
        }
    };
    let more = move || shown.get() < all;
    view! {
        <div class="scroll" tabindex="0" role="group" aria-label="Values">
            <table>
                <caption>"Values, newest first"</caption>
                <thead>
                    <tr>
                        <th scope="col">"For"</th>
                        <th scope="col">"Value"</th>
                        <th scope="col">"Known since"</th>
                        <th scope="col" class="wide-only">"Vintage"</th>
                        <th scope="col">"Source"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <Show when=more>
            <button type="button" on:click=move |_| shown.update(|shown| *shown += 10 * SHOWN)>"Show more"</button>
        </Show>
    }
}

fn value_view(one: &Observation, unit: &str) -> impl IntoView + use<> {
    let href = format!("/api/raw/{}", one.source);
    let day = format::date(one.date);
    let name = format!("Raw answer for {day}");
    view! {
        <tr>
            <th scope="row">{day}</th>
            <td>{format::money(one.value, unit)}</td>
            <td>{format::instant(one.available_at)}</td>
            <td class="wide-only">{format::date(one.vintage)}</td>
            <td><a href=href target="_blank" rel="noopener" aria-label=name>"raw answer"</a></td>
        </tr>
    }
}

fn refused_view(rows: &RejectedRows) -> Option<impl IntoView + use<>> {
    let title = format!("{} refused by checks", format::count(rows.total, "row"));
    let lines = rows.rows.iter().map(|row| {
        let href = format!("/api/raw/{}", row.source);
        let name = format!("Raw answer with the refused row {}", row.date);
        view! {
            <tr>
                <th scope="row">{row.date.clone()}</th>
                <td>{row.value.clone()}</td>
                <td class="text">{format::sentence(&row.reason)}</td>
                <td><a href=href target="_blank" rel="noopener" aria-label=name>"raw answer"</a></td>
            </tr>
        }
    });
    (rows.total > 0).then(|| {
        view! {
            <details>
                <summary>{title}</summary>
                <div class="scroll" tabindex="0" role="group" aria-label="Refused rows">
                    <table>
                        <thead>
                            <tr>
                                <th scope="col">"Date"</th>
                                <th scope="col">"Value"</th>
                                <th scope="col">"Reason"</th>
                                <th scope="col">"Source"</th>
                            </tr>
                        </thead>
                        <tbody>{lines.collect_view()}</tbody>
                    </table>
                </div>
            </details>
        }
    })
}
