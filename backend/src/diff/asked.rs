//! Comparisons made when a reader asks, and kept by this process. Twin of those that were made at publication.

use std::collections::VecDeque;
use std::sync::Arc;

use async_trait::async_trait;
use shared::diff::RunDiff;
use tokio::sync::Mutex;

use super::{DiffError, Explain, explain};
use crate::lake::Lake;

/// Comparisons that are kept: published runs never change, so a kept one stays right.
const KEPT: usize = 32;

type Made = VecDeque<((String, String), RunDiff)>;

/// The comparisons made by this process. One is made at a time, for each may fit a model.
pub struct MadeWhenAsked {
    lake: Arc<dyn Lake>,
    made: Arc<Mutex<Made>>,
}

impl MadeWhenAsked {
    /// None yet, of this lake's runs.
    pub fn new(lake: Arc<dyn Lake>) -> Self {
        Self {
            lake,
            made: Arc::default(),
        }
    }
}

#[async_trait]
impl Explain for MadeWhenAsked {
    /// Made to its end even if nobody waits any more, for the next one who asks.
    async fn explain(&self, from: String, to: String) -> Result<RunDiff, DiffError> {
        let (lake, made) = (self.lake.clone(), self.made.clone());
        let work = tokio::spawn(async move {
            let runs = (from, to);
            let mut made = made.lock().await;
            if let Some((_, found)) = made.iter().find(|(of, _)| *of == runs) {
                return Ok(found.clone());
            }
            let found = explain(&lake, &runs.0, &runs.1).await?;
            made.truncate(KEPT - 1);
            made.push_front((runs, found.clone()));
            Ok(found)
        });
        work.await.map_err(|crash| DiffError::Crash(crash.into()))?
    }
}
