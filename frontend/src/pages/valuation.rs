//! The home page: what gold is worth, why, and how sure the model is.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use shared::api::{GetHistory, GetValuation};
use shared::snapshot::Snapshot;

use super::nothing_yet::NothingYet;
use crate::address::Address;
use crate::browser;
use crate::chart::ValuationChart;
use crate::components::{
    Answer, BesideCard, ChangedCard, Choices, Drivers, GapCard, Notices, SeriesTable, SkillVerdict,
};
use crate::live::Live;
use crate::load::{Load, use_get};
use crate::notice::{notices, notices_of_earlier};
use crate::url_state::Range;

/// The range's name in the address.
const RANGE: &str = "range";

/// `/`.
#[component]
pub(crate) fn ValuationPage() -> impl IntoView {
    browser::set_title("What gold is worth");
    let (live, address) = (Live::get(), Address::get());
    let now = browser::use_now();
    let made = RwSignal::new(0);
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
                if made.get_untracked() == 0 {
                    make_next(made);
                }
                view! { <Ready snapshot live now made=made.read_only() /> }
            }
        />
    }
}

/// A part of the page out of the run and the browser's clock.
type Part = fn(Arc<Snapshot>, ReadSignal<DateTime<Utc>>) -> AnyView;

/// What stands below the answer, from top to bottom.
const PARTS: [Part; 5] = [
    |snapshot, _| view! { <GapCard snapshot /> }.into_any(),
    |snapshot, _| view! { <History snapshot /> }.into_any(),
    |snapshot, _| view! { <Reasons snapshot /> }.into_any(),
    |snapshot, _| view! { <Others snapshot /> }.into_any(),
    |snapshot, now| view! { <Freshness snapshot now /> }.into_any(),
];

/// Makes the next part when what is there has been painted, and so on: the answer comes first, and a phone's processor is never
/// busy for long.
fn make_next(made: RwSignal<usize>) {
    browser::after_paint(move || {
        // The page may be closed.
        let Some(before) = made.try_get_untracked() else {
            return;
        };
        made.set(before + 1);
        if before + 1 < PARTS.len() {
            make_next(made);
        }
    });
}

#[component]
fn Ready(
    snapshot: Arc<Snapshot>,
    live: Live,
    now: ReadSignal<DateTime<Utc>>,
    made: ReadSignal<usize>,
) -> impl IntoView {
    let above = {
        let (snapshot, address) = (Arc::clone(&snapshot), Address::get());
        Memo::new(move |_| {
            let status = live.status.data();
            let newest = status.as_ref().and_then(|status| status.as_of);
            if address.earlier_than(newest).is_some() {
                return notices_of_earlier(&snapshot);
            }
            let last = status
                .as_ref()
                .and_then(|status| status.last_attempt.as_ref());
            notices(&snapshot, last, now.get())
        })
    };
    let parts = PARTS.into_iter().enumerate().map(|(place, part)| {
        let snapshot = Arc::clone(&snapshot);
        let due = Memo::new(move |_| made.get() > place);
        move || due.get().then(|| part(Arc::clone(&snapshot), now))
    });
    let parts = parts.collect_view();
    let to_come = move || made.get() < PARTS.len();
    view! {
        {move || view! { <Notices notices=above.get() /> }}
        <Answer snapshot=Arc::clone(&snapshot) now />
        {parts}
        <Show when=to_come>
            <div class="still-to-come" aria-busy="true"></div>
        </Show>
    }
}

#[component]
fn Reasons(snapshot: Arc<Snapshot>) -> impl IntoView {
    view! {
        <div class="two-columns">
            <Drivers snapshot=Arc::clone(&snapshot) />
            <SkillVerdict snapshot />
        </div>
    }
}

/// The run and the preset beside which this answer stands.
#[component]
fn Others(snapshot: Arc<Snapshot>) -> impl IntoView {
    view! {
        <ChangedCard snapshot=Arc::clone(&snapshot) />
        <BesideCard snapshot />
    }
}

#[component]
fn Freshness(snapshot: Arc<Snapshot>, now: ReadSignal<DateTime<Utc>>) -> impl IntoView {
    view! {
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
