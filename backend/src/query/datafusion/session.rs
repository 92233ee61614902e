//! What a question sees: tables and views over the runs that the pointer lists. Kept until the pointer moves.

use std::collections::HashMap;
use std::sync::Arc;

use datafusion::catalog::TableProvider;
use datafusion::datasource::physical_plan::parquet::{
    CachedParquetFileReaderFactory, ParquetFileReaderFactory,
};
use datafusion::error::DataFusionError;
use datafusion::execution::SessionStateBuilder;
use datafusion::execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::object_store::local::LocalFileSystem;
use datafusion::prelude::{SessionConfig, SessionContext};
use shared::api::TableSchema;
use shared::catalogue::{Current, Manifest, Table, TableFile};
use tokio::sync::Mutex;

use super::table::RunsTable;
use super::{QueryError, fault, functions, information};
use crate::catalogue::{CATALOG, DATABASE, Published, ReadError, schemas};
use crate::lake::{Key, Lake, LakeError, LocalLake, Tag};

/// The name under which DataFusion knows the lake.
const STORE: &str = "lake://local";

/// Tables, views and functions as of one state of the pointer.
pub(super) struct Session {
    /// DataFusion's own.
    pub(super) context: SessionContext,
    /// Tables and views with their columns, for people.
    pub(super) tables: Vec<TableSchema>,
    /// The manifests' files by key.
    pub(super) files: HashMap<String, TableFile>,
    /// Where the files lie.
    pub(super) lake: Arc<LocalLake>,
}

/// Makes sessions and keeps the last one.
pub(super) struct Sessions {
    lake: Arc<LocalLake>,
    published: Published,
    cache: Mutex<Cache>,
}

#[derive(Default)]
struct Cache {
    /// Manifests never change, so they outlive the session that read them.
    manifests: HashMap<String, Arc<Manifest>>,
    latest: Option<(Tag, Arc<Session>)>,
}

impl Sessions {
    /// Sessions over `lake`.
    pub(super) fn new(lake: Arc<LocalLake>) -> Self {
        Self {
            published: Published::new(lake.clone()),
            lake,
            cache: Mutex::default(),
        }
    }

    /// The session for the pointer as it is now.
    pub(super) async fn current(&self) -> Result<Arc<Session>, QueryError> {
        let found = self.lake.get_tagged(&Key::Current).await;
        let (bytes, tag) = found
            .map_err(unreachable_lake)?
            .ok_or(QueryError::NothingPublished)?;
        let mut cache = self.cache.lock().await;
        match &cache.latest {
            Some((known, session)) if *known == tag => Ok(session.clone()),
            _ => {
                let current = serde_json::from_slice(&bytes).map_err(broken_pointer)?;
                let runs = self.runs(&current, &mut cache.manifests).await?;
                let session = Arc::new(self.session(&current, &runs)?);
                cache.latest = Some((tag, session.clone()));
                Ok(session)
            }
        }
    }

    /// The manifests of all published runs, oldest first.
    async fn runs(
        &self,
        current: &Current,
        known: &mut HashMap<String, Arc<Manifest>>,
    ) -> Result<Vec<Arc<Manifest>>, QueryError> {
        let mut runs = Vec::with_capacity(current.published.len());
        for line in &current.published {
            if let Some(manifest) = known.get(&line.run_id) {
                runs.push(manifest.clone());
                continue;
            }
            let found = self.published.manifest(&line.run_id).await;
            let manifest = found.map_err(unreadable)?.ok_or_else(|| {
                let run_id = line.run_id.clone();
                broken(format!("`{}` is missing from the lake though the run was published; restore it from a backup or publish the run again", Key::Manifest { run_id }))
            })?;
            let manifest = Arc::new(manifest);
            known.insert(line.run_id.clone(), manifest.clone());
            runs.push(manifest);
        }
        Ok(runs)
    }

    fn session(&self, current: &Current, runs: &[Arc<Manifest>]) -> Result<Session, QueryError> {
        let latest: Vec<_> = runs
            .iter()
            .filter(|run| run.run_id == current.run_id)
            .cloned()
            .collect();
        if latest.is_empty() {
            let missing = format!("`{}` is not among the published runs", current.run_id);
            return Err(broken_pointer(missing));
        }
        let store = ObjectStoreUrl::parse(STORE).map_err(fault)?;
        let (context, reader) = self.context(&store).map_err(fault)?;
        for table in Table::ALL {
            let view = format!("{table}_latest");
            for (name, runs) in [(table.to_string(), runs), (view, &latest)] {
                let provider =
                    RunsTable::new(table, runs, store.clone(), reader.clone()).map_err(|key| {
                        broken(format!("`{key}` in a manifest is no place in the lake"))
                    })?;
                register(&context, &name, Arc::new(provider)).map_err(fault)?;
            }
        }
        let tables = schemas(runs, &latest);
        information::register(&context, &tables).map_err(fault)?;
        let files = runs.iter().flat_map(|run| run.tables.values());
        Ok(Session {
            context,
            tables,
            files: files.map(|file| (file.key.clone(), file.clone())).collect(),
            lake: self.lake.clone(),
        })
    }

    /// An empty context, and the reader that remembers the footers it has read.
    fn context(
        &self,
        store: &ObjectStoreUrl,
    ) -> Result<(SessionContext, Arc<dyn ParquetFileReaderFactory>), DataFusionError> {
        let disk = DiskManagerBuilder::default().with_mode(DiskManagerMode::Disabled);
        let runtime = RuntimeEnvBuilder::new()
            .with_disk_manager_builder(disk)
            .build_arc()?;
        let root = Arc::new(LocalFileSystem::new_with_prefix(self.lake.root())?);
        runtime.register_object_store(store.as_ref(), root.clone());
        let reader = CachedParquetFileReaderFactory::new(
            root,
            runtime.cache_manager.get_file_metadata_cache(),
        );
        let mut state = SessionStateBuilder::new()
            .with_config(config())
            .with_runtime_env(runtime)
            .with_default_features()
            .build();
        functions::register(&mut state)?;
        Ok((SessionContext::new_with_state(state), Arc::new(reader)))
    }
}

/// Settings of the engine, so that it answers as Athena does.
fn config() -> SessionConfig {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let mut config = SessionConfig::new()
        .with_target_partitions(cores.min(4))
        .with_default_catalog_and_schema(CATALOG.to_lowercase(), DATABASE);
    let options = config.options_mut();
    options.sql_parser.collect_spans = true;
    "nulls_last".clone_into(&mut options.sql_parser.default_null_ordering);
    config
}

fn register(
    context: &SessionContext,
    name: &str,
    table: Arc<dyn TableProvider>,
) -> Result<(), DataFusionError> {
    context.register_table(name, table).map(|_| ())
}

fn unreadable(error: ReadError) -> QueryError {
    match error {
        ReadError::Lake(error) => unreachable_lake(error),
        ReadError::Broken { .. } => broken(format!("{error}; restore it from a backup")),
    }
}

fn unreachable_lake(error: LakeError) -> QueryError {
    match error {
        LakeError::Other { key, cause } => {
            broken(format!("cannot read `{key}` in the lake: {cause}"))
        }
        other => fault(other),
    }
}

fn broken_pointer(error: impl std::fmt::Display) -> QueryError {
    broken(format!(
        "`{}` in the lake is broken: {error}; restore it from a backup or publish again",
        Key::Current
    ))
}

fn broken(message: String) -> QueryError {
    QueryError::BrokenLake { message }
}
