//! Which model it is and how good it is: its record next to simple rules, year by year, and how it was found.

mod record;

use leptos::prelude::*;
use shared::api::GetModelCard;

use super::nothing_yet::NothingYet;
use crate::address::Address;
use crate::browser;
use crate::components::{Labels, Sections};
use crate::live::Live;
use crate::load::{Load, use_get};

/// `/model`.
#[component]
pub(crate) fn ModelPage() -> impl IntoView {
    browser::set_title("Model");
    let (live, address) = (Live::get(), Address::get());
    let source = use_get(move || {
        live.track_end();
        GetModelCard {
            run_id: None,
            as_of: address.as_of(),
        }
    });
    let labels = move || {
        let synthetic = live.status.data()?.synthetic;
        Some(view! { <Labels synthetic look_ahead=None /> })
    };
    view! {
        <h1>"Model"</h1>
        {labels}
        <Load
            source
            name="model card"
            empty=|| view! { <NothingYet /> }
            ready=|card| view! { <Sections sections=record::sections(&card) /> }
        />
    }
}
