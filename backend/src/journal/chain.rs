//! The chain: the entries as they lie in the lake, and the first that does not fit.

use std::collections::BTreeMap;

use shared::journal::{JournalEntry, JournalFault};

use super::entry::canonical;
use crate::lake::key::JOURNAL;
use crate::lake::{Key, Lake, LakeError, sha256_hex};

/// What the first entry holds in place of a hash.
const NOTHING_BEFORE: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// An entry that can be read, and the hash of its bytes.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Linked {
    pub(super) entry: JournalEntry,
    pub(super) sha256: String,
}

/// The journal as it lies in the lake.
#[derive(Debug, Default)]
pub(super) struct Chain {
    /// The entries that can be read, oldest first.
    pub(super) entries: Vec<Linked>,
    /// The first that is not as it was written, if there is one.
    pub(super) fault: Option<JournalFault>,
}

impl Chain {
    /// Reads every entry and walks the chain.
    pub(super) async fn read(lake: &dyn Lake) -> Result<Self, LakeError> {
        let mut stored = Vec::new();
        for name in lake.list(JOURNAL).await? {
            let Some(sequence) = sequence_of(&name) else {
                continue;
            };
            if let Some(bytes) = lake.get(&Key::Journal { sequence }).await? {
                stored.push((sequence, bytes));
            }
        }
        Ok(Self::walk(&stored))
    }

    /// Walks entries, which are sorted by place.
    pub(super) fn walk(stored: &[(u64, Vec<u8>)]) -> Self {
        let mut chain = Self::default();
        let mut runs = BTreeMap::new();
        let mut expected = 1;
        let mut before = NOTHING_BEFORE.to_owned();
        for (sequence, bytes) in stored {
            if *sequence != expected {
                chain.note(expected, "it is missing");
            }
            expected = sequence + 1;
            let sha256 = sha256_hex(bytes);
            match parse(*sequence, bytes) {
                Err(message) => chain.note(*sequence, message),
                Ok(entry) => {
                    if entry.previous_sha256 != before {
                        chain.note_link(*sequence, &before, &entry.previous_sha256);
                    }
                    if let Some(first) = runs.insert(entry.run_id.clone(), *sequence) {
                        let message = format!("its run is in entry {first} already");
                        chain.note(*sequence, message);
                    }
                    let sha256 = sha256.clone();
                    chain.entries.push(Linked { entry, sha256 });
                }
            }
            before = sha256;
        }
        chain
    }

    /// The place after the last entry, and the hash that its entry has to hold.
    pub(super) fn end(&self) -> (u64, &str) {
        self.entries.last().map_or((1, NOTHING_BEFORE), |last| {
            (last.entry.sequence + 1, &last.sha256)
        })
    }

    /// Whether a run has its entry.
    pub(super) fn has(&self, run_id: &str) -> bool {
        self.entries.iter().any(|one| one.entry.run_id == run_id)
    }

    /// Keeps the first fault only: those after it may follow from it.
    fn note(&mut self, sequence: u64, message: impl Into<String>) {
        let message = message.into();
        self.fault.get_or_insert(JournalFault { sequence, message });
    }

    /// A hash that does not fit is the fault of the entry that was hashed; the first entry can only blame itself.
    fn note_link(&mut self, sequence: u64, found: &str, recorded: &str) {
        if sequence == 1 {
            let message = format!("it holds {recorded} as the hash before it, not 64 zeros");
            return self.note(1, message);
        }
        let message =
            format!("its content has the hash {found}, but entry {sequence} holds {recorded}");
        self.note(sequence - 1, message);
    }
}

/// The place that a file's name says, if it is an entry's name.
fn sequence_of(name: &str) -> Option<u64> {
    let number = name.strip_prefix(JOURNAL)?.strip_suffix(".json")?;
    let sequence = number.parse().ok()?;
    (Key::Journal { sequence }.to_string() == name).then_some(sequence)
}

fn parse(sequence: u64, bytes: &[u8]) -> Result<JournalEntry, String> {
    let entry: JournalEntry =
        serde_json::from_slice(bytes).map_err(|error| format!("it cannot be read: {error}"))?;
    if canonical(&entry).ok().as_deref() != Some(bytes) {
        return Err("its bytes are not in the form in which entries are written".to_owned());
    }
    if entry.sequence != sequence {
        return Err(format!("it says that it is entry {}", entry.sequence));
    }
    Ok(entry)
}
