//! Reading the journal: its lines with their scores, and whether it is whole.

use std::sync::Arc;

use shared::journal::{Journal, JournalLine};

use super::chain::{Chain, Linked};
use super::score::{Prices, by_preset, score};
use super::verify::{Verified, verify};
use crate::catalogue::ReadError;
use crate::lake::Lake;

/// A reader of the journal. Cheap to clone.
#[derive(Clone)]
pub struct JournalReader {
    lake: Arc<dyn Lake>,
}

impl JournalReader {
    /// Reads from this lake.
    pub fn new(lake: Arc<dyn Lake>) -> Self {
        Self { lake }
    }

    /// Every entry that can be read, scored against the prices that are staged now. Says also whether the chain of hashes is
    /// whole; the runs' files are not looked at.
    pub async fn read(&self) -> Result<Journal, ReadError> {
        let chain = Chain::read(self.lake.as_ref()).await?;
        let mut prices = Prices::new(self.lake.as_ref()).await?;
        let mut lines = Vec::with_capacity(chain.entries.len());
        for Linked { entry, sha256 } in chain.entries {
            let price = prices.of(&entry.target, entry.date).await?;
            lines.push(JournalLine {
                score: price.map(|price| score(&entry, price)),
                entry,
                sha256,
            });
        }
        Ok(Journal {
            scores: by_preset(&lines),
            lines,
            fault: chain.fault,
        })
    }

    /// Walks the chain and compares every entry with the files of its run, model and tables included.
    pub async fn verify(&self) -> Result<Verified, ReadError> {
        verify(&self.lake).await
    }
}
