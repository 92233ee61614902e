//! One table to DataFusion: the Parquet files that manifests name, and nothing else.

use std::sync::Arc;

use async_trait::async_trait;
use datafusion::arrow::array::{Array, RecordBatch};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::cast::as_boolean_array;
use datafusion::common::stats::Precision;
use datafusion::common::{DFSchema, Result, ScalarValue, Statistics};
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::listing::helpers::expr_applicable_for_cols;
use datafusion::datasource::physical_plan::parquet::ParquetFileReaderFactory;
use datafusion::datasource::physical_plan::{FileGroup, FileScanConfigBuilder, ParquetSource};
use datafusion::datasource::source::DataSourceExec;
use datafusion::datasource::table_schema::TableSchema;
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::logical_expr::utils::conjunction;
use datafusion::logical_expr::{Expr, TableProviderFilterPushDown, TableType};
use datafusion::object_store::ObjectMeta;
use datafusion::object_store::path::Path;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::empty::EmptyExec;
use shared::catalogue::{Column, ColumnType, Manifest, Table, TableFile};

use crate::catalogue::file_columns;

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
                files.push(partitioned(run, file)?);
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

    /// The files of the runs that pass `filters`, which are about runs only.
    fn chosen(&self, state: &dyn Session, filters: &[Expr]) -> Result<Vec<PartitionedFile>> {
        let Some(filter) = conjunction(filters.iter().cloned()) else {
            return Ok(self.files.clone());
        };
        let schema = Arc::new(Schema::new(self.schema.table_partition_cols().clone()));
        let filter =
            state.create_physical_expr(filter, &DFSchema::try_from(Arc::clone(&schema))?)?;
        let mut chosen = Vec::new();
        for file in &self.files {
            let values = file.partition_values.iter().map(ScalarValue::to_array);
            let row = RecordBatch::try_new(schema.clone(), values.collect::<Result<_>>()?)?;
            let passes = filter.evaluate(&row)?.into_array(1)?;
            let passes = as_boolean_array(&passes)?;
            if passes.is_valid(0) && passes.value(0) {
                chosen.push(file.clone());
            }
        }
        Ok(chosen)
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

    /// Conditions on the run alone decide which files are opened; the rows are filtered by the engine all the same.
    fn supports_filters_pushdown(
        &self,
        filters: &[&Expr],
    ) -> Result<Vec<TableProviderFilterPushDown>> {
        let answer = |filter: &&Expr| {
            if is_about_runs(filter) {
                TableProviderFilterPushDown::Inexact
            } else {
                TableProviderFilterPushDown::Unsupported
            }
        };
        Ok(filters.iter().map(answer).collect())
    }

    async fn scan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let files = self.chosen(state, filters)?;
        if files.is_empty() {
            let all = self.schema();
            let schema = match projection {
                Some(wanted) => Arc::new(all.project(wanted)?),
                None => all,
            };
            return Ok(Arc::new(EmptyExec::new(schema)));
        }
        let source = ParquetSource::new(self.schema.clone())
            .with_parquet_file_reader_factory(self.reader.clone());
        let groups = FileGroup::new(files).split_files(state.config().target_partitions());
        let scan = FileScanConfigBuilder::new(self.store.clone(), Arc::new(source))
            .with_file_groups(groups)
            .with_statistics(self.statistics())
            .with_projection_indices(projection.cloned())?
            .with_limit(limit)
            .build();
        Ok(DataSourceExec::from_data_source(scan))
    }
}

/// Whether a condition can be decided by a run's day and id.
fn is_about_runs(filter: &Expr) -> bool {
    let columns = Table::partition_columns();
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    expr_applicable_for_cols(&names, filter)
}

/// A manifest's file with the run's partition values.
fn partitioned(run: &Manifest, file: &TableFile) -> Result<PartitionedFile, String> {
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
    Ok(
        PartitionedFile::new_from_meta(meta).with_partition_values(vec![
            ScalarValue::Date32(Some(days)),
            ScalarValue::Utf8View(Some(run.run_id.clone())),
        ]),
    )
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
