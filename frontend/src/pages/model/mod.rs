//! Which model it is and how good it is: its record next to simple rules, year by year, how it was found, and every one before.

mod earlier;
mod record;
mod residuals;

use std::str::FromStr;

use leptos::prelude::*;
use shared::api::GetModelCard;

use self::earlier::Earlier;
use self::residuals::Residuals;
use super::nothing_yet::NothingYet;
use crate::address::Address;
use crate::browser;
use crate::chart;
use crate::components::{Labels, Sections};
use crate::live::Live;
use crate::load::{Load, use_get};
use crate::url_state::Unknown;

/// The run's name in the address.
const RUN: &str = "run";

/// The run whose card is shown: `?run=`. Empty: the current one, or the one known on the chosen day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Run(String);

impl FromStr for Run {
    type Err = Unknown;

    // It becomes a part of another address, so nothing but the letters of a run's id may pass.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let named = !text.is_empty() && text.chars().all(plain);
        named.then(|| Self(text.to_owned())).ok_or(Unknown)
    }
}

/// `/model`.
#[component]
pub(crate) fn ModelPage() -> impl IntoView {
    browser::set_title("Model");
    chart::preload();
    let (live, address) = (Live::get(), Address::get());
    let chosen = Signal::derive(move || address.choice::<Run>(RUN));
    let source = use_get(move || {
        live.track_end();
        let Run(run_id) = chosen.get();
        GetModelCard {
            run_id: (!run_id.is_empty()).then_some(run_id),
            as_of: address.as_of(),
        }
    });
    let labels = move || {
        let synthetic = live.status.data()?.synthetic;
        Some(view! { <Labels synthetic look_ahead=None /> })
    };
    let is_chosen = move || !chosen.read().0.is_empty();
    view! {
        <h1>"Model"</h1>
        {labels}
        <Show when=is_chosen>
            <p class="earlier" role="status">
                {move || format!("You see the model of the run {}.", chosen.get().0)}
                <button type="button" on:click=move |_| address.choose(RUN, None)>"Show the current one"</button>
            </p>
        </Show>
        <Load
            source
            name="model card"
            empty=|| view! { <NothingYet /> }
            ready=move |card| view! {
                <Sections sections=record::sections(&card) />
                <Show when=move || !is_chosen()><Residuals /></Show>
                <Earlier shown=card.run_id.clone() />
            }
        />
    }
}
