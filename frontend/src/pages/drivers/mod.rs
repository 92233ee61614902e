//! Every series that the valuation rests on.

mod series;

use leptos::prelude::*;
use shared::api::GetSeriesList;

use self::series::SeriesChart;
use super::nothing_yet::NothingYet;
use crate::address::Address;
use crate::browser;
use crate::chart;
use crate::components::SeriesTable;
use crate::live::Live;
use crate::load::{Load, use_get};

/// `/drivers`.
#[component]
pub(crate) fn DriversPage() -> impl IntoView {
    browser::set_title("Drivers");
    chart::preload();
    let (live, address) = (Live::get(), Address::get());
    let now = browser::use_now();
    let source = use_get(move || {
        live.track_end();
        GetSeriesList {
            as_of: address.as_of(),
        }
    });
    view! {
        <h1>"Drivers"</h1>
        <Load
            source
            name="list of series"
            empty=|| view! { <NothingYet /> }
            ready=move |series| view! {
                {series.first().map(|one| view! {
                    <section class="card" aria-labelledby="chosen">
                        <h2 id="chosen">{one.title.clone()}</h2>
                        <SeriesChart series=one.series.clone() />
                    </section>
                })}
                <section class="card" aria-labelledby="series">
                    <h2 id="series">"Series of the current run"</h2>
                    <SeriesTable series=series.to_vec() now />
                </section>
            }
        />
    }
}
