//! The series behind the valuation, and the vendors' quota.

use leptos::prelude::*;
use shared::api::{GetSeriesList, Quota};

use super::nothing_yet::NothingYet;
use crate::address::Address;
use crate::browser;
use crate::components::{Labels, SeriesTable};
use crate::format;
use crate::live::Live;
use crate::load::{Load, use_get};

/// `/data`.
#[component]
pub(crate) fn DataPage() -> impl IntoView {
    browser::set_title("Data");
    let (live, address) = (Live::get(), Address::get());
    let now = browser::use_now();
    let source = use_get(move || {
        live.track_end();
        GetSeriesList {
            as_of: address.as_of(),
        }
    });
    let labels = move || {
        let synthetic = live.status.data()?.synthetic;
        Some(view! { <Labels synthetic look_ahead=None /> })
    };
    let quota = move || {
        let status = live.status.data()?;
        (!status.quota.is_empty()).then(|| view! { <Quotas quota=status.quota.clone() /> })
    };
    view! {
        <h1>"Data"</h1>
        {labels}
        <Load
            source
            name="list of series"
            empty=|| view! { <NothingYet /> }
            ready=move |series| view! {
                <section class="card" aria-labelledby="series">
                    <h2 id="series">"Series of the current run"</h2>
                    <SeriesTable series=series.to_vec() now />
                </section>
            }
        />
        {quota}
    }
}

#[component]
fn Quotas(quota: Vec<Quota>) -> impl IntoView {
    let lines = quota.into_iter().map(|one| {
        let used = match one.limit {
            Some(limit) => format!("{} of {limit} calls used", one.used),
            None => format!("{} made, no daily limit", format::count(one.used as usize, "call")),
        };
        view! {
            <div>
                <dt>{one.vendor.title()}</dt>
                <dd>{used} " " <span class="quiet">{format!("on {} (UTC)", format::date(one.day))}</span></dd>
            </div>
        }
    });
    view! {
        <section class="card" aria-labelledby="quota">
            <h2 id="quota">"Vendors' quota"</h2>
            <dl class="facts">{lines.collect_view()}</dl>
        </section>
    }
}
