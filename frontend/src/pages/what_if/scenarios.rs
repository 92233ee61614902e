//! Moves to start from, the way back, and the link to what is shown.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::desk::Desk;
use super::moves::levels_of;
use super::words;
use crate::address::Address;
use crate::browser;
use crate::live::Live;

/// Buttons for scenarios, reset and link.
#[component]
pub(super) fn Scenarios(
    /// The page's state.
    desk: Desk,
) -> impl IntoView {
    let buttons = desk.with_day(|today| {
        let buttons = today.scenarios.iter().map(|scenario| {
            let levels = levels_of(scenario, today);
            let start = move |_| desk.put_all(levels.clone());
            view! {
                <li>
                    <button type="button" on:click=start>{scenario.label.clone()}</button>
                    <small>{words::origin(scenario)}</small>
                </li>
            }
        });
        buttons.collect_view()
    });
    let has_any = desk.with_day(|today| !today.scenarios.is_empty());
    let reset = move |_| desk.put_all(desk.with_day(shared::what_if::Today::levels));
    view! {
        <section class="card" aria-labelledby="starts">
            <div class="card-header">
                <h2 id="starts">"Move the drivers"</h2>
                <div class="starts-tools">
                    <button type="button" disabled=move || !desk.is_moved() on:click=reset>"Reset"</button>
                    <CopyLink />
                </div>
            </div>
            {has_any.then(|| view! { <ul class="starts">{buttons}</ul> })}
        </section>
    }
}

/// The address holds every choice, so that copying it is sharing it. The link names the day too: the drivers that were not moved
/// have other levels tomorrow.
#[component]
fn CopyLink() -> impl IntoView {
    let (live, address) = (Live::get(), Address::get());
    let said = RwSignal::new("");
    let copy = move |_| {
        let newest = live.status.data_untracked().and_then(|status| status.as_of);
        let link = address.lasting_link(newest);
        spawn_local(async move {
            let done = if browser::copy(&link).await {
                "Link copied."
            } else {
                "Copy the address from the browser's address bar."
            };
            said.try_set(done);
        });
    };
    view! {
        <button type="button" on:click=copy>"Copy link"</button>
        <span class="hint" role="status">{said}</span>
    }
}
