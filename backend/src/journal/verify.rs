//! Verifying: the chain, and each entry against the files of its run.

use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;
use shared::catalogue::Manifest;
use shared::journal::{JournalEntry, JournalFault};

use super::chain::{Chain, Linked};
use super::entry::of_run;
use crate::catalogue::{Published, ReadError};
use crate::lake::{Key, Lake, sha256_hex};

/// What a walk through the journal found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verified {
    /// Entries that can be read.
    pub entries: usize,
    /// The hash of the last one: who keeps it elsewhere will notice a journal that was rewritten as a whole.
    pub head_sha256: Option<String>,
    /// The first broken entry, if there is one.
    pub fault: Option<JournalFault>,
    /// Published runs that have no entry: the next run appends them, but for those published before presets were kept.
    pub unrecorded: Vec<String>,
}

/// Walks the chain, then compares every entry with the files of its run, model and tables included.
pub(super) async fn verify(lake: &Arc<dyn Lake>) -> Result<Verified, ReadError> {
    let published = Published::new(lake.clone());
    let chain = Chain::read(lake.as_ref()).await?;
    let current = published.current().await?.unwrap_or_default();
    let runs = current.published.into_iter().map(|run| run.run_id);
    let unrecorded = runs.filter(|run_id| !chain.has(run_id)).collect();
    let mut fault = chain.fault;
    if fault.is_none() {
        fault = first_difference(&published, lake.as_ref(), &chain.entries).await?;
    }
    Ok(Verified {
        entries: chain.entries.len(),
        head_sha256: chain.entries.last().map(|last| last.sha256.clone()),
        fault,
        unrecorded,
    })
}

async fn first_difference(
    published: &Published,
    lake: &dyn Lake,
    entries: &[Linked],
) -> Result<Option<JournalFault>, ReadError> {
    for Linked { entry, .. } in entries {
        let found = match difference(published, lake, entry).await {
            // A file that cannot be used is what is looked for; a lake that does not answer is not.
            Err(broken @ ReadError::Broken { .. }) => Some(broken.to_string()),
            other => other?,
        };
        if let Some(message) = found {
            let sequence = entry.sequence;
            return Ok(Some(JournalFault { sequence, message }));
        }
    }
    Ok(None)
}

/// How an entry differs from the files of its run, if it does.
async fn difference(
    published: &Published,
    lake: &dyn Lake,
    entry: &JournalEntry,
) -> Result<Option<String>, ReadError> {
    let run_id = &entry.run_id;
    let before = &entry.previous_sha256;
    let expected = of_run(published, lake, run_id, entry.sequence, before).await?;
    let Some(expected) = expected else {
        return Ok(Some(format!("the run `{run_id}` has no preset any more")));
    };
    if let Some(message) = differing_field(entry, &expected) {
        return Ok(Some(message));
    }
    let name = run_id.clone();
    let model = Key::Model { run_id: name };
    if let Some(message) = changed(lake, &model, &entry.model_sha256).await? {
        return Ok(Some(message));
    }
    let manifest = published.manifest(run_id).await?;
    match manifest {
        Some(manifest) => changed_table(lake, &manifest).await,
        None => Ok(Some(format!("the run `{run_id}` has no manifest any more"))),
    }
}

/// The first field in which an entry is not what its run's files say.
fn differing_field(entry: &JournalEntry, expected: &JournalEntry) -> Option<String> {
    let fields = |entry| match serde_json::to_value(entry) {
        Ok(Value::Object(fields)) => fields,
        _ => serde_json::Map::new(),
    };
    let (recorded, by_run) = (fields(entry), fields(expected));
    let (name, value) = recorded
        .iter()
        .find(|(name, value)| by_run.get(*name) != Some(*value))?;
    let now = by_run.get(name).unwrap_or(&Value::Null);
    Some(format!(
        "its `{name}` is {value}, and by the files of its run {now}"
    ))
}

async fn changed_table(lake: &dyn Lake, manifest: &Manifest) -> Result<Option<String>, ReadError> {
    for (table, file) in &manifest.tables {
        let key = Key::Table {
            table: *table,
            as_of: manifest.as_of,
            run_id: manifest.run_id.clone(),
        };
        if let Some(message) = changed(lake, &key, &file.sha256).await? {
            return Ok(Some(message));
        }
    }
    Ok(None)
}

/// What is wrong with a file of which the hash was recorded.
async fn changed(lake: &dyn Lake, key: &Key, recorded: &str) -> Result<Option<String>, ReadError> {
    Ok(match lake.get(key).await? {
        None => Some(format!("`{key}` of its run is missing")),
        Some(bytes) => {
            let found = sha256_hex(&bytes);
            (found != recorded).then(|| {
                format!("`{key}` of its run has the hash {found}, and {recorded} was recorded")
            })
        }
    })
}
