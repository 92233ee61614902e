//! The embedded catalogue: what the pointer lists is found. Twin of Glue.

use std::sync::Arc;

use async_trait::async_trait;
use shared::api::TableSchema;
use shared::catalogue::{Current, Manifest, Table};

use super::{Catalogue, CatalogueError, Published, ReadError, schemas};
use crate::lake::Key;

/// The manifests of the published runs.
#[derive(Clone)]
pub struct LakeCatalogue {
    published: Published,
}

impl LakeCatalogue {
    /// The catalogue of this lake.
    pub fn new(published: Published) -> Self {
        Self { published }
    }

    /// The pointer and the manifests of all published runs, oldest first; `None` before the first publication.
    pub(crate) async fn manifests(
        &self,
    ) -> Result<Option<(Current, Vec<Arc<Manifest>>)>, ReadError> {
        let Some(current) = self.published.current().await? else {
            return Ok(None);
        };
        let mut manifests = Vec::with_capacity(current.published.len());
        for run in &current.published {
            let found = self.published.manifest(&run.run_id).await?;
            manifests.push(Arc::new(found.ok_or_else(|| missing(&run.run_id))?));
        }
        Ok(Some((current, manifests)))
    }
}

#[async_trait]
impl Catalogue for LakeCatalogue {
    /// The run is findable once the pointer lists it; this looks whether it does.
    async fn register(&self, manifest: &Manifest) -> Result<String, CatalogueError> {
        let run_id = &manifest.run_id;
        let current = self.published.current().await?.unwrap_or_default();
        if !current.published.iter().any(|run| run.run_id == *run_id) {
            return Err(CatalogueError::Fail {
                message: format!("run `{run_id}` is not published"),
                advice: "register a run after the pointer `current.json` lists it".to_owned(),
            });
        }
        let tables = manifest.tables.len();
        Ok(format!("{tables} tables of run {run_id} are in the lake"))
    }

    async fn tables(&self) -> Result<Vec<TableSchema>, CatalogueError> {
        let Some((current, runs)) = self.manifests().await? else {
            return Ok(Vec::new());
        };
        let mut latest = runs.clone();
        latest.retain(|run| run.run_id == current.run_id);
        Ok(schemas(&runs, &latest))
    }

    async fn runs(&self, table: Table) -> Result<Vec<String>, CatalogueError> {
        let manifests = self.manifests().await?;
        let runs = manifests.map(|(_, runs)| runs).unwrap_or_default();
        let with = runs.iter().filter(|run| run.tables.contains_key(&table));
        let mut ids: Vec<String> = with.map(|run| run.run_id.clone()).collect();
        ids.sort();
        Ok(ids)
    }
}

fn missing(run_id: &str) -> ReadError {
    let run_id = run_id.to_owned();
    ReadError::Broken {
        key: Key::Manifest { run_id }.to_string(),
        message: "the file is missing though the run was published".to_owned(),
    }
}
