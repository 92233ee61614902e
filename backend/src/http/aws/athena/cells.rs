//! Values as Athena writes them, in the API and in files: Java's doubles, timestamps with a blank, every CSV field quoted.

use serde_json::Value;
use shared::catalogue::ColumnType;
use shared::query::Answer;

use super::execution::Kind;

/// A value as text; `None` where there is none.
pub(super) fn text(value: &Value, kind: ColumnType) -> Option<String> {
    match (value, kind) {
        (Value::Null, _) => None,
        (Value::Number(number), ColumnType::Double) => number.as_f64().map(java_double),
        (Value::String(text), ColumnType::Timestamp) => Some(timestamp(text)),
        (Value::String(text), _) => Some(text.clone()),
        (other, _) => Some(other.to_string()),
    }
}

/// `2024-03-04T21:00:00Z` as `2024-03-04 21:00:00.000`.
fn timestamp(text: &str) -> String {
    let text = text.trim_end_matches('Z').replacen('T', " ", 1);
    if text.contains('.') {
        text
    } else {
        format!("{text}.000")
    }
}

/// As Java's `Double.toString`: plain from 0.001 to 10,000,000, else with an exponent; always with a decimal point.
fn java_double(value: f64) -> String {
    let size = value.abs();
    if size == 0.0 || (1e-3..1e7).contains(&size) {
        return format!("{value:?}");
    }
    let text = format!("{value:E}");
    match text.split_once('E') {
        Some((digits, exponent)) if !digits.contains('.') => format!("{digits}.0E{exponent}"),
        _ => text,
    }
}

/// The file of a result.
pub(super) fn file(answer: &Answer, kind: Kind) -> String {
    let mut text = String::new();
    if kind == Kind::Select {
        let names = answer
            .columns
            .iter()
            .map(|column| Some(column.name.clone()));
        push_line(&mut text, names, ",", quoted);
    }
    for row in &answer.rows {
        let cells = row.iter().zip(&answer.columns);
        let cells = cells.map(|(value, column)| self::text(value, column.kind));
        match kind {
            Kind::Select => push_line(&mut text, cells, ",", quoted),
            Kind::Utility(_) | Kind::Other => {
                push_line(&mut text, cells, "\t", Option::unwrap_or_default);
            }
        }
    }
    text
}

fn push_line(
    text: &mut String,
    cells: impl Iterator<Item = Option<String>>,
    between: &str,
    show: impl Fn(Option<String>) -> String,
) {
    let cells: Vec<String> = cells.map(show).collect();
    text.push_str(&cells.join(between));
    text.push('\n');
}

/// Every value in quotes; what is missing is nothing, which tells it apart from an empty text.
fn quoted(cell: Option<String>) -> String {
    cell.map_or_else(String::new, |cell| {
        format!("\"{}\"", cell.replace('"', "\"\""))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use shared::catalogue::Column;
    use shared::query::Cost;

    #[test]
    fn doubles_are_written_as_java_writes_them() {
        for (value, expected) in [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (12.25, "12.25"),
            (190.0, "190.0"),
            (0.001, "0.001"),
            (0.000_5, "5.0E-4"),
            (9_999_999.0, "9999999.0"),
            (10_000_000.0, "1.0E7"),
            (-1.25e20, "-1.25E20"),
        ] {
            assert_eq!(java_double(value), expected);
        }
    }

    #[test]
    fn a_file_quotes_every_value_and_leaves_missing_ones_bare() {
        let columns = [
            ("day", ColumnType::Date),
            ("at", ColumnType::Timestamp),
            ("note", ColumnType::Text),
            ("gap", ColumnType::Double),
            ("open", ColumnType::Boolean),
        ];
        let answer = Answer {
            columns: columns.map(|(name, kind)| Column::new(name, kind)).into(),
            rows: vec![
                vec![
                    json!("2024-02-29"),
                    json!("2024-03-04T21:00:00Z"),
                    json!("a \"b\", c\nd"),
                    json!(-1.5),
                    json!(true),
                ],
                vec![
                    json!(null),
                    json!("2024-03-04T21:00:00.250Z"),
                    json!(""),
                    json!(3),
                    json!(null),
                ],
            ],
            truncated: false,
            cost: Cost::default(),
        };
        assert_eq!(
            file(&answer, Kind::Select),
            "\"day\",\"at\",\"note\",\"gap\",\"open\"\n\
             \"2024-02-29\",\"2024-03-04 21:00:00.000\",\"a \"\"b\"\", c\nd\",\"-1.5\",\"true\"\n\
             ,\"2024-03-04 21:00:00.250\",\"\",\"3.0\",\n"
        );
    }
}
