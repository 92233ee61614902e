//! How a table looks in Glue: Hive's types, Parquet's formats, the place in the bucket.

use aws_sdk_glue::types::{
    Column as GlueColumn, SerDeInfo, StorageDescriptor, Table as GlueTable, TableInput,
};
use shared::api::TableSchema;
use shared::catalogue::{Column, ColumnType, Table};

use super::{CatalogueError, fault};
use crate::catalogue::hive;

const INPUT: &str = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat";
const OUTPUT: &str = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat";
const SERDE: &str = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe";

/// The catalogue's word for a type of Hive.
fn kind(name: &str) -> Option<ColumnType> {
    let all = [
        ColumnType::Date,
        ColumnType::Double,
        ColumnType::BigInt,
        ColumnType::Text,
        ColumnType::Boolean,
        ColumnType::Timestamp,
    ];
    all.into_iter().find(|kind| hive(*kind) == name)
}

/// Columns in Glue's form.
pub(super) fn columns(columns: &[Column]) -> Result<Vec<GlueColumn>, CatalogueError> {
    let all = columns.iter().map(|column| {
        let described = GlueColumn::builder()
            .name(&column.name)
            .r#type(hive(column.kind));
        described.build().map_err(fault::incomplete)
    });
    all.collect()
}

/// Glue's columns in ours. `resource` names the table.
pub(super) fn own(found: &[GlueColumn], resource: &str) -> Result<Vec<Column>, CatalogueError> {
    let all = found.iter().map(|column| {
        let name = column.r#type().unwrap_or_default();
        let kind = kind(name).ok_or_else(|| {
            let place = format!("{resource}.{}", column.name());
            fault::conflict(&place, &format!("of type `{name}`"), "one of its own types")
        })?;
        Ok(Column::new(column.name(), kind))
    });
    all.collect()
}

/// Where Parquet files of these columns lie, and how they are read: by name, so that files with fewer columns fit.
pub(super) fn storage(own: &[Column], location: &str) -> Result<StorageDescriptor, CatalogueError> {
    let serde = SerDeInfo::builder()
        .serialization_library(SERDE)
        .parameters("serialization.format", "1")
        .build();
    Ok(StorageDescriptor::builder()
        .set_columns(Some(columns(own)?))
        .location(location)
        .input_format(INPUT)
        .output_format(OUTPUT)
        .serde_info(serde)
        .build())
}

/// A table with these columns of its own.
pub(super) fn table(
    table: Table,
    own: &[Column],
    location: &str,
) -> Result<TableInput, CatalogueError> {
    TableInput::builder()
        .name(table.name())
        .table_type("EXTERNAL_TABLE")
        .parameters("EXTERNAL", "TRUE")
        .parameters("classification", "parquet")
        .storage_descriptor(storage(own, location)?)
        .set_partition_keys(Some(columns(&Table::partition_columns())?))
        .build()
        .map_err(fault::incomplete)
}

/// A table of Glue as SQL sees it, partition columns last.
pub(super) fn schema(table: &GlueTable) -> Result<TableSchema, CatalogueError> {
    let stored = table.storage_descriptor().map(StorageDescriptor::columns);
    let mut columns = own(stored.unwrap_or_default(), table.name())?;
    columns.extend(own(table.partition_keys(), table.name())?);
    Ok(TableSchema {
        name: table.name().to_owned(),
        columns,
    })
}
