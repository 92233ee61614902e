//! What each driver adds to the answer: a waterfall that follows the levers.

use leptos::prelude::*;
use shared::valuation::{BASE, Contribution};
use shared::waterfall::{Step, Waterfall};
use shared::what_if::{Outcome, Today};

use super::desk::Desk;
use crate::{format, words};

/// The waterfall of the answer. Its lines stay the same; only their bars and numbers move.
#[component]
pub(super) fn Parts(
    /// The page's state.
    desk: Desk,
) -> impl IntoView {
    let waterfall = Memo::new(move |_| {
        let outcome = desk.outcome.read();
        desk.with_day(|today| outcome.as_ref().map(|outcome| steps(today, outcome)))
    });
    let first = waterfall.get_untracked();
    let groups = first.iter().flat_map(|first| &first.groups).enumerate();
    let lines = groups.map(|(group, told)| {
        let head = line(
            desk,
            waterfall,
            told.title.to_owned(),
            Place {
                group,
                driver: None,
            },
        );
        let drivers = told.drivers.iter().enumerate().map(|(driver, (label, _))| {
            let place = Place {
                group,
                driver: Some(driver),
            };
            view! { <li class="bar-line">{line(desk, waterfall, label.clone(), place)}</li> }
        });
        let drivers = drivers.collect_view();
        if told.drivers.is_empty() {
            return view! { <li><div class="bar-line">{head}</div></li> }.into_any();
        }
        view! {
            <li>
                <details open>
                    <summary class="bar-line">{head}</summary>
                    <ul class="bars">{drivers}</ul>
                </details>
            </li>
        }
        .into_any()
    });
    let is_move = desk.with_day(Today::is_about_moves);
    let name = if is_move {
        "The move"
    } else {
        "The model's output"
    };
    view! {
        <section class="card" aria-labelledby="parts">
            <h2 id="parts">"What each driver adds"</h2>
            <ol class="bars">
                {lines.collect_view()}
                <li class="bars-sum"><div class="bar-line">{sum(desk, waterfall, name)}</div></li>
            </ol>
            <p class="hint">
                "Exact: terms of the linear member and Shapley values of the trees. They add up to what the model says."
            </p>
        </section>
    }
}

fn steps(today: &Today, outcome: &Outcome) -> Waterfall {
    let named = today.drivers.iter().map(|card| card.name.as_str());
    let parts = named.zip(outcome.contributions.iter().copied());
    let parts = parts.chain([(BASE, outcome.base)]);
    let contributions: Vec<Contribution> = parts
        .map(|(feature, contribution)| Contribution {
            date: today.date(),
            feature: feature.to_owned(),
            contribution,
        })
        .collect();
    Waterfall::new(&contributions, &today.drivers, today.is_about_moves())
}

/// A line of the waterfall: a group, or one of its drivers.
#[derive(Clone, Copy)]
struct Place {
    group: usize,
    driver: Option<usize>,
}

impl Place {
    fn step(self, waterfall: &Waterfall) -> Option<Step> {
        let group = waterfall.groups.get(self.group)?;
        match self.driver {
            None => Some(group.step),
            Some(driver) => group.drivers.get(driver).map(|(_, step)| *step),
        }
    }
}

type Told = Memo<Option<Waterfall>>;

fn line(desk: Desk, waterfall: Told, label: String, place: Place) -> AnyView {
    let step = move || {
        let waterfall = waterfall.read();
        let step = place.step(waterfall.as_ref()?)?;
        Some((step, waterfall.as_ref()?.place(step)))
    };
    let lowers = move || step().is_some_and(|(step, _)| step.size() < 0.0);
    let class = move || {
        if lowers() {
            "bar bar-lowers"
        } else {
            "bar bar-raises"
        }
    };
    let number = move || {
        let size = step().map_or(0.0, |(step, _)| step.size());
        desk.with_day(|today| words::contribution(size, unit(today)))
    };
    bar(
        waterfall,
        label,
        class,
        move || step().map(|(_, place)| place),
        number,
    )
}

fn sum(desk: Desk, waterfall: Told, name: &str) -> AnyView {
    let whole = move || {
        let waterfall = waterfall.read();
        let waterfall = waterfall.as_ref()?;
        Some((waterfall.whole, waterfall.place(waterfall.whole)))
    };
    let number = move || {
        let Some((step, _)) = whole() else {
            return format::NONE.to_owned();
        };
        desk.with_day(|today| {
            if today.is_about_moves() {
                words::contribution(step.size(), unit(today))
            } else {
                format::money(step.to, &today.unit)
            }
        })
    };
    let place = move || whole().map(|(_, place)| place);
    bar(waterfall, name.to_owned(), || "bar bar-sum", place, number)
}

fn unit(today: &Today) -> &str {
    if today.is_about_moves() {
        "%"
    } else {
        &today.unit
    }
}

/// A name, a bar from where the step before ended, and its number.
fn bar(
    waterfall: Told,
    label: String,
    class: impl Fn() -> &'static str + Send + Sync + 'static,
    place: impl Fn() -> Option<(f64, f64)> + Copy + Send + Sync + 'static,
    number: impl Fn() -> String + Send + Sync + 'static,
) -> AnyView {
    let percent = |place: f64| format!("{place:.2}%");
    let origin = move || {
        let waterfall = waterfall.read();
        let start = waterfall.as_ref().map(|told| {
            let from = told.whole.from;
            told.place(Step { from, to: from }).0
        });
        percent(start.unwrap_or_default())
    };
    let left = move || percent(place().unwrap_or_default().0);
    let width = move || percent(place().unwrap_or_default().1);
    view! {
        <span class="bar-label">{label}</span>
        <span class="bar-track" aria-hidden="true">
            <i class="bar-origin" style:left=origin></i>
            <i class=class style:left=left style:width=width></i>
        </span>
        <span class="bar-number">{number}</span>
    }
    .into_any()
}
