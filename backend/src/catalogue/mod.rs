//! Catalogue: makes published runs findable. Embedded, the manifests themselves are the catalogue; in the cloud it is Glue.

#[cfg(test)]
pub(crate) mod contract;
#[cfg(feature = "cloud")]
pub mod glue;
mod lake;
mod published;

use std::sync::Arc;

use async_trait::async_trait;
use shared::api::TableSchema;
use shared::catalogue::{Column, ColumnType, Manifest, Table};

#[cfg(feature = "cloud")]
pub use glue::{GlueCatalogue, GlueSettings};
pub use lake::LakeCatalogue;
pub use published::{Published, ReadError};

/// The catalogue's name in Athena and in the embedded engine.
pub const CATALOG: &str = "AwsDataCatalog";

/// The database's name in the embedded engine, and Glue's unless a setting says otherwise.
pub const DATABASE: &str = "assay";

/// Parameter of the `*_latest` views whose value changes whenever a question could get another answer: a run was registered,
/// or another one became current. Answers are kept for as long as it stays the same.
pub const REGISTERED: &str = "assay_registered";

/// What follows a table's name in that of the view over the current run.
const LATEST: &str = "_latest";

/// Why a run was not registered, or what is registered cannot be told.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// Another attempt may succeed: the service is busy, or somebody else changed the same table.
    #[error("{message}")]
    Retry {
        /// What happened.
        message: String,
    },
    /// Another attempt will fail as well.
    #[error("{message}")]
    Fail {
        /// What is wrong.
        message: String,
        /// What to do about it.
        advice: String,
    },
    /// The lake cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
}

impl CatalogueError {
    /// Whether another attempt may succeed.
    pub fn retry(&self) -> bool {
        match self {
            Self::Retry { .. } | Self::Read(ReadError::Lake(_)) => true,
            Self::Fail { .. } | Self::Read(ReadError::Broken { .. }) => false,
        }
    }

    /// What to do about it.
    pub fn advice(&self) -> &str {
        match self {
            Self::Retry { .. } => "wait a minute and run it again; what was registered stays",
            Self::Fail { advice, .. } => advice,
            Self::Read(_) => "restore the object from a backup or publish the run again",
        }
    }
}

/// Where published runs are found. Twins: the lake's manifests here, Glue in the cloud. Both pass `catalogue/contract.rs`.
#[async_trait]
pub trait Catalogue: Send + Sync {
    /// Makes a published run findable: its files behind the tables, and the current run behind the `*_latest` views. Call
    /// it after the pointer moved. Doing it again changes nothing. The answer says what was done, for the report.
    async fn register(&self, manifest: &Manifest) -> Result<String, CatalogueError>;

    /// Tables and views with their columns, partition columns last.
    async fn tables(&self) -> Result<Vec<TableSchema>, CatalogueError>;

    /// The runs that are found behind a table, sorted by id.
    async fn runs(&self, table: Table) -> Result<Vec<String>, CatalogueError>;
}

/// The name of the view over a table's current run.
pub fn view_name(table: Table) -> String {
    format!("{table}{LATEST}")
}

/// Whether a name is that of a view.
pub fn is_view(name: &str) -> bool {
    name.ends_with(LATEST)
}

/// The columns of a table over several runs, in order of first appearance; partition columns are not among them.
pub(crate) fn file_columns(table: Table, runs: &[Arc<Manifest>]) -> Vec<Column> {
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

/// Every table over `runs`, and every view over those of `latest`, with their columns, partition columns last.
pub(crate) fn schemas(runs: &[Arc<Manifest>], latest: &[Arc<Manifest>]) -> Vec<TableSchema> {
    let mut tables = Vec::new();
    for table in Table::ALL {
        for (name, runs) in [(table.to_string(), runs), (view_name(table), latest)] {
            let mut columns = file_columns(table, runs);
            columns.extend(Table::partition_columns());
            tables.push(TableSchema { name, columns });
        }
    }
    tables
}

/// A type as Hive spells it: in Glue, and in Athena's descriptions of tables.
pub(crate) fn hive(kind: ColumnType) -> &'static str {
    match kind {
        ColumnType::Date => "date",
        ColumnType::Double => "double",
        ColumnType::BigInt => "bigint",
        ColumnType::Text => "string",
        ColumnType::Boolean => "boolean",
        ColumnType::Timestamp => "timestamp",
    }
}
