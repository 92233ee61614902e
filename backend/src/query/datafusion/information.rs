//! `information_schema` as Athena has it: what clients read to list schemas, tables and columns.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use datafusion::catalog::{MemorySchemaProvider, SchemaProvider};
use datafusion::datasource::MemTable;
use datafusion::error::DataFusionError;
use datafusion::prelude::SessionContext;
use shared::api::TableSchema;
use shared::catalogue::ColumnType;

use crate::catalogue::{CATALOG, DATABASE, is_view};

const NAME: &str = "information_schema";

/// Adds `information_schema` with its tables `schemata`, `tables` and `columns`.
pub(super) fn register(
    context: &SessionContext,
    tables: &[TableSchema],
) -> Result<(), DataFusionError> {
    let catalog = CATALOG.to_lowercase();
    let missing = || DataFusionError::Internal(format!("there is no catalogue `{catalog}`"));
    let provider = context.catalog(&catalog).ok_or_else(missing)?;
    let schema = MemorySchemaProvider::new();
    let parts = [
        ("schemata", schemata(&catalog)?),
        ("tables", tables_of(&catalog, tables)?),
        ("columns", columns_of(&catalog, tables)?),
    ];
    for (name, batch) in parts {
        let table = MemTable::try_new(batch.schema(), vec![vec![batch]])?;
        schema.register_table(name.to_owned(), Arc::new(table))?;
    }
    provider.register_schema(NAME, Arc::new(schema))?;
    Ok(())
}

fn schemata(catalog: &str) -> Result<RecordBatch, DataFusionError> {
    let names = [DATABASE, NAME];
    batch(vec![
        ("catalog_name", text(names.map(|_| catalog))),
        ("schema_name", text(names)),
    ])
}

fn tables_of(catalog: &str, tables: &[TableSchema]) -> Result<RecordBatch, DataFusionError> {
    let kind = |table: &TableSchema| {
        if is_view(&table.name) {
            "VIEW"
        } else {
            "BASE TABLE"
        }
    };
    batch(vec![
        ("table_catalog", text(tables.iter().map(|_| catalog))),
        ("table_schema", text(tables.iter().map(|_| DATABASE))),
        ("table_name", text(tables.iter().map(|t| t.name.as_str()))),
        ("table_type", text(tables.iter().map(kind))),
    ])
}

fn columns_of(catalog: &str, tables: &[TableSchema]) -> Result<RecordBatch, DataFusionError> {
    let all = || {
        tables.iter().flat_map(|table| {
            let columns = table.columns.iter().zip(1_i64..);
            columns.map(|(column, place)| (table.name.as_str(), column, place))
        })
    };
    batch(vec![
        ("table_catalog", text(all().map(|_| catalog))),
        ("table_schema", text(all().map(|_| DATABASE))),
        ("table_name", text(all().map(|(table, ..)| table))),
        ("column_name", text(all().map(|(_, c, _)| c.name.as_str()))),
        (
            "ordinal_position",
            Arc::new(Int64Array::from_iter_values(all().map(|(.., n)| n))),
        ),
        ("is_nullable", text(all().map(|_| "YES"))),
        ("data_type", text(all().map(|(_, c, _)| trino(c.kind)))),
    ])
}

/// A column's type as Trino spells it.
fn trino(kind: ColumnType) -> &'static str {
    match kind {
        ColumnType::Date => "date",
        ColumnType::Double => "double",
        ColumnType::BigInt => "bigint",
        ColumnType::Text => "varchar",
        ColumnType::Boolean => "boolean",
        ColumnType::Timestamp => "timestamp(3)",
    }
}

fn text<'a>(values: impl IntoIterator<Item = &'a str>) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(values))
}

fn batch(columns: Vec<(&str, ArrayRef)>) -> Result<RecordBatch, DataFusionError> {
    Ok(RecordBatch::try_from_iter(columns)?)
}
