//! The answer: what gold would be valued at, between what limits, and what to make of it.

use std::time::Duration;

use leptos::prelude::*;
use shared::valuation::Interval;

use super::desk::Desk;
use super::words;
use crate::{format, words as say};

/// How long the hand must rest before the answer is read out: a slider on the move would chatter.
const REST: Duration = Duration::from_millis(700);

/// The card of the answer.
#[component]
pub(super) fn Result(
    /// The page's state.
    desk: Desk,
) -> impl IntoView {
    let money = move |value: f64| desk.with_day(|today| format::money(value, &today.unit));
    let title = desk.with_day(|today| format!("{} would be valued at", today.target_title));
    let unit = desk.with_day(|today| format::amount(0.0, &today.unit).unit);
    let value = move || {
        let outcome = desk.outcome.read();
        outcome
            .as_ref()
            .map_or_else(|| format::NONE.to_owned(), |said| money(said.valuation))
    };
    // For programs that read the page: all digits.
    let exact = move || {
        let outcome = desk.outcome.read();
        outcome.as_ref().map(|said| said.valuation.to_string())
    };
    let against = move || {
        let outcome = desk.outcome.read();
        outcome.as_ref().map_or_else(
            || "The model has no value at these levels.".to_owned(),
            |said| desk.with_day(|today| words::against_published(today, said)),
        )
    };
    let notes = move || {
        let outcome = desk.outcome.read();
        let said = outcome.as_ref()?;
        let remark = desk.with_day(|today| words::remark(today, said));
        let notes = [remark, words::strays(said)].into_iter().flatten();
        Some(
            notes
                .map(|text| view! { <p class="caveat">{text}</p> })
                .collect_view(),
        )
    };
    view! {
        <section class="card outcome" aria-labelledby="outcome">
            <h2 id="outcome">{title}</h2>
            <p class="outcome-value"><data value=exact>{value}</data> " " <small>{unit}</small></p>
            <p class="outcome-against">{against}</p>
            <dl class="facts">
                <Likely desk level=0 />
                <Likely desk level=1 />
                <Move desk />
            </dl>
            {notes}
            <Announcer desk />
        </section>
        <p class="outcome-bar" aria-hidden="true"><b>{value}</b> " " {against}</p>
    }
}

#[component]
fn Likely(desk: Desk, level: usize) -> impl IntoView {
    let range = move || {
        let outcome = desk.outcome.read();
        let interval: Option<Interval> = outcome.as_ref().and_then(|said| match level {
            0 => said.interval_80,
            _ => said.interval_95,
        });
        interval.map_or_else(
            || format::NONE.to_owned(),
            |range| desk.with_day(|today| say::interval(range, &today.unit)),
        )
    };
    let name = ["80% interval", "95% interval"][level.min(1)];
    view! { <div><dt>{name}</dt><dd>{range}</dd></div> }
}

#[component]
fn Move(desk: Desk) -> impl IntoView {
    let is_move = desk.with_day(shared::what_if::Today::is_about_moves);
    let size = move || {
        let outcome = desk.outcome.read();
        outcome.as_ref().map_or_else(
            || format::NONE.to_owned(),
            |said| format::signed_percent(said.output),
        )
    };
    is_move.then(
        || view! { <div><dt>"Move from the day before, logarithmic"</dt><dd>{size}</dd></div> },
    )
}

/// Reads the answer out when the hand rests; silent while nothing has been moved.
#[component]
fn Announcer(desk: Desk) -> impl IntoView {
    let said = RwSignal::new(String::new());
    let timer = StoredValue::new(None::<TimeoutHandle>);
    Effect::new(move |before: Option<()>| {
        desk.outcome.track();
        if before.is_none() {
            return;
        }
        let speak = move || {
            let text = desk.with_day(|today| {
                let outcome = desk.outcome.read_untracked();
                words::announced(today, outcome.as_ref())
            });
            said.try_set(text);
        };
        timer.update_value(|timer| {
            if let Some(earlier) = timer.take() {
                earlier.clear();
            }
            *timer = set_timeout_with_handle(speak, REST).ok();
        });
    });
    on_cleanup(move || {
        timer.try_update_value(|timer| timer.take().map(|handle| handle.clear()));
    });
    view! { <p class="visually-hidden" role="status">{said}</p> }
}
