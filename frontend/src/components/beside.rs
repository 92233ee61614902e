//! Another preset's newest valuation beside this one, on request: the request stands in the address.

use std::sync::Arc;

use leptos::prelude::*;
use shared::api::GetValuation;
use shared::problem::Code;
use shared::snapshot::Snapshot;

use super::notices::Labels;
use super::table::table_view;
use super::text::Text;
use crate::address::Address;
use crate::format;
use crate::live::Live;
use crate::load::{Load, use_get};
use crate::url_state::Beside;
use crate::words;

/// The name in the address.
const BESIDE: &str = "beside";
/// The original project's model, and the one to compare it with.
const CLASSIC: &str = "classic";
const FAIR: &str = "fair";

/// A button, and below it what it asks for.
#[component]
pub(crate) fn BesideCard(
    /// The run that the page shows.
    snapshot: Arc<Snapshot>,
) -> impl IntoView {
    let address = Address::get();
    let chosen = Memo::new(move |_| address.choice::<Beside>(BESIDE).0);
    let offered = if snapshot.preset == CLASSIC {
        FAIR
    } else {
        CLASSIC
    };
    let pressed = move || !chosen.read().is_empty();
    let named = move || {
        if pressed() {
            chosen.get()
        } else {
            offered.to_owned()
        }
    };
    let toggle = move |_| {
        let word = chosen.read_untracked().is_empty().then_some(offered);
        address.choose(BESIDE, word);
    };
    let body = move || {
        let preset = chosen.get();
        let snapshot = Arc::clone(&snapshot);
        (!preset.is_empty()).then(|| view! { <Other preset snapshot /> })
    };
    view! {
        <section class="card" aria-labelledby="beside">
            <header class="card-header">
                <h2 id="beside">"Another model beside it"</h2>
                <button type="button" aria-pressed=move || pressed().to_string() on:click=toggle>
                    "Compare with " {named}
                </button>
            </header>
            <p class="hint">
                "The preset " <code>{CLASSIC}</code> " is the original model, rebuilt with its faults."
            </p>
            {body}
        </section>
    }
}

#[component]
fn Other(preset: String, snapshot: Arc<Snapshot>) -> impl IntoView {
    let (live, address) = (Live::get(), Address::get());
    let advice = format!(
        "No run of `{preset}` is published. Start one under Runs, and after it one of `{}`, so that this page shows the same \
         model as now.",
        snapshot.preset
    );
    let source = use_get(move || {
        live.track_end();
        GetValuation {
            preset: Some(preset.clone()),
            as_of: address.as_of(),
        }
    });
    view! {
        <Load
            source
            name="other model's valuation"
            empty=move || view! { <p role="status"><Text text=advice.clone() /></p> }
            empty_on=Code::NotFound
            ready=move |other| sides(&snapshot, &other)
        />
    }
}

fn sides(this: &Snapshot, other: &Snapshot) -> impl IntoView + use<> {
    let (summary, table) = words::beside(this, other);
    view! {
        <Labels synthetic=false look_ahead=other.look_ahead.clone() />
        <p>{summary}</p>
        {table_view(table)}
        <p class="hint">{format!("{}: as of {}.", other.preset_title, format::date(other.as_of))}</p>
    }
}
