//! An answer as a Parquet file with the columns' own types.

use chrono::{DateTime, NaiveDate};
use polars::prelude::*;
use serde_json::Value;
use shared::catalogue::ColumnType;
use shared::query::Answer;

use super::QueryError;
use crate::stage::{epoch_day, parquet_bytes};

/// The file. Fails where two columns have one name, which Parquet's readers do not take.
pub fn write(answer: &Answer) -> Result<Vec<u8>, QueryError> {
    let columns = answer.columns.iter().enumerate();
    let columns: Result<Vec<Column>, PolarsError> = columns
        .map(|(place, head)| {
            let values = answer
                .rows
                .iter()
                .map(|row| row.get(place).unwrap_or(&Value::Null));
            column(&head.name, head.kind, values)
        })
        .collect();
    let frame = columns.and_then(DataFrame::new_infer_height);
    let mut frame = frame.map_err(|error| QueryError::Wrong {
        message: format!("the answer is no Parquet file: {error}"),
        position: None,
    })?;
    parquet_bytes(&mut frame).map_err(QueryError::Engine)
}

fn column<'a>(
    name: &str,
    kind: ColumnType,
    values: impl Iterator<Item = &'a Value> + Clone,
) -> PolarsResult<Column> {
    let name = name.into();
    let text = |value: &Value| match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    };
    // The largest unsigned numbers have no place in a column of Athena's BIGINT.
    let fits = |value: &Value| value.is_null() || value.is_i64();
    match kind {
        ColumnType::Date => {
            let days = values.map(|value| value.as_str()?.parse::<NaiveDate>().ok().map(epoch_day));
            Column::new(name, days.collect::<Vec<_>>()).cast(&DataType::Date)
        }
        ColumnType::Timestamp => {
            let instants = values.map(|value| {
                let at = DateTime::parse_from_rfc3339(value.as_str()?).ok()?;
                Some(at.timestamp_millis())
            });
            let kind = DataType::Datetime(TimeUnit::Milliseconds, None);
            Column::new(name, instants.collect::<Vec<_>>()).cast(&kind)
        }
        ColumnType::Double => Ok(Column::new(
            name,
            values.map(Value::as_f64).collect::<Vec<_>>(),
        )),
        ColumnType::Boolean => Ok(Column::new(
            name,
            values.map(Value::as_bool).collect::<Vec<_>>(),
        )),
        ColumnType::BigInt if values.clone().all(fits) => Ok(Column::new(
            name,
            values.map(Value::as_i64).collect::<Vec<_>>(),
        )),
        ColumnType::BigInt | ColumnType::Text => {
            Ok(Column::new(name, values.map(text).collect::<Vec<_>>()))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use serde_json::json;
    use shared::catalogue::Column as Head;
    use shared::query::Cost;

    use super::*;

    fn answer(names: [&str; 3]) -> Answer {
        let kinds = [ColumnType::Date, ColumnType::Double, ColumnType::BigInt];
        Answer {
            columns: names
                .into_iter()
                .zip(kinds)
                .map(|(name, kind)| Head::new(name, kind))
                .collect(),
            rows: vec![
                vec![json!("2024-02-29"), json!(1.5), json!(7)],
                vec![json!(null), json!(null), json!(null)],
            ],
            truncated: false,
            cost: Cost::default(),
        }
    }

    #[test]
    fn a_file_keeps_types_values_and_gaps() {
        let bytes = write(&answer(["day", "gap", "rows"])).unwrap();
        assert_eq!(&bytes[..4], b"PAR1");
        let frame = ParquetReader::new(Cursor::new(bytes)).finish().unwrap();
        let types = [DataType::Date, DataType::Float64, DataType::Int64];
        assert_eq!(frame.dtypes(), types);
        assert_eq!(
            frame.column("gap").unwrap().f64().unwrap().to_vec(),
            [Some(1.5), None]
        );
        assert_eq!(
            frame.column("rows").unwrap().i64().unwrap().to_vec(),
            [Some(7), None]
        );
        let day = epoch_day("2024-02-29".parse().unwrap());
        let days = frame.column("day").unwrap().cast(&DataType::Int32).unwrap();
        assert_eq!(days.i32().unwrap().to_vec(), [Some(day), None]);
    }

    #[test]
    fn two_columns_of_one_name_are_refused_in_words() {
        let error = write(&answer(["day", "day", "rows"]))
            .unwrap_err()
            .to_string();
        assert!(
            error.starts_with("the answer is no Parquet file: "),
            "{error}"
        );
    }
}
