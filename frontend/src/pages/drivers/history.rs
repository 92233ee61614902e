//! A series over time: as it is known now and, if the reader asks, as it was known on a day.

use std::str::FromStr;
use std::sync::Arc;

use chrono::NaiveDate;
use leptos::prelude::*;
use shared::api::{DriverSeries, GetSeries, SeriesData};

use super::words;
use crate::address::Address;
use crate::chart::{Layer, Pane, Plot, Scale, Shape, TimeChart, align};
use crate::components::Choices;
use crate::format;
use crate::load::{Load, use_get};
use crate::url_state::{Range, Unknown};

/// How much is shown, in the address.
const RANGE: &str = "range";
/// The day whose knowledge stands beside, in the address.
const KNOWN: &str = "known";

/// The day whose knowledge stands beside; none: only what is known now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct KnownOn(Option<NaiveDate>);

impl FromStr for KnownOn {
    type Err = Unknown;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(|day| Self(Some(day))).map_err(|_| Unknown)
    }
}

/// The days in view under the range that the reader chose.
pub(super) fn days_in_view(days: Vec<NaiveDate>) -> Signal<(usize, usize)> {
    let address = Address::get();
    let last = days.len().saturating_sub(1);
    let view = Memo::new(move |_| {
        let range: Range = address.choice(RANGE);
        (range.first_row(&days).min(last), last)
    });
    view.into()
}

/// The chart of a series with its choices.
#[component]
pub(super) fn History(
    /// The series.
    one: Arc<DriverSeries>,
) -> impl IntoView {
    let address = Address::get();
    let known = Memo::new(move |_| address.choice::<KnownOn>(KNOWN).0);
    let series = one.freshness.series.clone();
    let now = {
        let series = series.clone();
        use_get(move || GetSeries {
            series: series.clone(),
            as_of: address.as_of(),
        })
    };
    let then = use_get(move || GetSeries {
        series: series.clone(),
        as_of: known.get().or_else(|| address.as_of()),
    });
    let stale_after = one.stale_after_days;
    view! {
        <Controls known />
        <Load
            source=now
            name="series"
            empty=|| view! { <p class="hint">"Nothing is known of it."</p> }
            ready=move |now| {
                let then = move || then.data().zip(known.get());
                move || chart(&now, then().as_ref().map(|(data, day)| (data.as_ref(), *day)), stale_after)
            }
        />
    }
}

/// The spans that a reader chooses from; a driver has no test days.
const RANGES: [Range; 4] = [Range::Month, Range::Quarter, Range::Half, Range::All];

#[component]
fn Controls(known: Memo<Option<NaiveDate>>) -> impl IntoView {
    let address = Address::get();
    let chosen = Signal::derive(move || {
        let range: Range = address.choice(RANGE);
        RANGES
            .iter()
            .position(|one| *one == range)
            .unwrap_or(RANGES.len() - 1)
    });
    let choices = RANGES.map(|range| {
        let word = (range != Range::All).then(|| range.as_str());
        (word, range.label().to_owned())
    });
    let pick = move |event| {
        let word = event_target_value(&event);
        address.choose(KNOWN, (!word.is_empty()).then_some(&word));
    };
    let forget = move |_| address.choose(KNOWN, None);
    let day = move || known.get().map(|day| day.to_string()).unwrap_or_default();
    view! {
        <div class="card-header">
            <Choices label="Days shown" key=RANGE choices=choices.into() chosen />
            <div class="known">
                <label>
                    <span>"Beside it, as known on"</span>
                    <input type="date" prop:value=day on:change=pick />
                </label>
                <Show when=move || known.get().is_some()>
                    <button type="button" on:click=forget>"Only now"</button>
                </Show>
            </div>
        </div>
    }
}

fn chart(
    now: &SeriesData,
    then: Option<(&SeriesData, NaiveDate)>,
    stale_after: Option<i64>,
) -> impl IntoView + use<> {
    let (plot, gaps) = plot(now, then, stale_after);
    let plot = Arc::new(plot);
    let view = days_in_view(plot.days.clone());
    let title = now.freshness.title.clone();
    let label = format!("{title} by day");
    let revised =
        then.map(|(then, day)| words::revised(&now.observations, &then.observations, day));
    let holes = (gaps > 0).then(|| {
        let times = format::count(gaps, "time");
        let days = stale_after.unwrap_or_default();
        format!("{times} more than {days} days passed without a value: the mark at the bottom is where it came back.")
    });
    let summary = {
        let plot = Arc::clone(&plot);
        Signal::derive(move || summary(&plot, &title, view.get()))
    };
    view! {
        <TimeChart plot view label summary />
        {revised.map(|text| view! { <p>{text}</p> })}
        {holes.map(|text| view! { <p class="hint">{text}</p> })}
    }
}

/// The plot, and how often the series had gone stale.
fn plot(
    now: &SeriesData,
    then: Option<(&SeriesData, NaiveDate)>,
    stale_after: Option<i64>,
) -> (Plot, usize) {
    let points = |data: &SeriesData| {
        let known = data.observations.iter();
        known.map(|one| (one.date, one.value)).collect::<Vec<_>>()
    };
    let both: Vec<_> = std::iter::once(points(now))
        .chain(then.map(|(then, _)| points(then)))
        .collect();
    let (days, mut values) = align(&both);
    let marks = words::gaps(&days, stale_after);
    let mut layers = vec![Layer {
        name: "As known now".to_owned(),
        colour: "1",
        shape: Shape::Steps(values.remove(0)),
    }];
    if let Some((_, day)) = then {
        layers.push(Layer {
            name: format!("As known on {}", format::date(day)),
            colour: "2",
            shape: Shape::Dashed(values.remove(0)),
        });
    }
    let scale = Scale {
        prefix: format::symbol(&now.freshness.unit),
        digits: 2,
        ..Scale::default()
    };
    let gaps = marks.len();
    let plot = Plot {
        days,
        panes: vec![Pane {
            scale,
            height: 1.0,
            layers,
        }],
        marks,
        ..Plot::default()
    };
    (plot, gaps)
}

fn summary(plot: &Plot, title: &str, (first, last): (usize, usize)) -> String {
    let ends = plot.days.get(first).zip(plot.days.get(last));
    let values = plot.layers().next().zip(ends);
    values.map_or_else(
        || format!("{title} has no values."),
        |((scale, layer), (from, to))| {
            format!(
                "{title} went from {} on {} to {} on {}.",
                layer.write(first, scale),
                format::date(*from),
                layer.write(last, scale),
                format::date(*to)
            )
        },
    )
}
