//! What today's drivers make of the valuation, and what others would.

use leptos::prelude::*;
use shared::api::GetValuation;

use super::nothing_yet::NothingYet;
use crate::address::Address;
use crate::browser;
use crate::components::Drivers;
use crate::live::Live;
use crate::load::{Load, use_get};

/// `/what-if`.
#[component]
pub(crate) fn WhatIfPage() -> impl IntoView {
    browser::set_title("What if");
    let (live, address) = (Live::get(), Address::get());
    let source = use_get(move || {
        live.track_end();
        GetValuation {
            preset: None,
            as_of: address.as_of(),
        }
    });
    view! {
        <h1>"What if"</h1>
        <Load
            source
            name="valuation"
            empty=|| view! { <NothingYet /> }
            ready=|snapshot| view! { <Drivers snapshot /> }
        />
    }
}
