//! What if: today's drivers moved by hand, and the real model's answer at once. Nothing is asked of the server after loading.

mod desk;
mod inputs;
mod moves;
mod parts;
mod result;
mod scenarios;
mod words;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use leptos::prelude::*;
use shared::api::GetWhatIf;
use shared::model::ModelError;
use shared::what_if::{Evaluator, Today, WhatIf};

use self::desk::Desk;
use self::inputs::Levers;
use self::parts::Parts;
use self::result::Result as ResultCard;
use self::scenarios::Scenarios;
use super::nothing_yet::NothingYet;
use crate::address::Address;
use crate::browser;
use crate::components::Labels;
use crate::format;
use crate::live::Live;
use crate::load::{Load, use_get};
use crate::url_state::Beside;

/// The preset that is asked, in the address; absent: the current run's.
const PRESET: &str = "preset";

/// `/what-if`.
#[component]
pub(crate) fn WhatIfPage() -> impl IntoView {
    browser::set_title("What if");
    let (live, address) = (Live::get(), Address::get());
    let source = use_get(move || {
        live.track_end();
        let Beside(preset) = address.choice(PRESET);
        GetWhatIf {
            preset: (!preset.is_empty()).then_some(preset),
            as_of: address.as_of(),
        }
    });
    view! {
        <h1>"What if"</h1>
        <Load
            source
            name="newest day"
            empty=|| view! { <NothingYet /> }
            ready=|what_if| ready(&what_if)
        />
    }
}

fn ready(what_if: &WhatIf) -> AnyView {
    match what_if {
        WhatIf::Possible(today) => match Evaluator::new(Today::clone(today)) {
            Ok(evaluator) => view! { <Page evaluator=Arc::new(evaluator) /> }.into_any(),
            Err(error) => impossible(&unreadable(&error)),
        },
        WhatIf::Impossible { why } => impossible(why),
    }
}

fn unreadable(error: &ModelError) -> String {
    format!("this page cannot read its trees: {error}")
}

fn impossible(why: &str) -> AnyView {
    view! {
        <section class="empty">
            <h2>"This model cannot be asked"</h2>
            <p>{format::sentence(why)} " The valuation itself is not affected."</p>
        </section>
    }
    .into_any()
}

#[component]
fn Page(evaluator: Arc<Evaluator>) -> impl IntoView {
    let today = evaluator.today();
    let (synthetic, look_ahead) = (today.synthetic, today.look_ahead.clone());
    let intro = words::intro(today);
    let desk = Desk::open(evaluator);
    view! {
        <Labels synthetic look_ahead />
        <p class="lead">{intro}</p>
        <div class="what-if">
            <div class="what-if-result">
                <ResultCard desk />
                <Parts desk />
            </div>
            <div class="what-if-levers">
                <Scenarios desk />
                <Levers desk />
            </div>
        </div>
    }
}
