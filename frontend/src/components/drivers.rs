//! What moved the newest valuation: the largest contributions as bars with numbers.

use std::sync::Arc;

use leptos::prelude::*;
use shared::snapshot::Snapshot;
use shared::valuation::{BASE, Method};

use crate::words;

/// How many drivers have a bar of their own.
const SHOWN: usize = 8;

/// One bar.
#[derive(Clone, Debug, PartialEq)]
struct Bar {
    label: String,
    group: String,
    value: f64,
}

/// The bars of a run, largest first; what is too small for a bar of its own is summed in the last one.
fn bars(snapshot: &Snapshot) -> Vec<Bar> {
    let mut all: Vec<Bar> = snapshot
        .contributions
        .iter()
        .filter(|one| one.feature != BASE)
        .map(|one| {
            let card = snapshot
                .features
                .iter()
                .find(|card| card.name == one.feature);
            Bar {
                label: card.map_or_else(|| one.feature.clone(), |card| card.label.clone()),
                group: card.map_or_else(String::new, |card| card.group.clone()),
                value: one.contribution,
            }
        })
        .collect();
    if all.len() > SHOWN + 1 {
        let rest = all.split_off(SHOWN);
        all.push(Bar {
            label: format!("{} others together", rest.len()),
            group: String::new(),
            value: rest.iter().map(|bar| bar.value).sum(),
        });
    }
    all
}

/// The drivers of the newest valuation.
#[component]
pub(crate) fn Drivers(
    /// The run.
    snapshot: Arc<Snapshot>,
) -> impl IntoView {
    let bars = bars(&snapshot);
    let longest = bars.iter().map(|bar| bar.value.abs()).fold(0.0, f64::max);
    let unit = snapshot.contribution_unit.clone();
    let is_model = snapshot.latest.method == Method::Model;
    let lines = bars
        .into_iter()
        .map(|bar| line(bar, longest, &unit))
        .collect_view();
    view! {
        <section class="card" aria-labelledby="drivers">
            <h2 id="drivers">"What moved the model's value"</h2>
            <p class="hint">
                {words::contribution_sum(&snapshot)}
                {(!is_model).then_some(" The shown value is not the model's own that day; see the note at the top.")}
            </p>
            <ol class="bars">{lines}</ol>
        </section>
    }
}

/// Bars start in the middle: to the right they raise the value, to the left they lower it.
fn line(bar: Bar, longest: f64, unit: &str) -> impl IntoView + use<> {
    let width = if longest > 0.0 {
        50.0 * bar.value.abs() / longest
    } else {
        0.0
    };
    let (class, left) = if bar.value < 0.0 {
        ("bar bar-lowers", 50.0 - width)
    } else {
        ("bar bar-raises", 50.0)
    };
    let number = words::contribution(bar.value, unit);
    view! {
        <li>
            <span class="bar-label">{bar.label} " " <small>{bar.group}</small></span>
            <span class="bar-track" aria-hidden="true">
                <i class=class style:left=format!("{left:.2}%") style:width=format!("{width:.2}%")></i>
            </span>
            <span class="bar-number">{number}</span>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::snapshot;
    use shared::valuation::Contribution;

    #[test]
    fn the_base_is_no_driver_and_the_small_ones_are_summed() {
        let mut run = snapshot();
        let date = run.latest.date;
        run.contributions = (0..12)
            .map(|index| Contribution {
                date,
                feature: format!("feature_{index}"),
                contribution: f64::from(12 - index),
            })
            .collect();
        run.contributions[3].feature = BASE.to_owned();
        let shown = bars(&run);
        assert_eq!(shown.len(), SHOWN + 1);
        assert_eq!(shown[3].label, "feature_4");
        assert_eq!(shown[8].label, "3 others together");
        assert!((shown[8].value - 6.0).abs() < 1e-12);
    }
}
