//! Appending: every published run that has no entry gets one, in the order of publication.

use std::sync::Arc;

use shared::catalogue::PublishedRun;
use shared::journal::{JournalEntry, JournalFault};

use super::chain::{Chain, Linked};
use super::entry::{canonical, of_run};
use crate::catalogue::{Published, ReadError};
use crate::lake::{Key, Lake, LakeError, Put, sha256_hex};

/// Why the journal could not be continued.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The lake refused.
    #[error(transparent)]
    Lake(#[from] LakeError),
    /// A file of a published run cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// An entry was changed or is gone; nothing is appended to a broken chain, so that the break stays in sight.
    #[error("the run is published, but the journal is broken at entry {}: {}", .0.sequence, .0.message)]
    Broken(JournalFault),
    /// A fault in making an entry.
    #[error("an entry could not be made")]
    Encode(#[source] serde_json::Error),
}

/// Gives every published run its entry that has none yet, and gives the entries that were appended.
///
/// To be called once the pointer has moved: what a run that was killed in between left undone, the next one does. Of two
/// callers at once each entry is written by one: an entry is put where none is, by one who has read all before it.
pub async fn append(lake: &Arc<dyn Lake>) -> Result<Vec<JournalEntry>, JournalError> {
    let published = Published::new(lake.clone());
    let mut appended = Vec::new();
    let mut chain = read_whole(lake.as_ref()).await?;
    let runs = published.current().await?.unwrap_or_default().published;
    for PublishedRun { run_id, .. } in runs {
        while !chain.has(&run_id) {
            let (sequence, before) = chain.end();
            let entry = of_run(&published, lake.as_ref(), &run_id, sequence, before).await?;
            let Some(entry) = entry else {
                break;
            };
            let bytes = canonical(&entry).map_err(JournalError::Encode)?;
            match lake.put_new(&Key::Journal { sequence }, &bytes).await? {
                Put::Created => {
                    let sha256 = sha256_hex(&bytes);
                    appended.push(entry.clone());
                    chain.entries.push(Linked { entry, sha256 });
                }
                // Somebody else took the place: with which run, must be read.
                Put::Existed => chain = read_whole(lake.as_ref()).await?,
            }
        }
    }
    Ok(appended)
}

async fn read_whole(lake: &dyn Lake) -> Result<Chain, JournalError> {
    let mut chain = Chain::read(lake).await?;
    match chain.fault.take() {
        Some(fault) => Err(JournalError::Broken(fault)),
        None => Ok(chain),
    }
}
