//! Every series with its last value, its age and what became of it; those in trouble first.

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use shared::run::SeriesState;
use shared::snapshot::SeriesFreshness;

use crate::format;
use crate::notice::trouble_first;

/// The series of a run.
#[component]
pub(crate) fn SeriesTable(
    /// The series.
    series: Vec<SeriesFreshness>,
    /// The browser's clock.
    now: ReadSignal<DateTime<Utc>>,
) -> impl IntoView {
    let rows = trouble_first(series, |one| one.state)
        .map(|one| line(one, now))
        .collect_view();
    view! {
        <table class="series">
            <thead>
                <tr>
                    <th scope="col">"Series"</th>
                    <th scope="col">"Last value"</th>
                    <th scope="col">"Known since"</th>
                    <th scope="col">"State"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

fn line(one: SeriesFreshness, now: ReadSignal<DateTime<Utc>>) -> impl IntoView {
    let value = one.last_value.map(|value| format::amount(value, &one.unit));
    let number = value
        .as_ref()
        .map_or(format::NONE.to_owned(), |value| value.number.clone());
    let day = one
        .last_date
        .map(|day| format!("for {}", format::date(day)));
    let age = one
        .known_since
        .map(|since| move || format::ago(since, now.get()));
    let unit = value.map_or_else(String::new, |value| value.unit);
    let (class, mark, word) = state(one.state);
    view! {
        <tr>
            <th scope="row">
                <a href=format!("/data?series={}", one.series)>{one.title}</a> " " <small>{one.vendor.title()} {(!unit.is_empty()).then(|| format!(" · {unit}"))}</small>
            </th>
            <td>{number} " " <small>{day}</small></td>
            <td>
                {age.map_or_else(|| format::NONE.into_any(), IntoAny::into_any)} " "
                <small>{one.known_since.map(format::instant)}</small>
            </td>
            <td><span class=format!("state {class}")><span aria-hidden="true">{mark}</span> " " {word}</span></td>
        </tr>
    }
}

/// The class, mark and word of a state.
pub(crate) fn state(state: SeriesState) -> (&'static str, &'static str, &'static str) {
    match state {
        SeriesState::Fresh => ("good", "✓", "Fresh"),
        SeriesState::Unchanged => ("good", "✓", "Unchanged"),
        SeriesState::Stale => ("warn", "!", "Stale"),
        SeriesState::Missing => ("bad", "✕", "Missing"),
    }
}
