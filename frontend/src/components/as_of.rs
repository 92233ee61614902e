//! The day whose knowledge every page shows, how fresh that is, and the way to another day.

use chrono::NaiveDate;
use leptos::html::Details;
use leptos::prelude::*;
use shared::api::StatusReport;

use crate::address::{AS_OF, Address};
use crate::format;
use crate::live::Live;
use crate::notice::is_trouble;

/// In the header: the newest run's day with its freshness, or the day that the reader chose.
#[component]
pub(crate) fn AsOf() -> impl IntoView {
    let (live, address) = (Live::get(), Address::get());
    let newest = Memo::new(move |_| live.status.data()?.as_of);
    let day = move || address.as_of().or(newest.get());
    let iso = move || day().map_or_else(String::new, |day| day.to_string());
    let choose = move |typed: String| {
        let earlier = typed.parse::<NaiveDate>().ok();
        let earlier =
            earlier.filter(|day| newest.get_untracked().is_none_or(|newest| *day <= newest));
        address.choose(AS_OF, earlier.map(|day| day.to_string()).as_deref());
    };
    let place = NodeRef::<Details>::new();
    let close = move || {
        if let Some(place) = place.get_untracked() {
            place.set_open(false);
        }
    };
    let state = move || match address.as_of() {
        Some(_) => Some(("warn", "earlier".to_owned())),
        None => freshness(&*live.status.data()?),
    };
    let state = move || {
        state().map(|(class, text)| view! { <span class=format!("state {class}")>{text}</span> })
    };
    view! {
        <details class="as-of" node_ref=place on:keydown=move |event| if event.key() == "Escape" { close() }>
            <summary>"As of " {move || day().map_or_else(|| format::NONE.to_owned(), format::date)} " " {state}</summary>
            <label>
                "Show what was known on "
                <input
                    type="date"
                    max=move || newest.get().map(|day| day.to_string())
                    prop:value=iso
                    on:change:target=move |event| choose(event.target().value())
                />
            </label>
        </details>
    }
}

/// Whether every series of the newest run is fresh, as a class and words.
fn freshness(status: &StatusReport) -> Option<(&'static str, String)> {
    status.as_of?;
    let stale = status.series.iter().filter(|one| is_trouble(one.state));
    Some(match stale.count() {
        0 => ("good", "✓ fresh".to_owned()),
        stale => ("warn", format!("! {stale} stale")),
    })
}

/// Above a page that shows an earlier day: says so, and leads back.
#[component]
pub(crate) fn EarlierDay() -> impl IntoView {
    let address = Address::get();
    move || {
        let day = format::date(address.as_of()?);
        Some(view! {
            <p class="earlier" role="status">
                {format!("You see what was known on {day}.")}
                <button type="button" on:click=move |_| address.choose(AS_OF, None)>"Back to the newest"</button>
            </p>
        })
    }
}

#[cfg(test)]
mod tests {
    use shared::run::SeriesState;

    use super::*;
    use crate::example::snapshot;

    #[test]
    fn a_stale_series_shows_in_the_header() {
        let mut status = StatusReport {
            current_run: Some("run".to_owned()),
            as_of: Some(snapshot().as_of),
            synthetic: true,
            quota: Vec::new(),
            last_attempt: None,
            running: false,
            series: snapshot().series,
        };
        for one in &mut status.series {
            one.state = SeriesState::Fresh;
        }
        assert_eq!(freshness(&status), Some(("good", "✓ fresh".to_owned())));
        status.series[0].state = SeriesState::Stale;
        assert_eq!(freshness(&status), Some(("warn", "! 1 stale".to_owned())));
        status.as_of = None;
        assert_eq!(freshness(&status), None);
    }
}
