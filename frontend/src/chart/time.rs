//! A chart of any series over days: legend with the day's values, drawing, sentence and table.

use std::sync::Arc;

use leptos::prelude::*;

use super::canvas::{Canvas, Parts, View};
use super::plot::{Layer, Plot, Shape};
use crate::format;

/// The most rows of the table: what a reader can look through; more days are a narrower range away.
const ROWS: usize = 400;

/// A chart of what `plot` holds.
#[component]
pub(crate) fn TimeChart(
    /// What is drawn.
    plot: Arc<Plot>,
    /// The days in view.
    #[prop(into)]
    view: Signal<View>,
    /// What it shows, for assistive technology: `Gold and silver by day`.
    #[prop(into)]
    label: String,
    /// The chart in a sentence, for those who cannot see it.
    #[prop(into)]
    summary: Signal<String>,
) -> impl IntoView {
    let parts = Parts::new(view);
    let spoken = {
        let plot = Arc::clone(&plot);
        move |index| spoken(&plot, index)
    };
    let name = format!("{label}; arrow keys move from day to day");
    view! {
        <Legend plot=Arc::clone(&plot) index=parts.index />
        <Canvas plot=Arc::clone(&plot) parts label=name spoken />
        <p class="chart-summary">{summary}</p>
        <Days plot view label />
    }
}

/// A day with all that has a value on it.
fn spoken(plot: &Plot, index: usize) -> String {
    let Some(day) = plot.days.get(index) else {
        return String::new();
    };
    let values = plot.layers().filter_map(|(scale, layer)| {
        let text = layer.write(index, scale);
        (text != format::NONE).then(|| format!("{} {text}", layer.name))
    });
    let values: Vec<String> = values.collect();
    format!("{}: {}", format::weekday_and_date(*day), values.join(", "))
}

#[component]
fn Legend(plot: Arc<Plot>, index: Memo<usize>) -> impl IntoView {
    move || {
        let index = index.get();
        let day = plot.days.get(index)?;
        let entries = plot.layers().map(|(scale, layer)| {
            let text = layer.write(index, scale);
            view! { <div><dt>{mark(layer)} {layer.name.clone()}</dt><dd>{text}</dd></div> }
        });
        Some(view! {
            <dl class="readout">
                <div class="readout-day"><dt>"Day"</dt><dd>{format::weekday_and_date(*day)}</dd></div>
                {entries.collect_view()}
            </dl>
        })
    }
}

/// The sign that ties a name to what is drawn.
fn mark(layer: &Layer) -> impl IntoView + use<> {
    let class = match layer.shape {
        Shape::Line(_) | Shape::Steps(_) => "mark mark-line",
        Shape::Dashed(_) => "mark mark-dashed",
        Shape::Columns(_) => "mark mark-gap",
        Shape::Band(..) => "mark mark-fill",
    };
    let colour = format!("var(--chart-{})", layer.colour);
    view! { <i class=class style=("--mark", colour) aria-hidden="true"></i> }
}

#[component]
fn Days(plot: Arc<Plot>, view: Signal<View>, label: String) -> impl IntoView {
    let opened = RwSignal::new(false);
    let heads = plot.layers().map(|(_, layer)| {
        view! { <th scope="col">{layer.name.clone()}</th> }
    });
    let heads = heads.collect_view();
    let cut = move || {
        let (first, last) = view.get();
        let days = (last + 1).saturating_sub(first);
        (days > ROWS).then(|| {
            let (shown, all) = (format::count(ROWS, "day"), format::count(days, "day"));
            view! { <p class="hint">{format!("The newest {shown} of the {all} in view.")}</p> }
        })
    };
    let rows = move || opened.get().then(|| rows(&plot, view.get()));
    view! {
        <details class="days" on:toggle=move |_| opened.set(true)>
            <summary>"The chart's numbers as a table"</summary>
            {cut}
            <div class="scroll" tabindex="0" role="region" aria-label=label>
                <table>
                    <thead><tr><th scope="col">"Day"</th>{heads}</tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </details>
    }
}

/// The days in view, newest first.
fn rows(plot: &Plot, (first, last): View) -> impl IntoView + use<> {
    let places = (first..=last).rev().take(ROWS);
    let lines = places.filter_map(|index| {
        let day = plot.days.get(index)?;
        let cells = plot.layers().map(|(scale, layer)| {
            view! { <td>{layer.write(index, scale)}</td> }
        });
        let cells = cells.collect_view();
        Some(view! { <tr><th scope="row">{format::date(*day)}</th>{cells}</tr> })
    });
    lines.collect_view()
}

#[cfg(test)]
mod tests {
    use super::super::plot::{Pane, Scale};
    use super::*;

    #[test]
    fn a_day_is_spoken_with_what_has_a_value_on_it() {
        let line = |name: &str, values: [f64; 2]| Layer {
            name: name.to_owned(),
            colour: "1",
            shape: Shape::Line(values.to_vec()),
        };
        let plot = Plot {
            days: vec!["2024-09-20".parse().unwrap(), "2024-09-23".parse().unwrap()],
            panes: vec![Pane {
                scale: Scale {
                    suffix: "%",
                    digits: 1,
                    ..Scale::default()
                },
                height: 1.0,
                layers: vec![line("Ten years", [3.7, 3.8]), line("VIX", [f64::NAN, 16.0])],
            }],
            ..Plot::default()
        };
        assert_eq!(spoken(&plot, 0), "Fri 20 Sep 2024: Ten years 3.7%");
        assert_eq!(
            spoken(&plot, 1),
            "Mon 23 Sep 2024: Ten years 3.8%, VIX 16.0%"
        );
        assert_eq!(spoken(&plot, 2), "");
    }
}
