//! An answer as a table, as a chart over days where it has days, and in figures. Pure.

use chrono::NaiveDate;
use serde_json::Value;
use shared::catalogue::ColumnType;
use shared::query::{Answer, Cost};

use crate::chart::{Layer, Pane, Plot, Scale, Shape, align};
use crate::figures::{Cell, Table};
use crate::format;

/// Rows on the page; the files have all.
pub(crate) const SHOWN: usize = 500;
/// How many times larger than the first line of a pane another one may be, or smaller.
const SHARED: f64 = 10.0;
/// Colours of lines, as `style/plots.css` names them.
const COLOURS: [&str; 6] = ["1", "2", "3", "4", "5", "6"];

/// The first rows as a table.
pub(crate) fn table(answer: &Answer) -> Table {
    let rows = answer.rows.iter().take(SHOWN);
    Table {
        caption: "Answer".to_owned(),
        head: answer
            .columns
            .iter()
            .map(|column| column.name.clone())
            .collect(),
        rows: rows
            .map(|row| {
                row.iter()
                    .map(|value| Cell {
                        text: cell(value),
                        heat: None,
                    })
                    .collect()
            })
            .collect(),
        wide: Vec::new(),
    }
}

/// A value as people read it: no more digits than say something.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => format::NONE.to_owned(),
        Value::String(text) => text.clone(),
        Value::Number(number) if number.is_f64() => {
            let number = number.as_f64().unwrap_or(f64::NAN);
            let text = format!("{number:.6}");
            let short = text.trim_end_matches('0').trim_end_matches('.');
            if number != 0.0 && matches!(short, "0" | "-0") {
                format!("{number:e}")
            } else {
                short.to_owned()
            }
        }
        other => other.to_string(),
    }
}

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

/// What the answer took: `3 rows · 12 ms · 4.2 kB read`.
pub(crate) fn figures(answer: &Answer) -> String {
    let Cost {
        milliseconds,
        bytes_scanned,
        usd,
    } = answer.cost;
    let more = if answer.truncated {
        " (there are more)"
    } else {
        ""
    };
    let rows = format!("{}{more}", format::count(answer.rows.len(), "row"));
    let read = bytes_scanned.map(|bytes| format!("{} read", bytes_words(bytes)));
    let price = usd.map(|usd| format!("${usd:.6}"));
    let time = format::duration(milliseconds.round().max(1.0) as u64);
    let parts = [Some(rows), Some(time), read, price];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn bytes_words(bytes: u64) -> String {
    match bytes {
        0..1_000 => format::count(bytes as usize, "byte"),
        1_000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use shared::catalogue::Column;

    use super::*;

    fn answer(rows: Vec<Vec<Value>>) -> Answer {
        Answer {
            columns: vec![
                Column::new("date", ColumnType::Date),
                Column::new("gap", ColumnType::Double),
            ],
            rows,
            truncated: true,
            cost: Cost {
                milliseconds: 12.4,
                bytes_scanned: Some(4_200),
                usd: None,
            },
        }
    }

    #[test]
    fn numbers_are_written_with_the_digits_that_count() {
        let written = [
            json!(1.5),
            json!(2_412.458_333_333_333_5),
            json!(0.000_000_012),
            json!(0.0),
            json!(7),
            json!(null),
        ]
        .map(|value| cell(&value));
        assert_eq!(written, ["1.5", "2412.458333", "1.2e-8", "0", "7", "–"]);
    }

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
        assert_eq!(
            figures(&days),
            "2 rows (there are more) · 12 ms · 4.2 kB read"
        );
    }
}
