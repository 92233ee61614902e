//! The lake's tables in the words of Hive, which Athena's and Glue's descriptions share.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};
use shared::api::TableSchema;
use shared::catalogue::{Column, Current, Table};

use super::BUCKET;
use super::wire::instant;
use crate::catalogue::{REGISTERED, hive, is_view};

/// Name and type of each column.
pub(super) fn columns(columns: &[Column]) -> Value {
    let all = columns.iter();
    all.map(|column| json!({ "Name": column.name, "Type": hive(column.kind) }))
        .collect()
}

/// The columns inside the files, and those of the partitions. A view has no partitions: all its columns are its own.
pub(super) fn split(table: &TableSchema) -> (&[Column], &[Column]) {
    if is_view(&table.name) {
        return (&table.columns, &[]);
    }
    let own = table.columns.len() - Table::partition_columns().len();
    table.columns.split_at(own)
}

/// What kind of table it is.
pub(super) fn kind(name: &str) -> &'static str {
    if is_view(name) {
        "VIRTUAL_VIEW"
    } else {
        "EXTERNAL_TABLE"
    }
}

/// The table's parameters.
pub(super) fn parameters(name: &str, current: &Current) -> Value {
    let mut parameters = Map::new();
    if is_view(name) {
        parameters.insert("presto_view".to_owned(), json!("true"));
        let marker = format!("{}/{}", current.run_id, current.published.len());
        parameters.insert(REGISTERED.to_owned(), json!(marker));
    } else {
        parameters.insert("EXTERNAL".to_owned(), json!("TRUE"));
        parameters.insert("classification".to_owned(), json!("parquet"));
    }
    Value::Object(parameters)
}

/// Athena's description of a table.
pub(super) fn athena(table: &TableSchema, current: &Current) -> Value {
    let (own, partition) = split(table);
    json!({
        "Name": table.name,
        "CreateTime": instant(created(current)),
        "TableType": kind(&table.name),
        "Columns": columns(own),
        "PartitionKeys": columns(partition),
        "Parameters": parameters(&table.name, current),
    })
}

/// Glue's description of a table.
pub(super) fn glue(database: &str, table: &TableSchema, current: &Current) -> Value {
    let (own, partition) = split(table);
    let mut described = json!({
        "Name": table.name,
        "DatabaseName": database,
        "CreateTime": instant(created(current)),
        "UpdateTime": instant(created(current)),
        "TableType": kind(&table.name),
        "StorageDescriptor": { "Columns": columns(own) },
        "PartitionKeys": columns(partition),
        "Parameters": parameters(&table.name, current),
        "VersionId": current.published.len().to_string(),
    });
    let folder = Table::ALL
        .into_iter()
        .find(|known| known.name() == table.name);
    if let Some(known) = folder {
        let location = format!("s3://{BUCKET}/{}/", known.folder());
        described["StorageDescriptor"] = storage(own, &location);
    }
    described
}

/// Where Parquet files of these columns lie, and how they are read.
pub(super) fn storage(own: &[Column], location: &str) -> Value {
    json!({
        "Columns": columns(own),
        "Location": location,
        "InputFormat": "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
        "OutputFormat": "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
        "SerdeInfo": {
            "SerializationLibrary": "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
            "Parameters": { "serialization.format": "1" },
        },
    })
}

/// When the newest of the runs was published.
fn created(current: &Current) -> DateTime<Utc> {
    let runs = current.published.iter();
    runs.map(|run| run.published_at)
        .max()
        .unwrap_or(DateTime::UNIX_EPOCH)
}
