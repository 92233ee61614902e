//! The list of series with what is known of each; searchable. A series' name leads to its observations.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use leptos::prelude::*;
use shared::checks::SeriesChecks;
use shared::series::SeriesId;
use shared::snapshot::SeriesFreshness;

use crate::address::Address;
use crate::components::state_of_series;
use crate::format;
use crate::load::Source;
use crate::notice::trouble_first;

/// The series of a run, those in trouble first.
#[component]
pub(super) fn SeriesTable(
    /// The series.
    series: Vec<SeriesFreshness>,
    /// What is known of each beside its values.
    checks: Source<Vec<SeriesChecks>>,
    /// The browser's clock.
    now: ReadSignal<DateTime<Utc>>,
) -> impl IntoView {
    let address = Address::get();
    let series: Vec<_> = trouble_first(series, |one| one.state).collect();
    let wanted = RwSignal::new(String::new());
    let known = Memo::new(move |_| {
        let all = checks.data().map(|all| all.to_vec()).unwrap_or_default();
        let pairs = all.into_iter().map(|one| (one.series.clone(), one));
        pairs.collect::<BTreeMap<SeriesId, SeriesChecks>>()
    });
    let rows = move || {
        let wanted = wanted.get().to_lowercase();
        let found = series.iter().filter(|one| is_wanted(one, &wanted));
        let rows = found.map(|one| line(one.clone(), known.read().get(&one.series), now, address));
        rows.collect_view()
    };
    view! {
        <p class="field">
            <label for="find-series">"Find a series"</label>
            <input id="find-series" type="search" autocomplete="off" bind:value=wanted />
        </p>
        <table class="series">
            <thead>
                <tr>
                    <th scope="col">"Series"</th>
                    <th scope="col">"Last value"</th>
                    <th scope="col">"Known since"</th>
                    <th scope="col">"State"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

fn is_wanted(one: &SeriesFreshness, wanted: &str) -> bool {
    let places = [one.title.as_str(), one.series.as_str(), one.vendor.title()];
    places
        .iter()
        .any(|text| text.to_lowercase().contains(wanted))
}

fn line(
    one: SeriesFreshness,
    known: Option<&SeriesChecks>,
    now: ReadSignal<DateTime<Utc>>,
    address: Address,
) -> impl IntoView + use<> {
    let value = one.last_value.map(|value| format::amount(value, &one.unit));
    let (number, unit) = value.map_or((format::NONE.to_owned(), String::new()), |value| {
        (value.number, value.unit)
    });
    let day = one
        .last_date
        .map(|day| format!("for {}", format::date(day)));
    let age = one
        .known_since
        .map(|since| move || format::ago(since, now.get()));
    let (class, mark, word) = state_of_series(one.state);
    let source = known.map(|known| format!(" · {}", known.source));
    let next = known.and_then(|known| known.next_expected);
    let next = next.map(|at| move || due(at, now.get()));
    let checks = known.map(|known| {
        let failed = known.checks.iter().filter(|check| !check.passed).count();
        let all = known.checks.len();
        match failed {
            0 => format!("{} passed", format::count(all, "check")),
            failed => format!("{failed} of {} failed", format::count(all, "check")),
        }
    });
    let href = format!("/data?series={}{}", one.series, as_of_part(address));
    view! {
        <tr>
            <th scope="row">
                <a href=href>{one.title}</a> " "
                <small>{one.vendor.title()} {source} {(!unit.is_empty()).then(|| format!(" · {unit}"))}</small>
            </th>
            <td>{number} " " <small>{day}</small></td>
            <td>
                {age.map_or_else(|| format::NONE.into_any(), IntoAny::into_any)} " "
                <small>{next}</small>
            </td>
            <td>
                <span class=format!("state {class}")><span aria-hidden="true">{mark}</span> " " {word}</span> " "
                <small>{checks}</small>
            </td>
        </tr>
    }
}

/// When the next value is expected, or was: `next in 3 hours`, `was due 2 days ago`.
fn due(at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let when = format::ago(at, now);
    if at - now >= TimeDelta::minutes(1) {
        format!("next {when}")
    } else {
        format!("was due {when}")
    }
}

/// Keeps the day whose knowledge is shown.
pub(super) fn as_of_part(address: Address) -> String {
    let day = address.as_of();
    day.map_or_else(String::new, |day| format!("&as_of={day}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::snapshot;

    #[test]
    fn a_series_is_found_by_title_name_and_vendor() {
        let all = snapshot().series;
        let one = &all[0];
        for wanted in [
            one.title.to_lowercase(),
            one.series.to_string(),
            one.vendor.title().to_lowercase(),
        ] {
            assert!(is_wanted(one, &wanted), "{wanted}");
        }
        assert!(!is_wanted(one, "no such thing"));
    }

    #[test]
    fn what_did_not_come_in_time_was_due() {
        let now: DateTime<Utc> = "2024-09-20T12:00:00Z".parse().unwrap();
        let hours = TimeDelta::hours;
        assert_eq!(due(now + hours(3), now), "next in 3 hours");
        assert_eq!(due(now - hours(3), now), "was due 3 hours ago");
        assert_eq!(due(now, now), "was due just now");
    }
}
