//! Columns and the Parquet file of them: one spelling of each type for what is staged, published and asked.

use std::sync::Arc;

use anyhow::Context as _;
use bytes::Bytes;
use chrono::{DateTime, NaiveDate, Utc};
use datafusion::arrow::array::{
    Array, ArrayRef, BooleanArray, Date32Array, Float64Array, Int64Array, RecordBatch, StringArray,
    TimestampMillisecondArray,
};
use datafusion::arrow::compute::concat_batches;
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::arrow::arrow_reader::{
    ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use datafusion::parquet::basic::Compression;
use datafusion::parquet::file::properties::WriterProperties;

/// Rows that are read at once.
const BATCH: usize = 1 << 16;

/// The columns as a Parquet file; all must have the same length. Equal columns give equal bytes. Snappy, because every reader
/// knows it.
pub(crate) fn write(columns: Vec<(&str, ArrayRef)>) -> anyhow::Result<Vec<u8>> {
    let columns = columns.into_iter();
    // A column's type does not depend on whether this file happens to have a gap in it.
    let batch = RecordBatch::try_from_iter_with_nullable(
        columns.map(|(name, values)| (name, values, true)),
    )?;
    let snappy = WriterProperties::builder().set_compression(Compression::SNAPPY);
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(snappy.build()))?;
    writer.write(&batch)?;
    writer.close()?;
    Ok(bytes)
}

/// Reads a whole Parquet file, whoever wrote it: types are Parquet's own, not what a writer noted beside them.
pub(crate) fn read(bytes: Vec<u8>) -> anyhow::Result<RecordBatch> {
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let file = ParquetRecordBatchReaderBuilder::try_new_with_options(Bytes::from(bytes), options)?;
    let schema = file.schema().clone();
    let batches: Result<Vec<_>, _> = file.with_batch_size(BATCH).build()?.collect();
    Ok(concat_batches(&schema, &batches?)?)
}

/// A column of a file by its name and type.
pub(crate) fn column<'a, A: Array + 'static>(
    batch: &'a RecordBatch,
    name: &str,
) -> anyhow::Result<&'a A> {
    let found = batch.column_by_name(name);
    let found = found.with_context(|| format!("there is no column `{name}`"))?;
    let typed = found.as_any().downcast_ref();
    typed.with_context(|| format!("the column `{name}` holds {}", found.data_type()))
}

/// Days.
pub(crate) fn days(values: impl Iterator<Item = Option<NaiveDate>>) -> ArrayRef {
    let numbers = values.map(|day| day.map(|day| day.to_epoch_days()));
    Arc::new(numbers.collect::<Date32Array>())
}

/// Instants, in milliseconds of UTC.
pub(crate) fn instants(values: impl Iterator<Item = Option<DateTime<Utc>>>) -> ArrayRef {
    let numbers = values.map(|at| at.map(|at| at.timestamp_millis()));
    Arc::new(numbers.collect::<TimestampMillisecondArray>())
}

/// Numbers; NaN stays NaN.
pub(crate) fn doubles(values: impl Iterator<Item = Option<f64>>) -> ArrayRef {
    Arc::new(values.collect::<Float64Array>())
}

/// Whole numbers.
pub(crate) fn counts(values: impl Iterator<Item = Option<i64>>) -> ArrayRef {
    Arc::new(values.collect::<Int64Array>())
}

/// Truths.
pub(crate) fn truths(values: impl Iterator<Item = Option<bool>>) -> ArrayRef {
    Arc::new(values.collect::<BooleanArray>())
}

/// Texts.
pub(crate) fn texts<T: AsRef<str>>(values: impl Iterator<Item = Option<T>>) -> ArrayRef {
    Arc::new(values.collect::<StringArray>())
}
