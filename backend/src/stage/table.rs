//! Observations as Parquet.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::Context as _;
use chrono::{DateTime, NaiveDate};
use datafusion::arrow::array::{
    Date32Array, Float64Array, RecordBatch, StringArray, TimestampMillisecondArray,
};
use shared::series::{Observation, SeriesId};

use crate::columnar::{self, column, days, doubles, instants, texts};

/// The file of these observations: `date`, `value`, `available_at` (UTC, ms), `vintage`, `source`. Equal rows give equal bytes.
pub fn write_observations(observations: &[Observation]) -> anyhow::Result<Vec<u8>> {
    let all = || observations.iter();
    columnar::write(vec![
        ("date", days(all().map(|o| Some(o.date)))),
        ("value", doubles(all().map(|o| Some(o.value)))),
        (
            "available_at",
            instants(all().map(|o| Some(o.available_at))),
        ),
        ("vintage", days(all().map(|o| Some(o.vintage)))),
        ("source", texts(all().map(|o| Some(&*o.source)))),
    ])
}

/// Reads such a file.
pub fn read_observations(bytes: Vec<u8>) -> anyhow::Result<Vec<Observation>> {
    rows(&columnar::read(bytes)?)
}

/// Reads a run's published table `observations`, which has the column `series` before those: each series' rows, in their order.
pub fn read_known(bytes: Vec<u8>) -> anyhow::Result<BTreeMap<SeriesId, Vec<Observation>>> {
    let batch = columnar::read(bytes)?;
    let names = column::<StringArray>(&batch, "series")?.iter();
    let mut known: BTreeMap<SeriesId, Vec<Observation>> = BTreeMap::new();
    for (name, observation) in names.zip(rows(&batch)?) {
        let id = name.unwrap_or_default().parse()?;
        known.entry(id).or_default().push(observation);
    }
    Ok(known)
}

fn rows(batch: &RecordBatch) -> anyhow::Result<Vec<Observation>> {
    let mut dates = column::<Date32Array>(batch, "date")?.iter();
    let mut values = column::<Float64Array>(batch, "value")?.iter();
    let mut known = column::<TimestampMillisecondArray>(batch, "available_at")?.iter();
    let mut vintages = column::<Date32Array>(batch, "vintage")?.iter();
    let mut sources = column::<StringArray>(batch, "source")?.iter();
    let mut source: Arc<str> = Arc::default();
    let mut read = || {
        let named = sources.next()??;
        if *source != *named {
            source = named.into();
        }
        Some(Observation {
            date: NaiveDate::from_epoch_days(dates.next()??)?,
            value: values.next()??,
            available_at: DateTime::from_timestamp_millis(known.next()??)?,
            vintage: NaiveDate::from_epoch_days(vintages.next()??)?,
            source: source.clone(),
        })
    };
    let all = 0..batch.num_rows();
    all.map(|row| read().with_context(|| format!("row {row} has an empty cell")))
        .collect()
}
