//! The chart's numbers as a table, behind a disclosure; its rows are made when it is first opened.

use std::sync::Arc;

use leptos::prelude::*;
use shared::valuation::Valuation;

use crate::format;
use crate::words::interval;

/// The most rows: what a reader can look through.
const ROWS: usize = 400;

/// The days in view, newest first.
#[component]
pub(super) fn DayTable(
    /// The days, oldest first.
    rows: Arc<Vec<Valuation>>,
    /// Their unit.
    unit: String,
    /// The first day in view, as its place among them.
    first: Memo<usize>,
) -> impl IntoView {
    let opened = RwSignal::new(false);
    let body = move || {
        let rows = rows.get(first.get()..).filter(|_| opened.get());
        let newest = rows.unwrap_or_default().iter().rev().take(ROWS);
        newest.map(|row| line(row, &unit)).collect_view()
    };
    view! {
        <details class="days" on:toggle=move |_| opened.set(true)>
            <summary>"The chart's numbers as a table"</summary>
            <div class="scroll" tabindex="0" role="region" aria-label="Price and valuation by day">
                <table>
                    <thead>
                        <tr>
                            <th scope="col">"Day"</th>
                            <th scope="col">"Price"</th>
                            <th scope="col">"Value"</th>
                            <th scope="col" class="wide-only">"80% interval"</th>
                            <th scope="col">"Gap"</th>
                        </tr>
                    </thead>
                    <tbody>{body}</tbody>
                </table>
            </div>
        </details>
    }
}

fn line(row: &Valuation, unit: &str) -> impl IntoView + use<> {
    let range = row
        .interval_80
        .map_or(format::NONE.to_owned(), |range| interval(range, unit));
    view! {
        <tr>
            <th scope="row">{format::date(row.date)}</th>
            <td>{format::money(row.price, unit)}</td>
            <td>{format::money(row.valuation, unit)}</td>
            <td class="wide-only">{range}</td>
            <td>{format::signed_percent(row.gap_pct())}</td>
        </tr>
    }
}
