//! What moved the newest valuation: groups of drivers as steps of a waterfall, each of which opens to its drivers.

use std::sync::Arc;

use leptos::prelude::*;
use shared::snapshot::Snapshot;
use shared::valuation::Method;
use shared::waterfall::{Group, Step, Waterfall, is_move};

use crate::words;

/// The drivers of the newest valuation.
#[component]
pub(crate) fn Drivers(
    /// The run.
    snapshot: Arc<Snapshot>,
) -> impl IntoView {
    let waterfall = Waterfall::of(&snapshot);
    let unit = snapshot.contribution_unit.clone();
    // The mean that stands in for a level of `classic` has no drivers: they tell the output that it replaces.
    let stands_in = snapshot.latest.method == Method::Ema;
    let groups = waterfall.groups.iter();
    let steps = (!waterfall.is_flat()).then(|| {
        let lines = groups
            .map(|group| group_view(group, &waterfall, &unit))
            .collect_view();
        let (title, number) = if is_move(&unit) {
            let move_size = waterfall.whole.size();
            ("The move", words::contribution(move_size, &unit))
        } else {
            let level = waterfall.whole.to;
            ("The model's output", crate::format::money(level, &unit))
        };
        let sum = line(title, waterfall.whole, &waterfall, "bar bar-sum", number);
        view! {
            <ol class="bars">
                {lines} <li class="bars-sum"><div class="bar-line">{sum}</div></li>
            </ol>
            <details>
                <summary>"How this is computed"</summary>
                <p>
                    {format!("In {unit}. The parts are exact: terms of the linear member and TreeSHAP values of the trees, \
                    which add up to what the model says.")}
                </p>
            </details>
        }
    });
    view! {
        <section class="card" aria-labelledby="drivers">
            <h2 id="drivers">"What moved the model's value"</h2>
            <p>
                {words::drivers(&snapshot, &waterfall)}
                {stands_in.then_some(" The value shown is not the model's own that day; see the note at the top.")}
            </p>
            {steps}
        </section>
    }
}

/// A group; with a press its drivers.
fn group_view(group: &Group, waterfall: &Waterfall, unit: &str) -> AnyView {
    let whole = step_line(group.title, group.step, waterfall, unit);
    if group.drivers.is_empty() {
        return view! { <li><div class="bar-line">{whole}</div></li> }.into_any();
    }
    let drivers = group.drivers.iter().map(|(label, step)| {
        view! { <li class="bar-line">{step_line(label, *step, waterfall, unit)}</li> }
    });
    view! {
        <li>
            <details>
                <summary class="bar-line">{whole}</summary>
                <ul class="bars">{drivers.collect_view()}</ul>
            </details>
        </li>
    }
    .into_any()
}

fn step_line(label: &str, step: Step, waterfall: &Waterfall, unit: &str) -> AnyView {
    let class = if step.size() < 0.0 {
        "bar bar-lowers"
    } else {
        "bar bar-raises"
    };
    let number = words::contribution(step.size(), unit);
    line(label, step, waterfall, class, number)
}

/// A name, a bar from where the step before ended, and its number.
fn line(
    label: &str,
    step: Step,
    waterfall: &Waterfall,
    class: &'static str,
    number: String,
) -> AnyView {
    let percent = |place: f64| format!("{place:.2}%");
    let (left, width) = waterfall.place(step);
    let start = Step {
        from: waterfall.whole.from,
        to: waterfall.whole.from,
    };
    let (origin, _) = waterfall.place(start);
    view! {
        <span class="bar-label">{label.to_owned()}</span>
        <span class="bar-track" aria-hidden="true">
            <i class="bar-origin" style:left=percent(origin)></i>
            <i class=class style:left=percent(left) style:width=percent(width)></i>
        </span>
        <span class="bar-number">{number}</span>
    }
    .into_any()
}
