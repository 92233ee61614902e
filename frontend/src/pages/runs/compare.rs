//! Two published runs, and why their valuations differ: `?compare=A,B`.

use std::cmp::Reverse;
use std::convert::Infallible;
use std::str::FromStr;

use chrono::NaiveDate;
use leptos::prelude::*;
use shared::api::GetDiff;
use shared::diff::{RunDiff, Side};
use shared::run::{RunReport, Status};

use super::steps::{Bar, bars};
use crate::address::Address;
use crate::components::Text;
use crate::format;
use crate::load::{Load, use_get};

/// The pair's name in the address.
const PAIR: &str = "compare";

/// A run that can be compared.
#[derive(Clone, PartialEq)]
pub(super) struct Choice {
    run_id: String,
    preset: String,
    as_of: NaiveDate,
    label: String,
}

/// The published runs of these reports, each once: those of the newest day first, and of one day the one that was made last.
pub(super) fn published(runs: &[RunReport]) -> Vec<Choice> {
    let mut choices: Vec<Choice> = Vec::new();
    for run in runs.iter().filter(|run| run.status != Status::Failed) {
        if let Some(run_id) = &run.run_id
            && !choices.iter().any(|one| one.run_id == *run_id)
        {
            let label = format!("{}, {}, {}", format::date(run.as_of), run.preset, run.grid);
            choices.push(Choice {
                run_id: run_id.clone(),
                preset: run.preset.clone(),
                as_of: run.as_of,
                label,
            });
        }
    }
    choices.sort_by_key(|one| Reverse(one.as_of));
    choices
}

/// What is offered before anything is chosen, of at least two runs: the newest pair of one preset, for different presets may value
/// different things; where there is none, the newest two.
fn first_pair(published: &[Choice]) -> (String, String) {
    let with_older = published.iter().enumerate().find_map(|(place, newer)| {
        let mut older = published[place + 1..].iter();
        Some((older.find(|one| one.preset == newer.preset)?, newer))
    });
    let (older, newer) = with_older.unwrap_or((&published[1], &published[0]));
    (older.run_id.clone(), newer.run_id.clone())
}

/// The two runs in the address. A run's id is letters, digits and dashes; nothing else becomes a part of another address.
#[derive(Clone, Default, PartialEq)]
struct Pair(Option<(String, String)>);

impl FromStr for Pair {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let plain = |id: &str| {
            let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
            !id.is_empty() && id.chars().all(is_plain)
        };
        let pair = text.split_once(',').or_else(|| text.split_once("%2C"));
        let pair = pair.filter(|(from, to)| plain(from) && plain(to));
        Ok(Self(
            pair.map(|(from, to)| (from.to_owned(), to.to_owned())),
        ))
    }
}

/// The card that compares.
#[component]
pub(super) fn Compare(published: Vec<Choice>) -> impl IntoView {
    let address = Address::get();
    let pair = Memo::new(move |_| address.choice::<Pair>(PAIR).0);
    let (older, newer) = first_pair(&published);
    let from = RwSignal::new(older);
    let to = RwSignal::new(newer);
    Effect::new(move |_| {
        if let Some((older, newer)) = pair.get() {
            from.set(older);
            to.set(newer);
        }
    });
    let compare = move |_| {
        let pair = format!("{},{}", from.get_untracked(), to.get_untracked());
        address.choose(PAIR, Some(&pair));
    };
    let select = move |id: &'static str, label: &'static str, chosen: RwSignal<String>| {
        let options = published.iter().cloned().map(|one| {
            let id = one.run_id.clone();
            let selected = move || *chosen.read() == id;
            view! { <option value=one.run_id selected=selected>{one.label}</option> }
        });
        view! {
            <p class="field">
                <label for=id>{label}</label>
                <select id=id prop:value=chosen on:change=move |event| chosen.set(event_target_value(&event))>
                    {options.collect_view()}
                </select>
            </p>
        }
    };
    view! {
        <section class="card" aria-labelledby="compare">
            <h2 id="compare">"Compare two runs"</h2>
            <div class="fields">
                {select("compare-from", "From", from)}
                {select("compare-to", "To", to)}
                <button type="button" on:click=compare>"Compare"</button>
            </div>
            {move || pair.get().map(|(from, to)| view! { <Difference from to /> })}
        </section>
    }
}

#[component]
fn Difference(from: String, to: String) -> impl IntoView {
    let source = use_get(move || GetDiff {
        from: Some(from.clone()),
        to: Some(to.clone()),
    });
    view! { <Load source name="comparison" empty=|| () ready=|diff| diff.as_ref().as_ref().map(waterfall) /> }
}

fn waterfall(diff: &RunDiff) -> impl IntoView + use<> {
    let unit = diff.unit.clone();
    let side = |word: &str, side: &Side| {
        format!(
            "{word} {} for {} ({}, {}, as of {})",
            format::money(side.valuation, &unit),
            format::date(side.date),
            side.preset,
            side.grid,
            format::date(side.as_of)
        )
    };
    let sentence = format!(
        "{}; {}: {} {}.",
        side("From", &diff.from),
        side("to", &diff.to),
        format::signed_money(diff.change, &unit),
        format::amount(diff.change, &unit).unit
    );
    let (steps, idle) = bars(diff);
    let lines = steps.into_iter().map(|bar| line(bar, &unit)).collect_view();
    let sum = format::signed_money(diff.change, &unit);
    let idle = (!idle.is_empty()).then(|| {
        let names: Vec<String> = idle.into_iter().map(|name| format!("`{name}`")).collect();
        let text = format!(
            "Without effect: changed or late values of {}.",
            format::list(&names)
        );
        view! { <p class="hint"><Text text /></p> }
    });
    let notes = diff.notes.iter().map(|note| {
        let text = format::sentence(note);
        view! { <li><Text text /></li> }
    });
    view! {
        <p>{sentence}</p>
        <ol class="bars">
            {lines}
            <li class="bars-sum">
                <div class="bar-line">
                    <span class="bar-label">"The whole change"</span>
                    <span class="bar-track" aria-hidden="true"></span>
                    <span class="bar-number">{sum}</span>
                </div>
            </li>
        </ol>
        {idle}
        <ul class="said">{notes.collect_view()}</ul>
    }
}

fn line(bar: Bar, unit: &str) -> impl IntoView + use<> {
    let class = if bar.amount < 0.0 {
        "bar bar-lowers"
    } else {
        "bar bar-raises"
    };
    let percent = |place: f64| format!("{place:.2}%");
    let (left, width) = (percent(bar.left), percent(bar.width));
    let number = format::signed_money(bar.amount, unit);
    view! {
        <li class="bar-line">
            <span class="bar-label"><Text text=bar.label /></span>
            <span class="bar-track" aria-hidden="true">
                <i class=class style:left=left style:width=width></i>
            </span>
            <span class="bar-number">{number}</span>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::report;

    #[test]
    fn a_run_is_offered_once_and_a_failed_attempt_never() {
        let with = |status, run_id: &str| RunReport {
            run_id: Some(run_id.to_owned()),
            ..report(status, Vec::new())
        };
        let runs = [
            with(Status::Success, "two"),
            with(Status::Failed, "three"),
            with(Status::Partial, "two"),
            with(Status::Success, "one"),
        ];
        let found: Vec<String> = published(&runs).into_iter().map(|one| one.run_id).collect();
        assert_eq!(found, ["two", "one"]);
    }

    #[test]
    fn a_run_for_an_earlier_day_stands_after_those_of_later_ones() {
        let of_day = |as_of: &str, run_id: &str| RunReport {
            run_id: Some(run_id.to_owned()),
            as_of: as_of.parse().unwrap(),
            ..report(Status::Success, Vec::new())
        };
        let runs = [
            of_day("2024-09-20", "past"),
            of_day("2024-09-23", "newest"),
            of_day("2024-09-23", "before"),
        ];
        let found: Vec<String> = published(&runs).into_iter().map(|one| one.run_id).collect();
        assert_eq!(found, ["newest", "before", "past"]);
    }

    #[test]
    fn the_newest_pair_of_one_preset_is_offered() {
        let one = |run_id: &str, preset: &str| Choice {
            run_id: run_id.to_owned(),
            preset: preset.to_owned(),
            as_of: "2024-09-23".parse().unwrap(),
            label: String::new(),
        };
        let pair = |older: &str, newer: &str| (older.to_owned(), newer.to_owned());
        let runs = [
            one("d", "fair"),
            one("c", "classic"),
            one("b", "classic"),
            one("a", "fair"),
        ];
        assert_eq!(first_pair(&runs), pair("a", "d"));
        assert_eq!(first_pair(&runs[..3]), pair("b", "c"));
        assert_eq!(first_pair(&runs[..2]), pair("c", "d"));
    }

    #[test]
    fn only_plain_ids_leave_the_address() {
        let pair = |text: &str| text.parse::<Pair>().unwrap().0;
        let two = Some(("a-1".to_owned(), "b-2".to_owned()));
        assert_eq!(pair("a-1,b-2"), two);
        assert_eq!(pair("a-1%2Cb-2"), two);
        assert_eq!(pair("a-1"), None);
        assert_eq!(pair("a-1,b&to=c"), None);
    }
}
