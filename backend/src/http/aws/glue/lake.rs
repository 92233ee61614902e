//! The lake's database in Glue's words: what is published, and nothing that can be changed.

use serde_json::{Value, json};
use shared::catalogue::Table;

use super::super::athena::published;
use super::super::wire::{AwsError, instant};
use super::super::{BUCKET, metadata};
use crate::catalogue::{DATABASE, LakeCatalogue};

pub(super) fn database() -> Value {
    json!({
        "Name": DATABASE,
        "Description": "Gold, valued: what `assay run` published",
        "LocationUri": format!("s3://{BUCKET}/"),
    })
}

pub(super) async fn tables(catalogue: &LakeCatalogue) -> Result<Vec<Value>, AwsError> {
    let (current, tables) = published(catalogue).await?;
    let described = tables.iter();
    Ok(described
        .map(|table| metadata::glue(DATABASE, table, &current))
        .collect())
}

pub(super) async fn table(catalogue: &LakeCatalogue, name: &str) -> Result<Value, AwsError> {
    let tables = tables(catalogue).await?;
    let wanted = name.to_lowercase();
    let found = tables
        .into_iter()
        .find(|table| table["Name"] == wanted.as_str());
    found.ok_or_else(|| AwsError::not_found(format!("Table {name} not found.")))
}

/// One partition a published run, oldest first.
pub(super) async fn partitions(
    catalogue: &LakeCatalogue,
    name: &str,
) -> Result<Vec<Value>, AwsError> {
    table(catalogue, name).await?;
    let Some(known) = Table::ALL.into_iter().find(|known| known.name() == name) else {
        return Ok(Vec::new());
    };
    let Some((current, runs)) = catalogue.manifests().await? else {
        return Ok(Vec::new());
    };
    let mut partitions = Vec::new();
    for (run, line) in runs.iter().zip(&current.published) {
        let Some(file) = run.tables.get(&known) else {
            continue;
        };
        let folder = file.key.rsplit_once('/').map_or("", |(folder, _)| folder);
        partitions.push(json!({
            "Values": [run.as_of.to_string(), run.run_id],
            "DatabaseName": DATABASE,
            "TableName": name,
            "CreationTime": instant(line.published_at),
            "StorageDescriptor": metadata::storage(&file.columns, &format!("s3://{BUCKET}/{folder}/")),
        }));
    }
    Ok(partitions)
}
