//! One table to DataFusion: the Parquet files that manifests name, and nothing else.

use std::sync::Arc;

use async_trait::async_trait;
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::stats::Precision;
use datafusion::common::{Result, ScalarValue, Statistics};
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::parquet::ParquetFileReaderFactory;
use datafusion::datasource::physical_plan::{FileGroup, FileScanConfigBuilder, ParquetSource};
use datafusion::datasource::source::DataSourceExec;
use datafusion::datasource::table_schema::TableSchema;
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::logical_expr::{Expr, TableType};
use datafusion::object_store::ObjectMeta;
use datafusion::object_store::path::Path;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::empty::EmptyExec;
use shared::catalogue::{Column, ColumnType, Manifest, Table, TableFile};

/// Files of one table. A file that lacks a column of the table has NULL there.
#[derive(Debug)]
pub(super) struct RunsTable {
    schema: TableSchema,
    files: Vec<PartitionedFile>,
    rows: usize,
    store: ObjectStoreUrl,
    reader: Arc<dyn ParquetFileReaderFactory>,
}

impl RunsTable {
    /// The rows of `table` in these runs. Fails on a key that is no path inside the lake; the error is that key.
    pub(super) fn new(
        table: Table,
        runs: &[Arc<Manifest>],
        store: ObjectStoreUrl,
        reader: Arc<dyn ParquetFileReaderFactory>,
    ) -> Result<Self, String> {
        let partition = arrow_schema(&Table::partition_columns());
        let schema = TableSchema::builder(arrow_schema(&file_columns(table, runs)))
            .with_table_partition_cols(partition.fields().to_vec())
            .build();
        let mut files = Vec::new();
        let mut rows = 0;
        for run in runs {
            if let Some(file) = run.tables.get(&table) {
                files.push(partitioned(run, file, schema.file_schema())?);
                rows += file.rows as usize;
            }
        }
        Ok(Self {
            schema,
            files,
            rows,
            store,
            reader,
        })
    }

    /// The manifests' row counts. Inexact on purpose: an exact count would answer `count(*)` without opening a file, and so
    /// hide a missing one.
    fn statistics(&self) -> Statistics {
        let mut statistics = Statistics::new_unknown(self.schema.table_schema());
        statistics.num_rows = Precision::Inexact(self.rows);
        statistics
    }
}

#[async_trait]
impl TableProvider for RunsTable {
    fn schema(&self) -> SchemaRef {
        self.schema.table_schema().clone()
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    async fn scan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        _filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        if self.files.is_empty() {
            let all = self.schema();
            let schema = match projection {
                Some(wanted) => Arc::new(all.project(wanted)?),
                None => all,
            };
            return Ok(Arc::new(EmptyExec::new(schema)));
        }
        let source = ParquetSource::new(self.schema.clone())
            .with_parquet_file_reader_factory(self.reader.clone());
        let groups =
            FileGroup::new(self.files.clone()).split_files(state.config().target_partitions());
        let scan = FileScanConfigBuilder::new(self.store.clone(), Arc::new(source))
            .with_file_groups(groups)
            .with_statistics(self.statistics())
            .with_projection_indices(projection.cloned())?
            .with_limit(limit)
            .build();
        Ok(DataSourceExec::from_data_source(scan))
    }
}

/// The columns of a table over several runs, in order of first appearance.
pub(super) fn file_columns(table: Table, runs: &[Arc<Manifest>]) -> Vec<Column> {
    let mut columns: Vec<Column> = Vec::new();
    for file in runs.iter().filter_map(|run| run.tables.get(&table)) {
        for column in &file.columns {
            if !columns.iter().any(|known| known.name == column.name) {
                columns.push(column.clone());
            }
        }
    }
    if columns.is_empty() {
        table.columns(&[])
    } else {
        columns
    }
}

/// A manifest's file with the run's partition values. They are also its statistics, so that `WHERE run_id = …` opens no
/// other run's file.
fn partitioned(
    run: &Manifest,
    file: &TableFile,
    schema: &SchemaRef,
) -> Result<PartitionedFile, String> {
    let location = Path::parse(&file.key).map_err(|_| file.key.clone())?;
    let days = run.as_of.to_epoch_days();
    let meta = ObjectMeta {
        location,
        // Published files never change, so one instant is as good as another to the cache of footers.
        last_modified: chrono::DateTime::UNIX_EPOCH,
        size: file.bytes,
        e_tag: None,
        version: None,
    };
    Ok(PartitionedFile::new_from_meta(meta)
        .with_partition_values(vec![
            ScalarValue::Date32(Some(days)),
            ScalarValue::Utf8View(Some(run.run_id.clone())),
        ])
        .with_statistics(Arc::new(Statistics::new_unknown(schema))))
}

/// The catalogue's columns as Arrow's. Every one may be NULL.
fn arrow_schema(columns: &[Column]) -> SchemaRef {
    let fields = columns.iter().map(|column| {
        let kind = match column.kind {
            ColumnType::Date => DataType::Date32,
            ColumnType::Double => DataType::Float64,
            ColumnType::BigInt => DataType::Int64,
            ColumnType::Text => DataType::Utf8View,
            ColumnType::Boolean => DataType::Boolean,
            // Athena's `timestamp` has no zone either.
            ColumnType::Timestamp => DataType::Timestamp(TimeUnit::Millisecond, None),
        };
        Field::new(&column.name, kind, true)
    });
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}
