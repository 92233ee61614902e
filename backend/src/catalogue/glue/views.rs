//! The `*_latest` views in Glue, in the form that Athena gives its own: SQL and columns as JSON in Base64.

use aws_sdk_glue::types::{StorageDescriptor, TableInput};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use shared::catalogue::{Column, ColumnType, Manifest, Table};

use super::{CatalogueError, GlueCatalogue, definition, fault};
use crate::catalogue::{CATALOG, REGISTERED, hive, view_name};

/// Attempts where somebody else changes the same view.
const ATTEMPTS: usize = 4;

impl GlueCatalogue {
    /// Makes a table's view show the current run; whether that changed anything.
    pub(super) async fn make_view(
        &self,
        table: Table,
        current: &Manifest,
        mark: &str,
    ) -> Result<bool, CatalogueError> {
        let input = self.view(table, current, mark)?;
        let mut failure = None;
        for _ in 0..ATTEMPTS {
            match self.show(&input).await {
                Err(CatalogueError::Retry { message }) => failure = Some(message),
                done => return done,
            }
        }
        let message = failure.unwrap_or_default();
        Err(CatalogueError::Retry { message })
    }

    async fn show(&self, input: &TableInput) -> Result<bool, CatalogueError> {
        let resource = self.resource(input.name());
        let Some(found) = self.find_table(input.name()).await? else {
            self.create(input.clone(), &resource).await?;
            return Ok(true);
        };
        let text = found.view_original_text();
        let parameter = |table: Option<&std::collections::HashMap<String, String>>| {
            table.and_then(|parameters| parameters.get(REGISTERED).cloned())
        };
        let is_same = text == input.view_original_text()
            && parameter(found.parameters()) == parameter(input.parameters());
        if is_same {
            return Ok(false);
        }
        if found.table_type() != Some("VIRTUAL_VIEW") {
            return Err(fault::conflict(&resource, "a table", "a view"));
        }
        self.update(input.clone(), found.version_id(), &resource)
            .await?;
        Ok(true)
    }

    /// The view over the rows of the current run, with that run's own columns.
    fn view(
        &self,
        table: Table,
        current: &Manifest,
        mark: &str,
    ) -> Result<TableInput, CatalogueError> {
        let mut columns = match current.tables.get(&table) {
            Some(file) => file.columns.clone(),
            None => table.columns(&[]),
        };
        columns.extend(Table::partition_columns());
        let sql = select(table, &columns, current);
        let described = json!({
            "originalSql": sql,
            "catalog": CATALOG.to_lowercase(),
            "schema": self.settings.database,
            "columns": columns.iter().map(|c| json!({ "name": c.name, "type": trino(c.kind) })).collect::<Vec<_>>(),
        });
        let coded = STANDARD.encode(described.to_string());
        let storage = StorageDescriptor::builder()
            .set_columns(Some(definition::columns(&columns)?))
            .build();
        let mut input = TableInput::builder()
            .name(view_name(table))
            .table_type("VIRTUAL_VIEW")
            .view_original_text(format!("/* Presto View: {coded} */"))
            .view_expanded_text("/* Presto View */")
            .parameters("presto_view", "true")
            .parameters("comment", "Presto View")
            .storage_descriptor(storage);
        // The last view that is changed carries the mark.
        if table == Table::ModelRuns {
            input = input.parameters(REGISTERED, mark);
        }
        input.build().map_err(fault::incomplete)
    }
}

/// The rows of one run. Both partition columns are given, so that no other partition is opened.
fn select(table: Table, columns: &[Column], run: &Manifest) -> String {
    let names: Vec<String> = columns.iter().map(|c| format!("\"{}\"", c.name)).collect();
    format!(
        "SELECT {} FROM \"{}\" WHERE as_of = DATE '{}' AND run_id = '{}'",
        names.join(", "),
        table.name(),
        run.as_of,
        run.run_id.replace('\'', "''"),
    )
}

/// A type as Trino spells it in views.
fn trino(kind: ColumnType) -> &'static str {
    match kind {
        ColumnType::Text => "varchar",
        ColumnType::Timestamp => "timestamp(3)",
        other => hive(other),
    }
}
