//! An answer as a chart over days, where it has days. Pure.

use chrono::NaiveDate;
use shared::catalogue::ColumnType;
use shared::query::Answer;

use crate::chart::{Layer, Pane, Plot, Scale, Shape, align};

/// How many times larger than the first line of a pane another one may be, or smaller.
const SHARED: f64 = 10.0;
/// Colours of lines, as `style/plots.css` names them.
const COLOURS: [&str; 6] = ["1", "2", "3", "4", "5", "6"];

/// The answer over days: where a column holds days and others hold numbers.
pub(crate) fn plot(answer: &Answer) -> Option<Plot> {
    let days = answer
        .columns
        .iter()
        .position(|column| column.kind == ColumnType::Date)?;
    let numbers: Vec<usize> = (0..answer.columns.len())
        .filter(|place| {
            let kind = answer.columns[*place].kind;
            matches!(kind, ColumnType::Double | ColumnType::BigInt)
        })
        .take(COLOURS.len())
        .collect();
    let points: Vec<Vec<(NaiveDate, f64)>> = numbers
        .iter()
        .map(|place| points(answer, days, *place))
        .collect();
    // Several rows a day are several series, which a line cannot tell.
    let most = points.iter().map(Vec::len).max().unwrap_or(0);
    let (days, values) = align(&points);
    if days.len() < 2 || days.len() < most {
        return None;
    }
    let layers = numbers.iter().zip(values).zip(COLOURS);
    let layers = layers.map(|((place, values), colour)| Line {
        size: size(&values),
        layer: Layer {
            name: answer.columns[*place].name.clone(),
            colour,
            shape: Shape::Line(values),
        },
    });
    Some(Plot {
        days,
        panes: panes(layers.collect()),
        ..Plot::default()
    })
}

/// A line and the largest of its values.
struct Line {
    size: f64,
    layer: Layer,
}

fn size(values: &[f64]) -> f64 {
    let sizes = values.iter().map(|value| value.abs());
    sizes.filter(|size| size.is_finite()).fold(0.0, f64::max)
}

/// Lines that one scale can show share a pane: a percentage beside a price would lie flat on the ground.
fn panes(lines: Vec<Line>) -> Vec<Pane> {
    let mut shared: Vec<(f64, Vec<Layer>)> = Vec::new();
    for line in lines {
        let fits = |(size, _): &&mut (f64, Vec<Layer>)| {
            *size <= line.size * SHARED && line.size <= *size * SHARED
        };
        match shared.iter_mut().find(fits) {
            Some((_, layers)) => layers.push(line.layer),
            None => shared.push((line.size, vec![line.layer])),
        }
    }
    let panes = shared.into_iter().map(|(size, layers)| Pane {
        scale: Scale {
            digits: if size < 1.0 { 4 } else { 2 },
            ..Scale::default()
        },
        height: 1.0,
        layers,
    });
    panes.collect()
}

fn points(answer: &Answer, days: usize, place: usize) -> Vec<(NaiveDate, f64)> {
    let rows = answer.rows.iter();
    let mut points: Vec<(NaiveDate, f64)> = rows
        .filter_map(|row| {
            let day = row.get(days)?.as_str()?.parse().ok()?;
            Some((day, row.get(place)?.as_f64()?))
        })
        .collect();
    points.sort_by_key(|(day, _)| *day);
    points
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use shared::catalogue::Column;

    use super::super::rows::tests::answer;
    use super::*;

    #[test]
    fn a_price_and_a_percentage_have_scales_of_their_own() {
        let row = |day: &str, gap: f64, price: f64| vec![json!(day), json!(gap), json!(price)];
        let mut days = answer(vec![
            row("2024-09-23", 0.4, 242.0),
            row("2024-09-24", -0.2, 245.0),
        ]);
        days.columns.push(Column::new("price", ColumnType::Double));
        let drawn = plot(&days).unwrap();
        let names: Vec<&str> = drawn
            .panes
            .iter()
            .map(|pane| pane.layers[0].name.as_str())
            .collect();
        assert_eq!(names, ["gap", "price"]);
        assert_eq!(drawn.panes[0].scale.digits, 4);
    }

    #[test]
    fn an_answer_over_days_is_a_chart_and_one_with_several_rows_a_day_is_not() {
        let row = |day: &str, gap: f64| vec![json!(day), json!(gap)];
        let days = answer(vec![row("2024-09-24", 2.0), row("2024-09-23", 1.0)]);
        let drawn = plot(&days).unwrap();
        assert_eq!(drawn.panes[0].layers[0].shape, Shape::Line(vec![1.0, 2.0]));
        assert_eq!(drawn.panes.len(), 1);
        assert_eq!(plot(&answer(vec![row("2024-09-23", 1.0)])), None);
        let twice = answer(vec![
            row("2024-09-23", 1.0),
            row("2024-09-23", 2.0),
            row("2024-09-24", 2.0),
        ]);
        assert_eq!(plot(&twice), None);
    }
}
