//! An answer as a Parquet file with the columns' own types.

use chrono::{DateTime, NaiveDate, Utc};
use datafusion::arrow::array::ArrayRef;
use serde_json::Value;
use shared::catalogue::ColumnType;
use shared::query::Answer;

use super::QueryError;
use crate::columnar::{self, counts, days, doubles, instants, texts, truths};

/// The file. Fails where two columns have one name, which Parquet's readers do not take.
pub fn write(answer: &Answer) -> Result<Vec<u8>, QueryError> {
    let heads = answer.columns.iter().enumerate();
    for (place, head) in heads.clone() {
        if answer.columns[..place]
            .iter()
            .any(|one| one.name == head.name)
        {
            let name = &head.name;
            return Err(QueryError::Wrong {
                message: format!("the answer is no Parquet file: two columns are called `{name}`"),
                position: None,
            });
        }
    }
    let columns = heads.map(|(place, head)| {
        let rows = answer.rows.iter();
        let values = rows.map(|row| row.get(place).unwrap_or(&Value::Null));
        (head.name.as_str(), column(head.kind, values))
    });
    columnar::write(columns.collect()).map_err(QueryError::Engine)
}

fn column<'a>(kind: ColumnType, values: impl Iterator<Item = &'a Value> + Clone) -> ArrayRef {
    let text = |value: &Value| match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    };
    // The largest unsigned numbers have no place in a column of Athena's BIGINT.
    let fits = |value: &Value| value.is_null() || value.is_i64();
    match kind {
        ColumnType::Date => days(values.map(|value| value.as_str()?.parse::<NaiveDate>().ok())),
        ColumnType::Timestamp => instants(values.map(|value| {
            let at = DateTime::parse_from_rfc3339(value.as_str()?).ok()?;
            Some(at.with_timezone(&Utc))
        })),
        ColumnType::Double => doubles(values.map(Value::as_f64)),
        ColumnType::Boolean => truths(values.map(Value::as_bool)),
        ColumnType::BigInt if values.clone().all(fits) => counts(values.map(Value::as_i64)),
        ColumnType::BigInt | ColumnType::Text => texts(values.map(text)),
    }
}

#[cfg(test)]
mod tests {
    use datafusion::arrow::array::{Date32Array, Float64Array, Int64Array};
    use serde_json::json;
    use shared::catalogue::Column as Head;
    use shared::query::Cost;

    use super::*;
    use crate::columnar::column;

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
        let batch = columnar::read(bytes).unwrap();
        let days = column::<Date32Array>(&batch, "day").unwrap();
        let gaps = column::<Float64Array>(&batch, "gap").unwrap();
        let rows = column::<Int64Array>(&batch, "rows").unwrap();
        let day: NaiveDate = "2024-02-29".parse().unwrap();
        assert_eq!(
            days,
            &Date32Array::from(vec![Some(day.to_epoch_days()), None])
        );
        assert_eq!(gaps, &Float64Array::from(vec![Some(1.5), None]));
        assert_eq!(rows, &Int64Array::from(vec![Some(7), None]));
    }

    #[test]
    fn two_columns_of_one_name_are_refused_in_words() {
        let error = write(&answer(["day", "day", "rows"])).unwrap_err();
        let words = "the answer is no Parquet file: two columns are called `day`";
        assert_eq!(error.to_string(), words);
    }
}
