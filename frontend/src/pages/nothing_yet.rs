//! What a page shows before the first run has been published.

use leptos::prelude::*;

use crate::browser;
use crate::components::{Notices, Text};
use crate::live::Live;
use crate::notice::failed_run;

/// Says what to do; and if a first run failed, why.
#[component]
pub(crate) fn NothingYet() -> impl IntoView {
    let live = Live::get();
    let now = browser::use_now();
    let failure = move || {
        let status = live.status.data()?;
        let notice = failed_run(status.last_attempt.as_ref()?, now.get())?;
        Some(view! { <Notices notices=vec![notice] /> })
    };
    let what_next = move || {
        if live.run.read().is_going() {
            return "The first run is going. Its result appears here by itself.";
        }
        if live.status.data().is_some_and(|status| status.synthetic) {
            "Press “Run now”, or type `assay run` in a terminal. No vendor key is set, so the run uses the synthetic market. \
             For real prices set `ASSAY_ALPHAVANTAGE_KEY` and `ASSAY_FRED_KEY`, and start Assay again."
        } else {
            "Press “Run now”, or type `assay run` in a terminal."
        }
    };
    view! {
        {failure}
        <section class="empty">
            <h2>"Nothing has been published yet"</h2>
            <p>{move || view! { <Text text=what_next() /> }}</p>
        </section>
    }
}
