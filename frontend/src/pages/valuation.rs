//! The home page: what gold is worth, why, and how sure the model is.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use shared::api::{GetHistory, GetValuation};
use shared::snapshot::Snapshot;

use super::nothing_yet::NothingYet;
use crate::address::Address;
use crate::browser;
use crate::chart::{self, ValuationChart};
use crate::components::{
    Answer, BesideCard, ChangedCard, Choices, Drivers, GapCard, Notices, SeriesTable, SkillVerdict,
};
use crate::live::Live;
use crate::load::{Load, use_get};
use crate::notice::notices;
use crate::url_state::Range;

/// The range's name in the address.
const RANGE: &str = "range";

/// `/`.
#[component]
pub(crate) fn ValuationPage() -> impl IntoView {
    browser::set_title("What gold is worth");
    let (live, address) = (Live::get(), Address::get());
    let now = browser::use_now();
    // The answer is painted before all below it is made, and before the chart's library is asked for: in Lighthouse's
    // simulation of a phone the first paint comes 0.7 s and the answer 0.3 s earlier.
    let answered = RwSignal::new(false);
    let source = use_get(move || {
        live.track_end();
        GetValuation {
            preset: None,
            as_of: address.as_of(),
        }
    });
    view! {
        // With the data comes a heading that says more.
        <Show when=move || !source.has_data()>
            <h1 class="visually-hidden">"What gold is worth"</h1>
        </Show>
        <Load
            source
            name="valuation"
            empty=|| view! { <NothingYet /> }
            ready=move |snapshot| {
                if !answered.get_untracked() {
                    browser::after_paint(move || {
                        chart::preload();
                        answered.try_set(true);
                    });
                }
                view! { <Ready snapshot live now answered=answered.read_only() /> }
            }
        />
    }
}

#[component]
fn Ready(
    snapshot: Arc<Snapshot>,
    live: Live,
    now: ReadSignal<DateTime<Utc>>,
    answered: ReadSignal<bool>,
) -> impl IntoView {
    let above = {
        let snapshot = Arc::clone(&snapshot);
        Memo::new(move |_| {
            let status = live.status.data();
            let last = status
                .as_ref()
                .and_then(|status| status.last_attempt.as_ref());
            notices(&snapshot, last, now.get())
        })
    };
    view! {
        {move || view! { <Notices notices=above.get() /> }}
        <Answer snapshot=Arc::clone(&snapshot) now />
        <Show when=move || answered.get() fallback=|| view! { <div class="still-to-come" aria-busy="true"></div> }>
            <Below snapshot=Arc::clone(&snapshot) now />
        </Show>
    }
}

/// All below the answer.
#[component]
fn Below(snapshot: Arc<Snapshot>, now: ReadSignal<DateTime<Utc>>) -> impl IntoView {
    view! {
        <GapCard snapshot=Arc::clone(&snapshot) />
        <History snapshot=Arc::clone(&snapshot) />
        <div class="two-columns">
            <Drivers snapshot=Arc::clone(&snapshot) />
            <SkillVerdict snapshot=Arc::clone(&snapshot) />
        </div>
        <ChangedCard snapshot=Arc::clone(&snapshot) />
        <BesideCard snapshot=Arc::clone(&snapshot) />
        <section class="card" aria-labelledby="freshness">
            <h2 id="freshness">"How fresh each series is"</h2>
            <SeriesTable series=snapshot.series.clone() now />
        </section>
    }
}

#[component]
fn History(snapshot: Arc<Snapshot>) -> impl IntoView {
    let address = Address::get();
    let range = Signal::derive(move || address.choice::<Range>(RANGE));
    let whole = Memo::new(move |_| range.get() == Range::All);
    let (rows, unit) = (Arc::new(snapshot.history.clone()), snapshot.unit.clone());
    let chosen = Signal::derive(move || {
        let mut all = Range::ALL.into_iter();
        all.position(|one| one == range.get()).unwrap_or_default()
    });
    let choices = Range::ALL.map(|one| {
        let word = (one != Range::default()).then_some(one.as_str());
        (word, one.label().to_owned())
    });
    view! {
        <section class="card" aria-labelledby="history">
            <header class="card-header">
                <h2 id="history">"Price against the model's value"</h2>
                <Choices label="Days shown" key=RANGE choices=choices.to_vec() chosen />
            </header>
            {move || {
                let unit = unit.clone();
                if whole.get() {
                    view! { <WholeHistory unit range /> }.into_any()
                } else {
                    view! { <ValuationChart rows=Arc::clone(&rows) unit range /> }.into_any()
                }
            }}
        </section>
    }
}

/// Every valued day: more than the snapshot holds, so asked for when wanted.
#[component]
fn WholeHistory(unit: String, range: Signal<Range>) -> impl IntoView {
    let (live, address) = (Live::get(), Address::get());
    let source = use_get(move || {
        live.track_end();
        GetHistory {
            as_of: address.as_of(),
            ..GetHistory::default()
        }
    });
    view! {
        <Load
            source
            name="history"
            empty=|| ()
            ready=move |rows| {
                view! { <ValuationChart rows unit=unit.clone() range /> }
            }
        />
    }
}
