//! The place for what changed since the run before, and why. `js/changed.js` fills it when it is opened.

use std::sync::Arc;

use leptos::prelude::*;
use shared::snapshot::Snapshot;

/// A disclosure; opened it asks for the difference to the run before.
#[component]
pub(crate) fn ChangedCard(
    /// The run that the page shows.
    snapshot: Arc<Snapshot>,
) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="changed">
            <h2 id="changed">"What changed since the run before"</h2>
            <details>
                <summary>"Data, revisions, model: what each of them did to the value"</summary>
                <div data-changed=snapshot.run_id.clone() aria-live="polite"></div>
            </details>
        </section>
    }
}
