//! Observations as Parquet.

use std::collections::BTreeMap;
use std::io::Cursor;

use anyhow::Context as _;
use chrono::{DateTime, NaiveDate, TimeZone as _, Utc};
use polars::prelude::*;
use shared::series::{Observation, SeriesId};

/// The file of these observations: `date`, `value`, `available_at` (UTC, ms), `vintage`, `source`. Equal rows give equal bytes.
pub fn write_observations(observations: &[Observation]) -> anyhow::Result<Vec<u8>> {
    let dates: Vec<i32> = observations.iter().map(|o| epoch_day(o.date)).collect();
    let values: Vec<f64> = observations.iter().map(|o| o.value).collect();
    let known: Vec<i64> = observations
        .iter()
        .map(|o| o.available_at.timestamp_millis())
        .collect();
    let vintages: Vec<i32> = observations.iter().map(|o| epoch_day(o.vintage)).collect();
    let sources: Vec<&str> = observations.iter().map(|o| &*o.source).collect();
    let utc = DataType::Datetime(TimeUnit::Milliseconds, None);
    let mut frame = DataFrame::new_infer_height(vec![
        Column::new("date".into(), dates).cast(&DataType::Date)?,
        Column::new("value".into(), values),
        Column::new("available_at".into(), known).cast(&utc)?,
        Column::new("vintage".into(), vintages).cast(&DataType::Date)?,
        Column::new("source".into(), sources),
    ])?;
    parquet_bytes(&mut frame)
}

/// Reads such a file.
pub fn read_observations(bytes: Vec<u8>) -> anyhow::Result<Vec<Observation>> {
    rows(&ParquetReader::new(Cursor::new(bytes)).finish()?)
}

/// Reads a run's published table `observations`, which has the column `series` before those: each series' rows, in their order.
pub fn read_known(bytes: Vec<u8>) -> anyhow::Result<BTreeMap<SeriesId, Vec<Observation>>> {
    let frame = ParquetReader::new(Cursor::new(bytes)).finish()?;
    let names = frame.column("series")?.str()?;
    let mut known: BTreeMap<SeriesId, Vec<Observation>> = BTreeMap::new();
    for (row, observation) in rows(&frame)?.into_iter().enumerate() {
        let name = names.get(row).unwrap_or_default();
        known.entry(name.parse()?).or_default().push(observation);
    }
    Ok(known)
}

fn rows(frame: &DataFrame) -> anyhow::Result<Vec<Observation>> {
    let dates = frame.column("date")?.cast(&DataType::Int32)?;
    let known = frame.column("available_at")?.cast(&DataType::Int64)?;
    let vintages = frame.column("vintage")?.cast(&DataType::Int32)?;
    let (dates, vintages) = (dates.i32()?, vintages.i32()?);
    let (values, known) = (frame.column("value")?.f64()?, known.i64()?);
    let sources = frame.column("source")?.str()?;
    let mut observations = Vec::with_capacity(frame.height());
    let mut source: Arc<str> = Arc::default();
    for row in 0..frame.height() {
        let mut read = || {
            let named = sources.get(row)?;
            if *source != *named {
                source = named.into();
            }
            Some(Observation {
                date: from_epoch_day(dates.get(row)?)?,
                value: values.get(row)?,
                available_at: instant(known.get(row)?)?,
                vintage: from_epoch_day(vintages.get(row)?)?,
                source: source.clone(),
            })
        };
        observations.push(read().with_context(|| format!("row {row} has an empty cell"))?);
    }
    Ok(observations)
}

/// The frame as Parquet. Snappy, because every reader knows it.
pub(crate) fn parquet_bytes(frame: &mut DataFrame) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    ParquetWriter::new(&mut bytes)
        .with_compression(ParquetCompression::Snappy)
        .finish(frame)?;
    Ok(bytes)
}

/// Days since 1970-01-01, as Parquet and Polars count them.
pub(crate) fn epoch_day(day: NaiveDate) -> i32 {
    day.to_epoch_days()
}

fn from_epoch_day(days: i32) -> Option<NaiveDate> {
    NaiveDate::from_epoch_days(days)
}

fn instant(milliseconds: i64) -> Option<DateTime<Utc>> {
    Utc.timestamp_millis_opt(milliseconds).single()
}
