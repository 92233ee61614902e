//! Where a series comes from and how fresh it is.

use std::sync::Arc;

use leptos::prelude::*;
use shared::api::DriverSeries;

use super::words;
use crate::browser;
use crate::components::state_of_series;
use crate::format;

/// The facts of a series.
#[component]
pub(super) fn Facts(
    /// The series.
    one: Arc<DriverSeries>,
) -> impl IntoView {
    let now = browser::use_now();
    let freshness = &one.freshness;
    let value = freshness
        .last_value
        .map(|value| format::amount(value, &freshness.unit));
    let value = value.map_or_else(|| format::NONE.to_owned(), |amount| amount.number);
    let day = freshness
        .last_date
        .map(|day| format!("for {}", format::date(day)));
    let since = freshness.known_since;
    let age = move || {
        since.map_or_else(
            || format::NONE.to_owned(),
            |since| {
                format!(
                    "{} ({})",
                    format::instant(since),
                    format::ago(since, now.get())
                )
            },
        )
    };
    let (class, mark, word) = state_of_series(freshness.state);
    let frequency = one.frequency.map(words::frequency);
    let late = one.stale_after_days.map(|days| {
        let days = format::count(usize::try_from(days).unwrap_or_default(), "day");
        view! { <div><dt>"Stale after"</dt><dd>{days} " without a new value"</dd></div> }
    });
    view! {
        <dl class="facts">
            <div><dt>"Last value"</dt><dd>{value} " " <span class="quiet">{day}</span></dd></div>
            <div><dt>"Unit"</dt><dd>{freshness.unit.clone()}</dd></div>
            <div><dt>"Known since"</dt><dd>{age}</dd></div>
            <div><dt>"Source"</dt><dd>{freshness.vendor.title()} " " <code>{one.source.clone()}</code></dd></div>
            <div><dt>"Published"</dt><dd>{frequency}</dd></div>
            <div>
                <dt>"State"</dt>
                <dd><span class=format!("state {class}")><span aria-hidden="true">{mark}</span> " " {word}</span></dd>
            </div>
            {late}
        </dl>
        <p class="hint">
            <a href=format!("/data?series={}", freshness.series)>"The vendor's own answer behind these numbers"</a>
        </p>
    }
}
