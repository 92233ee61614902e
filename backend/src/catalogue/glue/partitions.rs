//! Partitions in Glue: one a run. Each has the table's columns, so that Athena never finds two schemas that do not match.

use aws_sdk_glue::types::{
    BatchUpdatePartitionRequestEntry, ErrorDetail, Partition, PartitionInput, StorageDescriptor,
};
use shared::catalogue::{Column, Manifest, Table};

use super::{CatalogueError, GlueCatalogue, definition, fault};

/// Partitions that one call may change, as Glue has it.
const BATCH: usize = 100;

impl GlueCatalogue {
    /// Adds the run's partition unless it is there, and gives every other one the table's columns. Gives all runs of the
    /// table, sorted, and whether this one is new.
    pub(super) async fn make_partition(
        &self,
        table: Table,
        manifest: &Manifest,
        columns: &[Column],
    ) -> Result<(Vec<String>, bool), CatalogueError> {
        let known = self.all_partitions(table).await?;
        self.renew(table, &known, columns).await?;
        let mut runs: Vec<String> = known.iter().filter_map(run_of).collect();
        let run_id = &manifest.run_id;
        let mut is_new = false;
        if let Some(file) = manifest
            .tables
            .get(&table)
            .filter(|_| !runs.contains(run_id))
        {
            let folder = file.key.rsplit_once('/').map_or("", |(folder, _)| folder);
            let values = vec![manifest.as_of.to_string(), run_id.clone()];
            let storage = definition::storage(columns, &self.location(folder))?;
            is_new = self.add(table, input(values, storage)).await?;
            runs.push(run_id.clone());
        }
        runs.sort();
        Ok((runs, is_new))
    }

    /// All partitions of a table; none where it is not there yet.
    pub(super) async fn all_partitions(
        &self,
        table: Table,
    ) -> Result<Vec<Partition>, CatalogueError> {
        let glue = self.aws.glue().await;
        let asked = glue.get_partitions().database_name(&self.settings.database);
        let mut pages = asked.table_name(table.name()).into_paginator().send();
        let mut partitions = Vec::new();
        while let Some(page) = pages.next().await {
            match page {
                Ok(page) => partitions.extend(page.partitions.unwrap_or_default()),
                Err(error) if fault::is(&error, "EntityNotFoundException") => break,
                Err(error) => {
                    let resource = self.resource(table.name());
                    return Err(fault::of("glue:GetPartitions", &resource, &error));
                }
            }
        }
        Ok(partitions)
    }

    /// Whether it was not there.
    async fn add(&self, table: Table, input: PartitionInput) -> Result<bool, CatalogueError> {
        let action = "glue:BatchCreatePartition";
        let resource = self.resource(table.name());
        let glue = self.aws.glue().await;
        let added = glue
            .batch_create_partition()
            .database_name(&self.settings.database)
            .table_name(table.name())
            .partition_input_list(input);
        let added = added
            .send()
            .await
            .map_err(|error| fault::of(action, &resource, &error))?;
        let errors = added.errors.unwrap_or_default();
        match errors.first().and_then(|error| error.error_detail()) {
            None => Ok(true),
            // Another attempt at the same run was quicker; the partition is the same.
            Some(detail) if detail.error_code() == Some("AlreadyExistsException") => Ok(false),
            Some(detail) => Err(refused(action, &resource, detail)),
        }
    }

    /// Gives the table's columns to all partitions that have others: they were registered before a column was added.
    async fn renew(
        &self,
        table: Table,
        known: &[Partition],
        columns: &[Column],
    ) -> Result<(), CatalogueError> {
        let wanted = definition::columns(columns)?;
        let differs = |partition: &&Partition| {
            partition.storage_descriptor().is_none_or(|stored| {
                let names = |c: &aws_sdk_glue::types::Column| (c.name.clone(), c.r#type.clone());
                !stored
                    .columns()
                    .iter()
                    .map(names)
                    .eq(wanted.iter().map(names))
            })
        };
        let stale: Vec<_> = known.iter().filter(differs).collect();
        let action = "glue:BatchUpdatePartition";
        let resource = self.resource(table.name());
        for batch in stale.chunks(BATCH) {
            let entries = batch
                .iter()
                .map(|partition| Self::entry(partition, columns));
            let glue = self.aws.glue().await;
            let updated = glue
                .batch_update_partition()
                .database_name(&self.settings.database)
                .table_name(table.name())
                .set_entries(Some(entries.collect::<Result<_, _>>()?));
            let updated = updated.send().await;
            let updated = updated.map_err(|error| fault::of(action, &resource, &error))?;
            let errors = updated.errors.unwrap_or_default();
            if let Some(detail) = errors.first().and_then(|error| error.error_detail()) {
                return Err(refused(action, &resource, detail));
            }
        }
        Ok(())
    }

    /// The partition with other columns, at its own place.
    fn entry(
        partition: &Partition,
        columns: &[Column],
    ) -> Result<BatchUpdatePartitionRequestEntry, CatalogueError> {
        let values = partition.values().to_vec();
        let lies = partition
            .storage_descriptor()
            .and_then(StorageDescriptor::location);
        let storage = definition::storage(columns, lies.unwrap_or_default())?;
        BatchUpdatePartitionRequestEntry::builder()
            .set_partition_value_list(Some(values.clone()))
            .partition_input(input(values, storage))
            .build()
            .map_err(fault::incomplete)
    }
}

/// The run of a partition: the second of its values.
pub(super) fn run_of(partition: &Partition) -> Option<String> {
    partition.values().get(1).cloned()
}

fn input(values: Vec<String>, storage: StorageDescriptor) -> PartitionInput {
    PartitionInput::builder()
        .set_values(Some(values))
        .storage_descriptor(storage)
        .build()
}

fn refused(action: &str, resource: &str, detail: &ErrorDetail) -> CatalogueError {
    let code = detail.error_code().unwrap_or_default();
    let message = detail.error_message().unwrap_or_default();
    fault::of_part(action, resource, code, message)
}
