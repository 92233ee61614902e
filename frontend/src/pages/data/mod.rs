//! The series behind the valuation: how fresh, where from, what the checks found, and each value's raw answer; the quota.

mod series;
mod table;

use std::convert::Infallible;
use std::str::FromStr;

use leptos::prelude::*;
use shared::api::{GetChecks, GetSeriesList, Quota};
use shared::series::SeriesId;

use self::series::Behind;
use self::table::SeriesTable;
use super::nothing_yet::NothingYet;
use crate::address::Address;
use crate::browser;
use crate::components::Labels;
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
    let checks = use_get(move || {
        live.track_end();
        GetChecks {
            as_of: address.as_of(),
        }
    });
    let chosen = Memo::new(move |_| address.choice::<Chosen>(SERIES).0);
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
        {move || chosen.get().map(|series| view! { <Behind series checks /> })}
        <Load
            source
            name="list of series"
            empty=|| view! { <NothingYet /> }
            ready=move |series| view! {
                <section class="card" aria-labelledby="series">
                    <h2 id="series">"Series"</h2>
                    <SeriesTable series=series.to_vec() checks now />
                </section>
            }
        />
        {quota}
    }
}

/// The name of the chosen series in the address.
const SERIES: &str = "series";

/// A series in the address; nonsense is none.
#[derive(Default, PartialEq)]
struct Chosen(Option<SeriesId>);

impl FromStr for Chosen {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(text.parse().ok()))
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
