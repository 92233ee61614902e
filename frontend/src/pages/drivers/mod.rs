//! Drivers: every series that the valuation rests on, one chosen of them in full.

mod chosen;
mod contribution;
mod facts;
mod filter;
mod history;
mod spark;
mod tiles;
mod words;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use leptos::prelude::*;
use shared::api::{DriverSeries, GetDrivers};

use self::chosen::Chosen;
use self::filter::{Filter, Group, Shown};
use self::tiles::Tiles;
use super::nothing_yet::NothingYet;
use crate::address::Address;
use crate::browser;
use crate::chart;
use crate::components::Labels;
use crate::live::Live;
use crate::load::{Load, use_get};
use crate::url_state::Unknown;

/// The chosen series, in the address.
const SERIES: &str = "series";

/// A series' name in the address; empty: the page chooses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Name(String);

impl std::str::FromStr for Name {
    type Err = Unknown;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let name: Result<shared::series::SeriesId, _> = text.parse();
        name.map(|name| Self(name.to_string())).map_err(|_| Unknown)
    }
}

/// `/drivers`.
#[component]
pub(crate) fn DriversPage() -> impl IntoView {
    browser::set_title("Drivers");
    chart::preload();
    let (live, address) = (Live::get(), Address::get());
    let source = use_get(move || {
        live.track_end();
        GetDrivers {
            as_of: address.as_of(),
        }
    });
    let labels = move || {
        let synthetic = live.status.data()?.synthetic;
        Some(view! { <Labels synthetic look_ahead=None /> })
    };
    view! {
        <h1>"Drivers"</h1>
        {labels}
        <Load
            source
            name="list of series"
            empty=|| view! { <NothingYet /> }
            ready=|all| view! { <Page all /> }
        />
    }
}

#[component]
fn Page(all: Arc<Vec<DriverSeries>>) -> impl IntoView {
    let address = Address::get();
    let shown = Memo::new(move |_| Shown {
        find: address.choice::<filter::Find>(filter::FIND),
        group: address.choice::<Group>(filter::GROUP),
    });
    let chosen = {
        let all = Arc::clone(&all);
        Memo::new(move |_| {
            let Name(name) = address.choice(SERIES);
            let place = all
                .iter()
                .position(|one| one.freshness.series.as_str() == name);
            place.unwrap_or_default()
        })
    };
    let in_full = {
        let all = Arc::clone(&all);
        move || {
            let one = all.get(chosen.get())?;
            Some(view! { <Chosen one=Arc::new(one.clone()) /> })
        }
    };
    view! {
        <Filter all=Arc::clone(&all) shown />
        <Tiles all shown chosen />
        {in_full}
    }
}
