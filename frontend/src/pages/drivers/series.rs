//! One series over time, as it was known at the end of a day.

use std::sync::Arc;

use leptos::prelude::*;
use shared::api::{GetSeries, SeriesData};
use shared::series::SeriesId;

use crate::address::Address;
use crate::chart::{Layer, Pane, Plot, Scale, Shape, TimeChart, align};
use crate::format;
use crate::load::{Load, use_get};

/// The chart of a series.
#[component]
pub(super) fn SeriesChart(
    /// The series.
    series: SeriesId,
) -> impl IntoView {
    let address = Address::get();
    let source = use_get(move || GetSeries {
        series: series.clone(),
        as_of: address.as_of(),
    });
    view! { <Load source name="series" empty=|| () ready=|data| chart(&data) /> }
}

fn chart(data: &SeriesData) -> impl IntoView + use<> {
    let plot = Arc::new(plot(data));
    let last = plot.days.len().saturating_sub(1);
    let summary = summary(&plot, &data.freshness.title);
    let view = Signal::stored((0, last));
    view! { <TimeChart plot view label=format!("{} by day", data.freshness.title) summary /> }
}

fn plot(data: &SeriesData) -> Plot {
    let known = data.observations.iter();
    let points = known.map(|one| (one.date, one.value)).collect();
    let (days, mut values) = align(&[points]);
    let layer = Layer {
        name: data.freshness.title.clone(),
        colour: "1",
        shape: Shape::Steps(values.remove(0)),
    };
    let scale = Scale {
        prefix: format::symbol(&data.freshness.unit),
        digits: 2,
        ..Scale::default()
    };
    let pane = Pane {
        scale,
        height: 1.0,
        layers: vec![layer],
    };
    Plot {
        days,
        panes: vec![pane],
        ..Plot::default()
    }
}

fn summary(plot: &Plot, title: &str) -> String {
    let ends = plot.days.first().zip(plot.days.last());
    let values = plot.layers().next().zip(ends);
    values.map_or_else(
        || format!("{title} has no values."),
        |((scale, layer), (first, last))| {
            let at = |index| layer.write(index, scale);
            format!(
                "{title} went from {} on {} to {} on {}.",
                at(0),
                format::date(*first),
                at(plot.days.len() - 1),
                format::date(*last)
            )
        },
    )
}
