//! What a driver did to the valuation of each day.

use std::sync::Arc;

use leptos::prelude::*;
use shared::api::GetContributionHistory;
use shared::valuation::Contribution;

use super::history::days_in_view;
use crate::address::Address;
use crate::chart::{Layer, Pane, Plot, Scale, Shape, TimeChart};
use crate::format;
use crate::load::{Load, use_get};

/// The chart of a driver's contributions.
#[component]
pub(super) fn ContributionCard(
    /// As contributions name it.
    feature: String,
    /// The series, for people.
    title: String,
) -> impl IntoView {
    let address = Address::get();
    let source = use_get(move || GetContributionHistory {
        feature: feature.clone(),
        from: None,
        to: None,
        as_of: address.as_of(),
    });
    view! {
        <section class="card" aria-labelledby="contribution">
            <h2 id="contribution">"What it did to the valuation, day by day"</h2>
            <Load
                source
                name="contributions"
                empty=|| view! { <p class="hint">"Nothing yet."</p> }
                ready=move |rows| chart(&rows, &title)
            />
        </section>
    }
}

fn chart(rows: &[Contribution], title: &str) -> AnyView {
    if rows.is_empty() {
        return view! { <p class="hint">"This run tells no contributions of it."</p> }.into_any();
    }
    let plot = Arc::new(plot(rows));
    let view = days_in_view(plot.days.clone());
    let rows = rows.to_vec();
    let summary = Signal::derive(move || summary(&rows, view.get()));
    view! { <TimeChart plot view label=format!("Contribution of {title} by day") summary /> }
        .into_any()
}

fn plot(rows: &[Contribution]) -> Plot {
    let layer = Layer {
        name: "Contribution".to_owned(),
        colour: "over",
        shape: Shape::Columns(rows.iter().map(|row| row.contribution).collect()),
    };
    let scale = Scale {
        digits: 3,
        signed: true,
        ..Scale::default()
    };
    let pane = Pane {
        scale,
        height: 1.0,
        layers: vec![layer],
    };
    Plot {
        days: rows.iter().map(|row| row.date).collect(),
        panes: vec![pane],
        ..Plot::default()
    }
}

fn summary(rows: &[Contribution], (first, last): (usize, usize)) -> String {
    let view = rows.get(first..=last).unwrap_or_default();
    let largest = view
        .iter()
        .max_by(|a, b| a.contribution.abs().total_cmp(&b.contribution.abs()));
    let Some(largest) = largest else {
        return "No day in view.".to_owned();
    };
    let mean = view.iter().map(|row| row.contribution.abs()).sum::<f64>() / view.len() as f64;
    format!(
        "On an average day in view it moved the model's output by {}; most on {}, by {}. In the unit of the model's output.",
        format::grouped(mean, 3),
        format::date(largest.date),
        format::signed(largest.contribution)
    )
}
