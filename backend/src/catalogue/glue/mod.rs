//! The catalogue in Glue: tables with explicit schemas, one registered partition a run, views over the current run. Twin of the lake's manifests.

mod definition;
mod fault;
mod partitions;
mod tables;
#[cfg(test)]
mod tests;
mod views;

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use aws_sdk_glue::types::DatabaseInput;
use shared::api::TableSchema;
use shared::catalogue::{Column, Manifest, Table};

use super::{Catalogue, CatalogueError, LakeCatalogue, Published, ReadError, is_view};
use crate::backend::cloud::Aws;
use crate::lake::sha256_hex;

/// Where runs are registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GlueSettings {
    /// The database.
    pub database: String,
    /// The bucket of the lake.
    pub bucket: String,
    /// The crawler to start after a registration, if there is one.
    pub crawler: Option<String>,
}

/// Registers runs in Glue, where Athena and everything that reads through it finds them.
pub struct GlueCatalogue {
    aws: Arc<Aws>,
    published: Published,
    settings: GlueSettings,
}

impl GlueCatalogue {
    /// A catalogue of the runs that `published` reads. Nothing is asked yet.
    pub fn new(aws: Arc<Aws>, published: Published, settings: GlueSettings) -> Self {
        Self {
            aws,
            published,
            settings,
        }
    }

    /// Makes the database unless it is there.
    async fn make_database(&self) -> Result<(), CatalogueError> {
        let name = &self.settings.database;
        let glue = self.aws.glue().await;
        let found = glue.get_database().name(name).send().await;
        match found {
            Ok(_) => return Ok(()),
            Err(error) if fault::is(&error, "EntityNotFoundException") => {}
            Err(error) => return Err(fault::of("glue:GetDatabase", name, &error)),
        }
        let input = DatabaseInput::builder()
            .name(name)
            .description("Gold, valued: what Assay published")
            .build()
            .map_err(fault::incomplete)?;
        match glue.create_database().database_input(input).send().await {
            // Another run was quicker.
            Err(error) if fault::is(&error, "AlreadyExistsException") => Ok(()),
            Err(error) => Err(fault::of("glue:CreateDatabase", name, &error)),
            Ok(_) => Ok(()),
        }
    }

    /// The manifest of the run that the views must show.
    async fn current(&self) -> Result<Manifest, CatalogueError> {
        let current = self.published.current().await?.unwrap_or_default();
        let found = self.published.manifest(&current.run_id).await?;
        found.ok_or_else(|| CatalogueError::Fail {
            message: format!("the current run `{}` has no manifest", current.run_id),
            advice: "register a run after it is published and the pointer has moved".to_owned(),
        })
    }

    /// Starts the crawler, if there is one. One that runs already will see the same files.
    async fn crawl(&self) -> Result<&'static str, CatalogueError> {
        let Some(crawler) = &self.settings.crawler else {
            return Ok("");
        };
        let glue = self.aws.glue().await;
        match glue.start_crawler().name(crawler).send().await {
            Ok(_) => Ok("; crawler started"),
            Err(error) if fault::is(&error, "CrawlerRunningException") => {
                Ok("; crawler was running already")
            }
            Err(error) => Err(fault::of("glue:StartCrawler", crawler, &error)),
        }
    }
}

#[async_trait]
impl Catalogue for GlueCatalogue {
    /// Tables first, then the partitions, then the views, and the mark that readers keep answers by at the very end:
    /// whoever reads an older mark asks again.
    async fn register(&self, manifest: &Manifest) -> Result<String, CatalogueError> {
        let lake = LakeCatalogue::new(self.published.clone());
        lake.register(manifest).await?;
        self.make_database().await?;
        let mut content = BTreeMap::new();
        let mut added = 0;
        for table in Table::ALL {
            let columns = self.make_table(table, manifest).await?;
            let (runs, is_new) = self.make_partition(table, manifest, &columns).await?;
            added += usize::from(is_new);
            content.insert(table.name(), (columns, runs));
        }
        let current = self.current().await?;
        let mark = mark(&current.run_id, &content);
        let mut shown = 0;
        for table in Table::ALL {
            shown += usize::from(Box::pin(self.make_view(table, &current, &mark)).await?);
        }
        let crawler = self.crawl().await?;
        Ok(format!(
            "{added} partitions added and {shown} views changed in Glue's `{}`{crawler}",
            self.settings.database
        ))
    }

    async fn tables(&self) -> Result<Vec<TableSchema>, CatalogueError> {
        let found = self.all_tables().await?;
        let known = |name: &str| is_view(name) || Table::ALL.iter().any(|t| t.name() == name);
        let ours = found.into_iter().filter(|table| known(table.name()));
        ours.map(|table| definition::schema(&table)).collect()
    }

    async fn runs(&self, table: Table) -> Result<Vec<String>, CatalogueError> {
        let partitions = self.all_partitions(table).await?;
        let mut runs: Vec<String> = partitions.iter().filter_map(partitions::run_of).collect();
        runs.sort();
        Ok(runs)
    }
}

/// Changes whenever a question could get another answer: with the current run, the registered runs, the columns.
fn mark(current: &str, content: &BTreeMap<&str, (Vec<Column>, Vec<String>)>) -> String {
    let text = serde_json::to_string(&(current, content)).unwrap_or_default();
    format!("{current}/{}", &sha256_hex(text.as_bytes())[..16])
}

/// The error for a run that the lake does not have whole.
fn unreadable(key: &str, message: &str) -> CatalogueError {
    CatalogueError::Read(ReadError::Broken {
        key: key.to_owned(),
        message: message.to_owned(),
    })
}
