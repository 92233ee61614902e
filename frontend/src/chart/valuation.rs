//! Price against the model's value over the test window, with the gap as columns below.

use std::sync::Arc;

use leptos::prelude::*;
use shared::snapshot::Snapshot;
use shared::valuation::{Interval, Valuation};

use super::canvas::{Canvas, Parts};
use super::plot::{Layer, Pane, Plot, Scale, Shape};
use super::readout::Readout;
use super::table::DayTable;
use crate::url_state::Range;
use crate::{format, words};

/// The chart of a run's test window.
#[component]
pub(crate) fn ValuationChart(
    /// The run.
    snapshot: Arc<Snapshot>,
    /// How much of it to show.
    range: Signal<Range>,
) -> impl IntoView {
    let plot = Arc::new(plot(&snapshot.history, &snapshot.unit));
    let newest = snapshot.history.len().saturating_sub(1);
    let days = plot.days.clone();
    let view = Memo::new(move |_| (range.get().first_row(&days), newest));
    let parts = Parts::new(view.into());
    let first = Memo::new(move |_| view.get().0);
    let summary = {
        let snapshot = Arc::clone(&snapshot);
        move || {
            let rows = snapshot.history.get(first.get()..);
            words::chart_summary(rows.unwrap_or_default(), &snapshot.unit)
        }
    };
    let spoken = {
        let snapshot = Arc::clone(&snapshot);
        move |index| {
            let row = snapshot.history.get(index);
            row.map_or_else(String::new, |row| words::day(row, &snapshot.unit))
        }
    };
    let label = "Price and model's value by day; arrow keys move from day to day".to_owned();
    view! {
        <Readout snapshot=Arc::clone(&snapshot) index=parts.index />
        <Canvas plot parts label spoken />
        <p class="chart-summary">{summary}</p>
        <DayTable snapshot first />
    }
}

/// What is drawn of `rows`, oldest first.
fn plot(rows: &[Valuation], unit: &str) -> Plot {
    let end = |pick: fn(Interval) -> f64| {
        let ends = rows
            .iter()
            .map(move |row| row.interval_80.map_or(f64::NAN, pick));
        ends.collect()
    };
    let each = |pick: fn(&Valuation) -> f64| rows.iter().map(pick).collect();
    let layer = |colour, shape| Layer {
        name: String::new(),
        colour,
        shape,
    };
    Plot {
        days: rows.iter().map(|row| row.date).collect(),
        panes: vec![
            Pane {
                scale: Scale {
                    prefix: format::symbol(unit),
                    digits: 2,
                    ..Scale::default()
                },
                height: 7.0,
                layers: vec![
                    layer(
                        "band",
                        Shape::Band(end(|range| range.lower), end(|range| range.upper)),
                    ),
                    layer("value", Shape::Dashed(each(|row| row.valuation))),
                    layer("price", Shape::Line(each(|row| row.price))),
                ],
            },
            Pane {
                scale: Scale {
                    suffix: "%",
                    digits: 1,
                    signed: true,
                    ..Scale::default()
                },
                height: 3.0,
                layers: vec![layer("over", Shape::Columns(each(Valuation::gap_pct)))],
            },
        ],
        ..Plot::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::{UNIT, row};

    #[test]
    fn a_missing_interval_leaves_a_gap_in_the_band() {
        let mut bare = row(20, 242.0, 241.0);
        bare.interval_80 = None;
        let plot = plot(&[row(19, 238.0, 240.0), bare], UNIT);
        assert_eq!(plot.times(), [1_726_704_000.0, 1_726_790_400.0]);
        let layers = &plot.panes[0].layers;
        assert_eq!(layers[2].shape, Shape::Line(vec![238.0, 242.0]));
        let Shape::Band(lowers, uppers) = &layers[0].shape else {
            panic!("the band is the lowest layer");
        };
        assert_eq!(uppers[0].to_bits(), 242.0_f64.to_bits());
        assert!(lowers[1].is_nan() && uppers[1].is_nan());
        assert_eq!(plot.panes[0].scale.prefix, "$");
    }
}
