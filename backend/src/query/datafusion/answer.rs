//! From Arrow's batches to the rows of an answer.

use chrono::{DateTime, NaiveDate, SecondsFormat};
use datafusion::arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{
    DataType, Date32Type, Float64Type, Int64Type, TimeUnit, TimestampMillisecondType, UInt64Type,
};
use datafusion::arrow::util::display::{ArrayFormatter, FormatOptions};
use datafusion::error::DataFusionError;
use datafusion::physical_plan::SendableRecordBatchStream;
use futures::StreamExt;
use serde_json::Value;
use shared::catalogue::{Column, ColumnType};

use super::Limits;

/// Columns, rows, and whether rows were cut off.
pub(super) type Rows = (Vec<Column>, Vec<Vec<Value>>, bool);

/// Why there are no rows.
pub(super) enum Stopped {
    /// The rows themselves need more memory than allowed.
    TooLarge,
    /// The engine says so.
    Failed(DataFusionError),
}

impl From<DataFusionError> for Stopped {
    fn from(error: DataFusionError) -> Self {
        Self::Failed(error)
    }
}

/// Takes rows from the stream until it ends or a limit is reached.
pub(super) async fn collect(
    mut stream: SendableRecordBatchStream,
    limits: Limits,
) -> Result<Rows, Stopped> {
    let schema = stream.schema();
    let fields = schema.fields().iter();
    let columns = fields.map(|field| Column::new(field.name(), kind(field.data_type())));
    let columns: Vec<Column> = columns.collect();
    let mut rows = Vec::new();
    let mut bytes = 0;
    while let Some(batch) = stream.next().await {
        let batch = batch?;
        bytes += batch.get_array_memory_size();
        if bytes > limits.memory_bytes {
            return Err(Stopped::TooLarge);
        }
        let left = limits.rows - rows.len();
        push_rows(&batch.slice(0, left.min(batch.num_rows())), &mut rows)?;
        if batch.num_rows() > left {
            return Ok((columns, rows, true));
        }
    }
    Ok((columns, rows, false))
}

/// The catalogue's type for one of Arrow's; what the catalogue has no word for is shown as text.
fn kind(data_type: &DataType) -> ColumnType {
    match data_type {
        DataType::Date32 | DataType::Date64 => ColumnType::Date,
        DataType::Boolean => ColumnType::Boolean,
        DataType::Timestamp(..) => ColumnType::Timestamp,
        DataType::Dictionary(_, values) => kind(values),
        other if other.is_integer() => ColumnType::BigInt,
        other if other.is_floating() || other.is_decimal() => ColumnType::Double,
        _ => ColumnType::Text,
    }
}

fn push_rows(batch: &RecordBatch, rows: &mut Vec<Vec<Value>>) -> Result<(), DataFusionError> {
    let columns: Vec<Vec<Value>> = batch
        .columns()
        .iter()
        .map(values)
        .collect::<Result<_, _>>()?;
    let mut columns: Vec<_> = columns.into_iter().map(Vec::into_iter).collect();
    for _ in 0..batch.num_rows() {
        rows.push(columns.iter_mut().filter_map(Iterator::next).collect());
    }
    Ok(())
}

/// One column's values as JSON.
fn values(array: &ArrayRef) -> Result<Vec<Value>, DataFusionError> {
    let to = |kind: &DataType| cast(array, kind);
    Ok(match kind(array.data_type()) {
        ColumnType::Date => each(to(&DataType::Date32)?.as_primitive::<Date32Type>(), date),
        ColumnType::Timestamp => {
            let kind = DataType::Timestamp(TimeUnit::Millisecond, None);
            let array = to(&kind)?;
            each(array.as_primitive::<TimestampMillisecondType>(), instant)
        }
        ColumnType::Double => each(
            to(&DataType::Float64)?.as_primitive::<Float64Type>(),
            Value::from,
        ),
        ColumnType::BigInt if *array.data_type() == DataType::UInt64 => {
            each(array.as_primitive::<UInt64Type>(), Value::from)
        }
        ColumnType::BigInt => each(
            to(&DataType::Int64)?.as_primitive::<Int64Type>(),
            Value::from,
        ),
        ColumnType::Boolean => each(to(&DataType::Boolean)?.as_boolean(), Value::from),
        ColumnType::Text => texts(array)?,
    })
}

fn each<T>(values: impl IntoIterator<Item = Option<T>>, show: impl Fn(T) -> Value) -> Vec<Value> {
    let values = values.into_iter();
    values
        .map(|value| value.map_or(Value::Null, &show))
        .collect()
}

fn date(days: i32) -> Value {
    NaiveDate::from_epoch_days(days).map_or(Value::Null, |day| day.to_string().into())
}

fn instant(milliseconds: i64) -> Value {
    DateTime::from_timestamp_millis(milliseconds).map_or(Value::Null, |instant| {
        instant.to_rfc3339_opts(SecondsFormat::AutoSi, true).into()
    })
}

fn texts(array: &ArrayRef) -> Result<Vec<Value>, DataFusionError> {
    let options = FormatOptions::default();
    let formatter = ArrayFormatter::try_new(array.as_ref(), &options)?;
    let show = |row| {
        // An array of Arrow's null type has no map of its nulls.
        if array.is_null(row) || *array.data_type() == DataType::Null {
            Value::Null
        } else {
            formatter.value(row).to_string().into()
        }
    };
    Ok((0..array.len()).map(show).collect())
}
