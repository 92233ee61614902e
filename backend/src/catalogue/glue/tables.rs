//! Tables in Glue: made once, and given columns that later runs bring, at the end. A column never changes its type or place.

use aws_sdk_glue::types::{StorageDescriptor, Table as GlueTable};
use shared::catalogue::{Column, Manifest, Table};

use super::{CatalogueError, GlueCatalogue, definition, fault};
use crate::catalogue::hive;

/// Attempts where somebody else changes the same table.
const ATTEMPTS: usize = 4;

impl GlueCatalogue {
    /// Makes a table unless it is there, and adds the run's columns that it lacks. Gives its own columns.
    pub(super) async fn make_table(
        &self,
        table: Table,
        manifest: &Manifest,
    ) -> Result<Vec<Column>, CatalogueError> {
        let wanted = match manifest.tables.get(&table) {
            Some(file) => file.columns.clone(),
            None => table.columns(&[]),
        };
        let mut failure = None;
        for _ in 0..ATTEMPTS {
            match self
                .bring_up(table, &wanted, manifest.tables.contains_key(&table))
                .await
            {
                Err(CatalogueError::Retry { message }) => {
                    failure = Some(CatalogueError::Retry { message });
                }
                done => return done,
            }
        }
        Err(failure.unwrap_or_else(|| super::unreadable(table.name(), "it was never looked at")))
    }

    /// One attempt. A table of which the run has no file is made, but left as it is where it exists.
    async fn bring_up(
        &self,
        table: Table,
        wanted: &[Column],
        has_file: bool,
    ) -> Result<Vec<Column>, CatalogueError> {
        let resource = self.resource(table.name());
        let location = self.location(table.folder());
        let Some(found) = self.find_table(table.name()).await? else {
            let input = definition::table(table, wanted, &location)?;
            self.create(input, &resource).await?;
            return Ok(wanted.to_vec());
        };
        check(&found, &resource, &location)?;
        let stored = found.storage_descriptor().map(StorageDescriptor::columns);
        let own = definition::own(stored.unwrap_or_default(), &resource)?;
        if !has_file {
            return Ok(own);
        }
        let merged = merge(&own, wanted, &resource)?;
        if merged.len() > own.len() {
            let input = definition::table(table, &merged, &location)?;
            self.update(input, found.version_id(), &resource).await?;
        }
        Ok(merged)
    }

    /// A table or view, if there is one of this name.
    pub(super) async fn find_table(&self, name: &str) -> Result<Option<GlueTable>, CatalogueError> {
        let glue = self.aws.glue().await;
        let found = glue
            .get_table()
            .database_name(&self.settings.database)
            .name(name);
        match found.send().await {
            Ok(found) => Ok(found.table),
            Err(error) if fault::is(&error, "EntityNotFoundException") => Ok(None),
            Err(error) => Err(fault::of("glue:GetTable", &self.resource(name), &error)),
        }
    }

    /// All tables and views of the database; none where it is not there yet.
    pub(super) async fn all_tables(&self) -> Result<Vec<GlueTable>, CatalogueError> {
        let glue = self.aws.glue().await;
        let asked = glue.get_tables().database_name(&self.settings.database);
        let mut pages = asked.into_paginator().send();
        let mut tables = Vec::new();
        while let Some(page) = pages.next().await {
            match page {
                Ok(page) => tables.extend(page.table_list.unwrap_or_default()),
                Err(error) if fault::is(&error, "EntityNotFoundException") => break,
                Err(error) => return Err(fault::of("glue:GetTables", &self.resource("*"), &error)),
            }
        }
        Ok(tables)
    }

    /// Makes a table or view. Where another run was quicker, the next attempt looks at what that one made.
    pub(super) async fn create(
        &self,
        input: aws_sdk_glue::types::TableInput,
        resource: &str,
    ) -> Result<(), CatalogueError> {
        let glue = self.aws.glue().await;
        let made = glue
            .create_table()
            .database_name(&self.settings.database)
            .table_input(input);
        match made.send().await {
            Ok(_) => Ok(()),
            Err(error) if fault::is(&error, "AlreadyExistsException") => {
                Err(CatalogueError::Retry {
                    message: format!("`{resource}` was made by another run meanwhile"),
                })
            }
            Err(error) => Err(fault::of("glue:CreateTable", resource, &error)),
        }
    }

    /// Changes a table or view, if it still is in the version that was read.
    pub(super) async fn update(
        &self,
        input: aws_sdk_glue::types::TableInput,
        version: Option<&str>,
        resource: &str,
    ) -> Result<(), CatalogueError> {
        let glue = self.aws.glue().await;
        let changed = glue
            .update_table()
            .database_name(&self.settings.database)
            .set_version_id(version.map(str::to_owned))
            .table_input(input);
        let changed = changed.send().await;
        changed.map_err(|error| fault::of("glue:UpdateTable", resource, &error))?;
        Ok(())
    }

    /// The name of a table in messages and permissions.
    pub(super) fn resource(&self, name: &str) -> String {
        format!("table/{}/{name}", self.settings.database)
    }

    /// The address of a folder of the lake.
    pub(super) fn location(&self, folder: &str) -> String {
        format!("s3://{}/{folder}/", self.settings.bucket)
    }
}

/// Whether a table that is there is ours: where our files lie, in our partitions.
fn check(found: &GlueTable, resource: &str, location: &str) -> Result<(), CatalogueError> {
    let lies = found
        .storage_descriptor()
        .and_then(StorageDescriptor::location);
    let lies = lies.unwrap_or_default();
    if lies.trim_end_matches('/') != location.trim_end_matches('/') {
        return Err(fault::conflict(
            resource,
            &format!("at `{lies}`"),
            &format!("`{location}`"),
        ));
    }
    let keys = definition::own(found.partition_keys(), resource)?;
    if keys != Table::partition_columns() {
        let names: Vec<String> = keys.into_iter().map(|key| key.name).collect();
        let found = format!("partitioned by ({})", names.join(", "));
        return Err(fault::conflict(
            resource,
            &found,
            "partitions by (as_of, run_id)",
        ));
    }
    Ok(())
}

/// The columns that are there, and behind them those that the run brings.
fn merge(own: &[Column], wanted: &[Column], resource: &str) -> Result<Vec<Column>, CatalogueError> {
    let mut merged = own.to_vec();
    for column in wanted {
        match own.iter().find(|known| known.name == column.name) {
            None => merged.push(column.clone()),
            Some(known) if known.kind == column.kind => {}
            Some(known) => {
                let place = format!("{resource}.{}", column.name);
                let found = format!("of type `{}`", hive(known.kind));
                let needed = format!("type `{}`", hive(column.kind));
                return Err(fault::conflict(&place, &found, &needed));
            }
        }
    }
    Ok(merged)
}
