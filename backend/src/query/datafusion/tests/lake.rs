//! Writes a small lake as publish does: Parquet, manifests, the pointer. The benchmark uses it, too.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use datafusion::arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Float64Array, Int64Array, RecordBatch, StringArray,
    TimestampMillisecondArray,
};
use datafusion::parquet::arrow::ArrowWriter;
use shared::catalogue::{Column, ColumnType, Current, Manifest, PublishedRun, Table, TableFile};

use super::{Key, sha256_hex};

/// One column's values.
pub(super) enum Values {
    Dates(Vec<NaiveDate>),
    Numbers(Vec<Option<f64>>),
    Counts(Vec<i64>),
    Texts(Vec<String>),
    Truths(Vec<Option<bool>>),
    Instants(Vec<DateTime<Utc>>),
}

/// A table's columns, in order.
pub(super) type Frame = Vec<(String, Values)>;

/// What one run publishes.
pub(super) struct Run {
    pub(super) id: String,
    pub(super) as_of: NaiveDate,
    pub(super) preset: String,
    pub(super) tables: BTreeMap<Table, Frame>,
}

/// Writes the files and the manifest of a run, but does not move the pointer.
pub(super) fn write(root: &Path, run: &Run) -> Manifest {
    let mut tables = BTreeMap::new();
    for (table, frame) in &run.tables {
        let key = Key::Table {
            table: *table,
            as_of: run.as_of,
            run_id: run.id.clone(),
        };
        let (bytes, rows) = parquet(frame);
        put(root, &key, &bytes);
        let columns = frame
            .iter()
            .map(|(name, values)| Column::new(name, kind(values)));
        let file = TableFile {
            key: key.to_string(),
            rows: rows as u64,
            bytes: bytes.len() as u64,
            sha256: sha256_hex(&bytes),
            columns: columns.collect(),
        };
        tables.insert(*table, file);
    }
    let manifest = Manifest {
        run_id: run.id.clone(),
        as_of: run.as_of,
        preset: run.preset.clone(),
        synthetic: true,
        tables,
        model_sha256: sha256_hex(b""),
        what_if_sha256: None,
    };
    let run_id = run.id.clone();
    put(
        root,
        &Key::Manifest { run_id },
        &serde_json::to_vec(&manifest).unwrap(),
    );
    manifest
}

/// Moves the pointer: all of `runs` are published, the last one is current.
pub(super) fn point_to(root: &Path, runs: &[&Manifest]) {
    let line = |run: &&Manifest| PublishedRun {
        run_id: run.run_id.clone(),
        as_of: run.as_of,
        preset: run.preset.clone(),
        published_at: DateTime::UNIX_EPOCH,
    };
    let by_preset = runs
        .iter()
        .map(|run| (run.preset.clone(), run.run_id.clone()));
    let current = Current {
        run_id: runs.last().unwrap().run_id.clone(),
        by_preset: by_preset.collect(),
        published: runs.iter().map(line).collect(),
    };
    put(root, &Key::Current, &serde_json::to_vec(&current).unwrap());
}

fn put(root: &Path, key: &Key, bytes: &[u8]) {
    let path = root.join(key.to_string());
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

fn parquet(frame: &Frame) -> (Vec<u8>, usize) {
    let columns = frame
        .iter()
        .map(|(name, values)| (name, column(values), true));
    let batch = RecordBatch::try_from_iter_with_nullable(columns).unwrap();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    (bytes, batch.num_rows())
}

fn column(values: &Values) -> ArrayRef {
    match values {
        Values::Dates(days) => {
            let days = days.iter().map(NaiveDate::to_epoch_days);
            Arc::new(Date32Array::from_iter_values(days))
        }
        Values::Numbers(numbers) => Arc::new(Float64Array::from(numbers.clone())),
        Values::Counts(counts) => Arc::new(Int64Array::from(counts.clone())),
        Values::Texts(texts) => Arc::new(StringArray::from(texts.clone())),
        Values::Truths(truths) => Arc::new(BooleanArray::from(truths.clone())),
        Values::Instants(instants) => {
            let millis = instants.iter().map(DateTime::timestamp_millis);
            Arc::new(TimestampMillisecondArray::from_iter_values(millis))
        }
    }
}

fn kind(values: &Values) -> ColumnType {
    match values {
        Values::Dates(_) => ColumnType::Date,
        Values::Numbers(_) => ColumnType::Double,
        Values::Counts(_) => ColumnType::BigInt,
        Values::Texts(_) => ColumnType::Text,
        Values::Truths(_) => ColumnType::Boolean,
        Values::Instants(_) => ColumnType::Timestamp,
    }
}
