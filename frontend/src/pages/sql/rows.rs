//! An answer's rows in the order asked for, as text, and in figures. Pure.

use std::cmp::Ordering;

use serde_json::Value;
use shared::query::{Answer, Cost};

use crate::format;

/// Rows on the page; the files have all.
pub(crate) const SHOWN: usize = 500;

/// The column that rows are sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Order {
    /// Its place among the answer's columns.
    pub(crate) column: usize,
    /// Whether the largest comes first.
    pub(crate) descending: bool,
}

impl Order {
    /// What a press on a column's name makes of the order before: smallest first, largest first, as answered.
    pub(crate) fn after(before: Option<Self>, column: usize) -> Option<Self> {
        match before {
            Some(order) if order.column == column && order.descending => None,
            Some(order) if order.column == column => Some(Self {
                column,
                descending: true,
            }),
            _ => Some(Self {
                column,
                descending: false,
            }),
        }
    }
}

/// The first rows as text. All rows are sorted, and rows that are equal stay as answered; nothing comes last both ways.
pub(crate) fn lines(answer: &Answer, order: Option<Order>) -> Vec<Vec<String>> {
    let mut rows: Vec<&Vec<Value>> = answer.rows.iter().collect();
    if let Some(Order { column, descending }) = order {
        rows.sort_by(|one, other| compare(&one[column], &other[column], descending));
    }
    let shown = rows.into_iter().take(SHOWN);
    shown.map(|row| row.iter().map(cell).collect()).collect()
}

fn compare(one: &Value, other: &Value, descending: bool) -> Ordering {
    let found = match (one, other) {
        (Value::Null, _) | (_, Value::Null) => return one.is_null().cmp(&other.is_null()),
        (Value::Number(one), Value::Number(other)) => match (one.as_i64(), other.as_i64()) {
            (Some(one), Some(other)) => one.cmp(&other),
            _ => one
                .as_f64()
                .partial_cmp(&other.as_f64())
                .unwrap_or(Ordering::Equal),
        },
        (Value::Bool(one), Value::Bool(other)) => one.cmp(other),
        // Days and times are text whose order is that of time.
        (Value::String(one), Value::String(other)) => one.cmp(other),
        (one, other) => one.to_string().cmp(&other.to_string()),
    };
    if descending { found.reverse() } else { found }
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
pub(super) mod tests {
    use serde_json::json;
    use shared::catalogue::{Column, ColumnType};

    use super::*;

    /// Days with gaps.
    pub(in super::super) fn answer(rows: Vec<Vec<Value>>) -> Answer {
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
    fn rows_are_sorted_by_value_and_nothing_comes_last() {
        let row = |day: &str, gap: Value| vec![json!(day), gap];
        let answer = answer(vec![
            row("2024-09-24", json!(10.0)),
            row("2024-09-23", json!(null)),
            row("2024-09-25", json!(9)),
            row("2024-09-20", json!(-0.5)),
        ]);
        let gaps = |order| -> Vec<String> {
            let lines = lines(&answer, order).into_iter();
            lines.map(|mut line| line.remove(1)).collect()
        };
        let by = |column, descending| Some(Order { column, descending });
        assert_eq!(gaps(None), ["10", "–", "9", "-0.5"]);
        assert_eq!(gaps(by(1, false)), ["-0.5", "9", "10", "–"]);
        assert_eq!(gaps(by(1, true)), ["10", "9", "-0.5", "–"]);
        assert_eq!(gaps(by(0, false)), ["-0.5", "–", "10", "9"]);
    }

    #[test]
    fn a_third_press_gives_the_order_of_the_answer_back() {
        let first = Order::after(None, 1);
        let second = Order::after(first, 1);
        let of = |column, descending| Some(Order { column, descending });
        assert_eq!([first, second], [of(1, false), of(1, true)]);
        assert_eq!(Order::after(second, 1), None);
        assert_eq!(Order::after(second, 0), of(0, false));
    }

    #[test]
    fn what_it_took_is_told() {
        assert_eq!(
            figures(&answer(vec![vec![json!("2024-09-23"), json!(1.0)]])),
            "1 row (there are more) · 12 ms · 4.2 kB read"
        );
    }
}
