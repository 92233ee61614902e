//! An answer as text: a table for people, CSV and JSON for programs.

use std::fmt::Write as _;

use clap::ValueEnum;
use serde_json::Value;
use shared::catalogue::ColumnType;
use shared::query::Answer;

/// How an answer is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Aligned columns, numbers to the right.
    #[default]
    Table,
    /// RFC 4180: a header line, CRLF, quotes where needed; a missing value is empty.
    Csv,
    /// The answer as the API gives it, one object.
    Json,
}

/// The whole answer as text that ends with a line break.
pub fn render(answer: &Answer, format: Format) -> String {
    match format {
        Format::Table => table(answer),
        Format::Csv => csv(answer),
        Format::Json => json(answer),
    }
}

fn table(answer: &Answer) -> String {
    let header: Vec<String> = answer
        .columns
        .iter()
        .map(|c| on_one_line(&c.name))
        .collect();
    let cells = |row: &Vec<Value>| row.iter().map(cell).collect::<Vec<_>>();
    let rows: Vec<Vec<String>> = answer.rows.iter().map(cells).collect();
    let widths: Vec<usize> = (0..header.len())
        .map(|i| rows.iter().chain([&header]).map(|row| width(&row[i])).max())
        .map(Option::unwrap_or_default)
        .collect();
    let right: Vec<bool> = answer
        .columns
        .iter()
        .map(|column| matches!(column.kind, ColumnType::Double | ColumnType::BigInt))
        .collect();
    let rule: Vec<String> = widths.iter().map(|&width| "-".repeat(width)).collect();
    let mut text = String::new();
    for row in [&header, &rule].into_iter().chain(&rows) {
        push_line(&mut text, row, &widths, &right);
    }
    let count = match rows.len() {
        1 => "1 row".to_owned(),
        count => format!("{count} rows"),
    };
    let cut = if answer.truncated {
        ", cut at the limit: there are more"
    } else {
        ""
    };
    let _ = writeln!(text, "({count}{cut})");
    text
}

fn push_line(text: &mut String, cells: &[String], widths: &[usize], right: &[bool]) {
    let mut line = String::new();
    for (index, cell) in cells.iter().enumerate() {
        let blanks = " ".repeat(widths[index] - width(cell));
        let gap = if index == 0 { "" } else { "  " };
        line.push_str(gap);
        if right[index] {
            line.extend([blanks.as_str(), cell]);
        } else {
            line.extend([cell, blanks.as_str()]);
        }
    }
    text.push_str(line.trim_end());
    text.push('\n');
}

fn width(text: &str) -> usize {
    text.chars().count()
}

fn cell(value: &Value) -> String {
    match value {
        Value::String(text) => on_one_line(text),
        other => other.to_string(),
    }
}

/// Line breaks and other control characters would tear the table apart, or steer the terminal.
fn on_one_line(text: &str) -> String {
    let show = |c: char| {
        let plain = (!c.is_control()).then_some(c);
        let escaped = c.is_control().then(|| c.escape_default());
        plain.into_iter().chain(escaped.into_iter().flatten())
    };
    text.chars().flat_map(show).collect()
}

fn csv(answer: &Answer) -> String {
    let header = answer.columns.iter().map(|column| column.name.clone());
    let mut text = csv_line(header);
    for row in &answer.rows {
        text.push_str(&csv_line(row.iter().map(|value| match value {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        })));
    }
    text
}

fn csv_line(fields: impl Iterator<Item = String>) -> String {
    let quote = |field: String| {
        if field.contains(['"', ',', '\r', '\n']) {
            format!("\"{}\"", field.replace('"', "\"\""))
        } else {
            field
        }
    };
    let fields: Vec<String> = fields.map(quote).collect();
    fields.join(",") + "\r\n"
}

fn json(answer: &Answer) -> String {
    // Text keys and plain values: nothing that serialising could fail on.
    let mut text = serde_json::to_string(answer).unwrap_or_default();
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use shared::catalogue::Column;
    use shared::query::Cost;

    fn answer() -> Answer {
        Answer {
            columns: vec![
                Column::new("day", ColumnType::Date),
                Column::new("note", ColumnType::Text),
                Column::new("gap", ColumnType::Double),
            ],
            rows: vec![
                vec![json!("2024-02-29"), json!("a \"b\", c\nd"), json!(-1.5)],
                vec![json!("2024-03-01"), json!(null), json!(12.25)],
            ],
            truncated: true,
            cost: Cost::default(),
        }
    }

    #[test]
    fn a_table_is_aligned_and_says_that_it_was_cut() {
        let expected = "\
day         note           gap
----------  -----------  -----
2024-02-29  a \"b\", c\\nd   -1.5
2024-03-01  null         12.25
(2 rows, cut at the limit: there are more)
";
        assert_eq!(render(&answer(), Format::Table), expected);
    }

    #[test]
    fn csv_quotes_what_needs_it() {
        assert_eq!(
            render(&answer(), Format::Csv),
            "day,note,gap\r\n2024-02-29,\"a \"\"b\"\", c\nd\",-1.5\r\n2024-03-01,,12.25\r\n"
        );
    }

    #[test]
    fn json_is_what_the_api_gives() {
        let text = render(&answer(), Format::Json);
        assert!(text.ends_with("}\n"));
        assert_eq!(serde_json::from_str::<Answer>(&text).unwrap(), answer());
    }
}
