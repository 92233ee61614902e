//! The chosen series in full: its history as known now and then, what it did to the valuation, and where it comes from.

use std::sync::Arc;

use leptos::prelude::*;
use shared::api::DriverSeries;

use super::contribution::ContributionCard;
use super::facts::Facts;
use super::history::History;

/// The heading's id.
pub(super) const CHOSEN: &str = "chosen";

/// Everything about one series.
#[component]
pub(super) fn Chosen(
    /// The series.
    one: Arc<DriverSeries>,
) -> impl IntoView {
    let title = one.freshness.title.clone();
    let about = one.features.first().map(|feature| {
        let (feature, title) = (feature.clone(), title.clone());
        view! { <ContributionCard feature title /> }
    });
    view! {
        <section class="card chosen" aria-labelledby=CHOSEN>
            <h2 id=CHOSEN>{title}</h2>
            <History one=Arc::clone(&one) />
            <Facts one />
        </section>
        {about}
    }
}
