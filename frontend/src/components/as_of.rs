//! The day whose knowledge every page shows, how fresh that is, and the way to another day.

use chrono::{DateTime, NaiveDate, Utc};
use leptos::html::Details;
use leptos::prelude::*;
use shared::api::StatusReport;
use web_sys::HtmlInputElement;

use crate::address::{AS_OF, Address};
use crate::live::Live;
use crate::notice::{is_old, is_trouble};
use crate::{browser, format};

/// The id of what opens the field for another day.
const OPENER: &str = "as-of";

/// In the header: the newest run's day with its freshness, or the day that the reader chose.
#[component]
pub(crate) fn AsOf() -> impl IntoView {
    let (live, address) = (Live::get(), Address::get());
    let newest = Memo::new(move |_| live.status.data()?.as_of);
    let day = move || shown(address, newest);
    let place = NodeRef::<Details>::new();
    let close = move || {
        if let Some(place) = place.get_untracked() {
            place.set_open(false);
            // The field that had the focus is hidden now.
            browser::focus(OPENER);
        }
    };
    let now = browser::use_now();
    let state = move || match address.earlier_than(newest.get()) {
        Some(_) => Some(("warn", "earlier".to_owned())),
        None => freshness(&*live.status.data()?, now.get()),
    };
    let state = move || {
        state().map(|(class, text)| view! { <span class=format!("state {class}")>{text}</span> })
    };
    view! {
        <details class="as-of" node_ref=place on:keydown=move |event| if event.key() == "Escape" { close() }>
            <summary id=OPENER>"As of " {move || day().map_or_else(|| format::NONE.to_owned(), format::date)} " " {state}</summary>
            {day_field(newest)}
        </details>
    }
}

/// The day that the page shows.
fn shown(address: Address, newest: Memo<Option<NaiveDate>>) -> Option<NaiveDate> {
    address.earlier_than(newest.get()).or(newest.get())
}

/// The field for the day. A calendar's choice is taken at once; what is typed, when the field is left or Enter is pressed: the
/// browser tells of a change after every digit that makes a day, and 2 and 20 and 202 are years.
fn day_field(newest: Memo<Option<NaiveDate>>) -> impl IntoView {
    let address = Address::get();
    // Whether the last touch was a key.
    let types = StoredValue::new(false);
    let problem = RwSignal::new(None::<String>);
    let iso = move || shown(address, newest).map_or_else(String::new, |day| day.to_string());
    let take = move |field: &HtmlInputElement| {
        let typed = types.get_value();
        types.set_value(false);
        let value = field.value();
        // Keys that only walk through the field ask for nothing.
        if typed && value == untrack(iso) {
            return;
        }
        let asked = day_asked(&value, newest.get_untracked());
        if let Ok(day) = asked {
            address.choose(AS_OF, day.map(|day| day.to_string()).as_deref());
        } else {
            field.set_value(&untrack(iso));
        }
        problem.set(asked.err());
    };
    // A calendar changes the field without keys.
    let take_after = move |field: &HtmlInputElement, is_typed: bool| {
        if types.get_value() == is_typed {
            take(field);
        }
    };
    let press = move |field: &HtmlInputElement, key: &str| {
        types.set_value(true);
        if key == "Enter" {
            take(field);
        }
    };
    view! {
        <label>
            "Show what was known on "
            <input
                type="date"
                max=move || newest.get().map(|day| day.to_string())
                prop:value=iso
                on:keydown:target=move |event| press(&event.target(), &event.key())
                on:change:target=move |event| take_after(&event.target(), false)
                on:blur:target=move |event| take_after(&event.target(), true)
            />
        </label>
        <p role="status" class="hint">{move || problem.get()}</p>
    }
}

/// The day that was asked for; none of an empty field: the newest. One to come is refused in words.
fn day_asked(typed: &str, newest: Option<NaiveDate>) -> Result<Option<NaiveDate>, String> {
    let day: Option<NaiveDate> = typed.parse().ok();
    if newest.is_some() && day > newest {
        return Err("Nothing is known yet of a day after the newest.".to_owned());
    }
    Ok(day)
}

/// Whether every series of the newest run is fresh, as a class and words.
fn freshness(status: &StatusReport, now: DateTime<Utc>) -> Option<(&'static str, String)> {
    status.as_of?;
    let stale = status.series.iter().filter(|one| is_trouble(one.state));
    let newest = status.series.iter().filter_map(|one| one.known_since).max();
    Some(match stale.count() {
        0 if newest.is_some_and(|newest| is_old(newest, now)) => ("warn", "! old".to_owned()),
        0 => ("good", "✓ fresh".to_owned()),
        stale => ("warn", format!("! {stale} stale")),
    })
}

/// Above a page that shows an earlier day, or another than its address asks for: says so, and leads to the newest.
#[component]
pub(crate) fn EarlierDay() -> impl IntoView {
    let (live, address) = (Live::get(), Address::get());
    move || {
        let asked = address.word(AS_OF)?;
        let newest = live.status.data().and_then(|status| status.as_of);
        Some(view! {
            <p class="earlier" role="status">
                {what_is_seen(&asked, newest)}
                <button type="button" on:click=move |_| address.choose(AS_OF, None)>"Back to the newest"</button>
            </p>
        })
    }
}

fn what_is_seen(asked: &str, newest: Option<NaiveDate>) -> String {
    match asked.parse() {
        Ok(day) if newest.is_some_and(|newest| newest < day) => {
            let day = format::date(day);
            format!("Nothing is known yet of {day}: you see the newest.")
        }
        Ok(day) => {
            let day = format::date(day);
            format!("You see what was known on {day}: the newest run as of that day or before.")
        }
        Err(_) => format!("“{asked}” is no day such as 2024-09-23: you see the newest."),
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use shared::run::SeriesState;

    use super::*;
    use crate::example::snapshot;

    #[test]
    fn a_day_to_come_is_refused_and_an_empty_field_is_the_newest() {
        let newest: NaiveDate = "2024-09-20".parse().unwrap();
        let asked = |typed: &str| day_asked(typed, Some(newest));
        assert_eq!(asked("2024-09-20"), Ok(Some(newest)));
        assert_eq!(asked(""), Ok(None));
        assert_eq!(
            asked("2024-12-20").unwrap_err(),
            "Nothing is known yet of a day after the newest."
        );
        assert!(day_asked("2024-12-20", None).is_ok());
    }

    #[test]
    fn trouble_and_age_show_in_the_header() {
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
        let newest: DateTime<Utc> = "2024-09-23T20:00:00Z".parse().unwrap();
        status.series[0].known_since = Some(newest);
        let said = |status: &StatusReport, days: i64| {
            let now = newest + TimeDelta::days(days);
            freshness(status, now).map(|(_, words)| words)
        };
        assert_eq!(said(&status, 1).unwrap(), "✓ fresh");
        assert_eq!(said(&status, 9).unwrap(), "! old");
        status.series[0].state = SeriesState::Stale;
        assert_eq!(said(&status, 9).unwrap(), "! 1 stale");
        status.as_of = None;
        assert_eq!(said(&status, 1), None);
    }

    #[test]
    fn an_address_that_asks_for_no_known_day_says_so() {
        let newest = Some("2024-09-23".parse().unwrap());
        let said = |asked: &str| what_is_seen(asked, newest);
        assert_eq!(
            said("2024-09-20"),
            "You see what was known on 20 Sep 2024: the newest run as of that day or before."
        );
        assert_eq!(
            said("2027-01-01"),
            "Nothing is known yet of 1 Jan 2027: you see the newest."
        );
        assert_eq!(
            said("2026-02-31"),
            "“2026-02-31” is no day such as 2024-09-23: you see the newest."
        );
    }
}
