//! Price against the model's value day by day, with the gap as columns below; test days shaded, special days marked.

use std::sync::Arc;

use leptos::prelude::*;
use shared::valuation::{Interval, Method, Split, Valuation};

use super::canvas::{Canvas, Parts};
use super::plot::{Layer, Pane, Plot, Scale, Shade, Shape};
use super::readout::Readout;
use super::table::DayTable;
use crate::url_state::Range;
use crate::{format, words};

/// What the ground means, where some days were trained on.
const SHADED: &str = "Shaded: test days, which the model had not seen when it valued them.";
/// What a mark means.
const MARKED: &str = "▲ at the bottom: days with something else than the model's own value, such as moves beyond all that it was trained on.";

/// The chart of valued days.
#[component]
pub(crate) fn ValuationChart(
    /// The days, oldest first.
    rows: Arc<Vec<Valuation>>,
    /// Their unit.
    unit: String,
    /// How many of them to show.
    range: Signal<Range>,
) -> impl IntoView {
    let plot = Arc::new(plot(&rows, &unit));
    let notes = [
        (!plot.shades.is_empty()).then_some(SHADED),
        (!plot.marks.is_empty()).then_some(MARKED),
    ];
    let notes = notes.into_iter().flatten();
    let notes = notes
        .map(|text| view! { <p class="hint">{text}</p> })
        .collect_view();
    let newest = rows.len().saturating_sub(1);
    let days = plot.days.clone();
    let view = Memo::new(move |_| (range.get().first_row(&days), newest));
    let parts = Parts::new(view.into());
    let first = Memo::new(move |_| view.get().0);
    let summary = {
        let (rows, unit) = (Arc::clone(&rows), unit.clone());
        move || {
            let rows = rows.get(first.get()..);
            words::chart_summary(rows.unwrap_or_default(), &unit)
        }
    };
    let spoken = {
        let (rows, unit) = (Arc::clone(&rows), unit.clone());
        move |index| {
            let row: Option<&Valuation> = rows.get(index);
            row.map_or_else(String::new, |row| words::day(row, &unit))
        }
    };
    let label = "Price and model's value by day; arrow keys move from day to day".to_owned();
    view! {
        <Readout rows=Arc::clone(&rows) unit=unit.clone() index=parts.index />
        <Canvas plot parts label spoken />
        <p class="chart-summary">{summary}</p>
        {notes}
        <DayTable rows unit first />
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
        shades: test_days(rows).into_iter().collect(),
        marks: special_days(rows),
    }
}

/// The days from the first that the model never saw, where it was fitted on others of them.
fn test_days(rows: &[Valuation]) -> Option<Shade> {
    let from = rows.iter().position(|row| row.split == Split::Test)?;
    (from > 0).then(|| Shade {
        from,
        to: rows.len() - 1,
        colour: "window",
    })
}

/// The days on which the value is not the model's own. Where that is so on more than half of them, as behind a closed gate,
/// it is nothing special.
fn special_days(rows: &[Valuation]) -> Vec<usize> {
    let days = rows.iter().enumerate();
    let special = days.filter(|(_, row)| row.method != Method::Model);
    let special: Vec<usize> = special.map(|(index, _)| index).collect();
    if 2 * special.len() > rows.len() {
        return Vec::new();
    }
    special
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
        assert_eq!((plot.shades, plot.marks), (vec![], vec![]));
    }

    #[test]
    fn test_days_are_shaded_beside_trained_ones_and_special_days_are_marked() {
        let mut rows = [18, 19, 20, 23].map(|day| row(day, 238.0, 240.0));
        rows[0].split = Split::Train;
        rows[2].method = Method::Linear;
        let plot = plot(&rows, UNIT);
        let shade = Shade {
            from: 1,
            to: 3,
            colour: "window",
        };
        assert_eq!((plot.shades, plot.marks), (vec![shade], vec![2]));
        for row in &mut rows {
            row.method = Method::NoChange;
        }
        assert_eq!(special_days(&rows), [0; 0]);
    }
}
