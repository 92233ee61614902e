//! A tile for each series: newest value, its change, and the shape of the last weeks.

use std::sync::Arc;

use leptos::prelude::*;
use shared::api::DriverSeries;

use super::chosen::CHOSEN;
use super::filter::{Shown, group_of, groups, title};
use super::spark::spark;
use super::{SERIES, words};
use crate::address::Address;
use crate::browser;
use crate::components::state_of_series;
use crate::format;
use crate::notice::is_trouble;

/// The tiles, by group.
#[component]
pub(super) fn Tiles(
    /// All series.
    all: Arc<Vec<DriverSeries>>,
    /// Which of them are shown.
    shown: Memo<Shown>,
    /// The place of the one that is shown in full.
    chosen: Memo<usize>,
) -> impl IntoView {
    let sections = groups(&all).into_iter().map(|group| {
        let members = all.iter().enumerate();
        let members = members.filter(|(_, one)| group_of(one) == group);
        let members: Vec<(usize, DriverSeries)> =
            members.map(|(place, one)| (place, one.clone())).collect();
        let any = {
            let members = members.clone();
            move || members.iter().any(|(_, one)| shown.read().has(one))
        };
        let tiles = members.into_iter().map(|(place, one)| {
            view! { <Tile one place shown chosen /> }
        });
        let tiles = tiles.collect_view();
        view! {
            <section class="tile-group" hidden=move || !any()>
                <h2>{title(&group)}</h2>
                <ul class="tiles">{tiles}</ul>
            </section>
        }
    });
    let sections = sections.collect_view();
    let none = move || !all.iter().any(|one| shown.read().has(one));
    view! {
        <div class="tile-groups">{sections}</div>
        <Show when=none>
            <p class="empty">"No series fits. Shorten the word, or choose all groups."</p>
        </Show>
    }
}

#[component]
fn Tile(one: DriverSeries, place: usize, shown: Memo<Shown>, chosen: Memo<usize>) -> impl IntoView {
    let address = Address::get();
    let freshness = &one.freshness;
    let amount = freshness
        .last_value
        .map(|value| format::amount(value, &freshness.unit));
    let (number, unit) = amount.map_or_else(
        || (format::NONE.to_owned(), freshness.unit.clone()),
        |amount| (amount.number, amount.unit),
    );
    let change = words::change(&one).map(|change| {
        let period = words::period(one.frequency);
        view! {
            <span class=format!("change {}", change.class)>
                <span aria-hidden="true">{change.arrow} " "</span>
                {change.text} <span class="visually-hidden">{format!(" {period}")}</span>
            </span>
        }
    });
    let unit = (!unit.is_empty()).then(|| view! { <span>{unit}</span> });
    let day = freshness.last_date.map(format::date);
    let trouble = is_trouble(freshness.state).then(|| {
        let (class, mark, word) = state_of_series(freshness.state);
        view! { <span class=format!("state {class}")><span aria-hidden="true">{mark}</span> " " {word}</span> }
    });
    let name = freshness.series.to_string();
    let pick = move |_| {
        address.choose(SERIES, Some(&name));
        browser::after_paint(|| browser::show(CHOSEN));
    };
    let pressed = move || (chosen.get() == place).to_string();
    let line = spark(&one.values);
    let caption = freshness.title.clone();
    let hidden = move || !shown.read().has(&one);
    view! {
        <li hidden=hidden>
            <button type="button" class="tile" aria-pressed=pressed on:click=pick>
                <span class="tile-title">{caption}</span>
                <span class="tile-value">{number}</span>
                {change}
                {line}
                <span class="tile-about">{unit} " " <span>{day}</span> " " {trouble}</span>
            </button>
        </li>
    }
}
