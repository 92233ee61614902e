//! Catalogues, databases and tables, as clients list them before they ask.

use regex::Regex;
use serde::Deserialize;
use serde_json::{Value, json};
use shared::api::TableSchema;
use shared::catalogue::Current;

use super::super::metadata;
use super::super::wire::{AwsError, page};
use crate::catalogue::{CATALOG, Catalogue as _, DATABASE, LakeCatalogue};

/// Tables of one page, as in Athena.
const LARGEST: usize = 50;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct OfCatalogue {
    #[serde(alias = "Name")]
    catalog_name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct OneDatabase {
    catalog_name: String,
    database_name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Tables {
    catalog_name: String,
    database_name: String,
    expression: Option<String>,
    next_token: Option<String>,
    max_results: Option<usize>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(clippy::struct_field_names, reason = "the names that Athena uses")]
pub(super) struct OneTable {
    catalog_name: String,
    database_name: String,
    table_name: String,
}

pub(super) fn catalogues() -> Value {
    json!({ "DataCatalogsSummary": [{ "CatalogName": CATALOG, "Type": "GLUE" }] })
}

pub(super) fn catalogue(asked: &OfCatalogue) -> Result<Value, AwsError> {
    own_catalogue(&asked.catalog_name)?;
    Ok(json!({ "DataCatalog": { "Name": CATALOG, "Type": "GLUE" } }))
}

pub(super) fn databases(asked: &OfCatalogue) -> Result<Value, AwsError> {
    own_catalogue(&asked.catalog_name)?;
    Ok(json!({ "DatabaseList": [describe()] }))
}

pub(super) fn database(asked: &OneDatabase) -> Result<Value, AwsError> {
    own_database(&asked.catalog_name, &asked.database_name)?;
    Ok(json!({ "Database": describe() }))
}

pub(super) async fn tables(catalogue: &LakeCatalogue, asked: &Tables) -> Result<Value, AwsError> {
    own_database(&asked.catalog_name, &asked.database_name)?;
    let (current, mut tables) = published(catalogue).await?;
    if let Some(expression) = &asked.expression {
        let wanted = whole(expression)?;
        tables.retain(|table| wanted.is_match(&table.name));
    }
    let most = asked.max_results.unwrap_or(LARGEST).clamp(1, LARGEST);
    let (tables, next) = page(&tables, asked.next_token.as_deref(), most)?;
    let described = tables.iter().map(|table| metadata::athena(table, &current));
    let described: Vec<Value> = described.collect();
    Ok(json!({ "TableMetadataList": described, "NextToken": next }))
}

pub(super) async fn table(catalogue: &LakeCatalogue, asked: &OneTable) -> Result<Value, AwsError> {
    own_database(&asked.catalog_name, &asked.database_name)?;
    let (current, tables) = published(catalogue).await?;
    let wanted = asked.table_name.to_lowercase();
    let found = tables.iter().find(|table| table.name == wanted);
    let table = found.ok_or_else(|| {
        let name = format!("{DATABASE}.{}", asked.table_name);
        AwsError::new(
            "MetadataException",
            format!("EntityNotFoundException: Table {name} not found"),
        )
    })?;
    Ok(json!({ "TableMetadata": metadata::athena(table, &current) }))
}

/// The pointer and all tables, sorted by name; before the first publication there are none.
pub(in super::super) async fn published(
    catalogue: &LakeCatalogue,
) -> Result<(Current, Vec<TableSchema>), AwsError> {
    let current = catalogue.manifests().await?.map(|(current, _)| current);
    let mut tables = catalogue.tables().await?;
    tables.sort_by(|a, b| a.name.cmp(&b.name));
    Ok((current.unwrap_or_default(), tables))
}

/// A pattern that must match a whole name, whatever its case.
pub(in super::super) fn whole(expression: &str) -> Result<Regex, AwsError> {
    Regex::new(&format!("(?i)^(?:{expression})$"))
        .map_err(|_| AwsError::invalid(format!("`{expression}` is no regular expression")))
}

fn describe() -> Value {
    json!({ "Name": DATABASE, "Description": "Gold, valued: what `assay run` published" })
}

fn own_catalogue(name: &str) -> Result<(), AwsError> {
    if name.eq_ignore_ascii_case(CATALOG) {
        return Ok(());
    }
    let message = format!("DataCatalog {name} was not found. There is {CATALOG}");
    Err(AwsError::invalid(message))
}

fn own_database(catalogue: &str, name: &str) -> Result<(), AwsError> {
    own_catalogue(catalogue)?;
    if name.eq_ignore_ascii_case(DATABASE) {
        return Ok(());
    }
    let message =
        format!("EntityNotFoundException: Database {name} not found; there is {DATABASE}");
    Err(AwsError::new("MetadataException", message))
}
