//! Names the file that could not be read, by holding the files of a plan against their manifests.

use std::collections::BTreeSet;
use std::error::Error;
use std::sync::Arc;
use std::{fs, io};

use datafusion::arrow::error::ArrowError;
use datafusion::datasource::physical_plan::{FileGroup, ParquetSource};
use datafusion::datasource::source::DataSourceExec;
use datafusion::error::DataFusionError;
use datafusion::physical_plan::ExecutionPlan;
use shared::catalogue::TableFile;

use super::super::session::Session;
use super::{fault, first_line};
use crate::lake::{LocalLake, sha256_hex};
use crate::query::QueryError;

/// Whether an error came from reading files rather than from the question.
pub(super) fn is_about_files(error: &DataFusionError) -> bool {
    match error {
        DataFusionError::ParquetError(_)
        | DataFusionError::ObjectStore(_)
        | DataFusionError::IoError(_) => true,
        DataFusionError::ArrowError(error, _) => matches!(
            **error,
            ArrowError::ParquetError(_) | ArrowError::IoError(..) | ArrowError::ExternalError(_)
        ),
        other => other.source().is_some_and(<dyn Error>::is::<io::Error>),
    }
}

/// Says which of the plan's files is not what was published. Reads them all, but only ever after a failure.
pub(super) async fn explain(
    error: &DataFusionError,
    session: &Session,
    plan: Arc<dyn ExecutionPlan>,
) -> QueryError {
    let mut keys = BTreeSet::new();
    collect(plan.as_ref(), &mut keys);
    let files: Vec<_> = keys
        .iter()
        .filter_map(|key| session.files.get(key).cloned())
        .collect();
    let lake = session.lake.clone();
    let check = move || files.iter().find_map(|file| fault_of(&lake, file));
    let found = match tokio::task::spawn_blocking(check).await {
        Ok(found) => found,
        Err(crash) => return fault(crash),
    };
    let message = found.unwrap_or_else(|| {
        let keys: Vec<_> = keys.into_iter().collect();
        let (keys, error) = (keys.join("`, `"), first_line(error));
        format!("cannot read one of `{keys}`, though they are as published: {error}")
    });
    QueryError::BrokenLake { message }
}

fn collect(plan: &dyn ExecutionPlan, keys: &mut BTreeSet<String>) {
    if let Some((scan, _)) = plan
        .downcast_ref::<DataSourceExec>()
        .and_then(DataSourceExec::downcast_to_file_source::<ParquetSource>)
    {
        let files = scan.file_groups.iter().flat_map(FileGroup::iter);
        keys.extend(files.map(|file| file.path().to_string()));
    }
    for child in plan.children() {
        collect(child.as_ref(), keys);
    }
}

/// What is wrong with one file, if anything.
fn fault_of(lake: &LocalLake, file: &TableFile) -> Option<String> {
    let key = &file.key;
    let advice = "restore it from a backup, or publish the run again";
    match fs::read(lake.root().join(key)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Some(format!("`{key}` is missing from the lake; {advice}"))
        }
        Err(error) => Some(format!("cannot read `{key}` in the lake: {error}")),
        Ok(bytes) if sha256_hex(&bytes) != file.sha256 => Some(format!(
            "`{key}` in the lake is broken: it has {} bytes that are not the {} bytes published; {advice}",
            bytes.len(),
            file.bytes
        )),
        Ok(_) => None,
    }
}
