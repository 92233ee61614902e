//! Answers that are kept. Athena's own reuse goes by age and does not look whether the tables changed; this one does.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use shared::query::Answer;

/// Answers that are kept; the one that was not asked for longest goes first.
const ANSWERS: usize = 64;

/// Answers of more values than this are not kept.
const CELLS: usize = 50_000;

/// All that an answer depends on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reuse {
    pub(super) sql: String,
    pub(super) parameters: Vec<String>,
    /// What is registered: runs, current run and columns ([`crate::catalogue::REGISTERED`]).
    pub(super) registered: String,
    pub(super) database: String,
    pub(super) workgroup: String,
}

/// The answers, the most recently used last.
#[derive(Default)]
pub(super) struct Kept(Mutex<VecDeque<(Reuse, Answer)>>);

impl Kept {
    fn answers(&self) -> MutexGuard<'_, VecDeque<(Reuse, Answer)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The answer to the same question over the same data.
    pub(super) fn get(&self, wanted: &Reuse) -> Option<Answer> {
        let mut answers = self.answers();
        let index = answers.iter().position(|(reuse, _)| reuse == wanted)?;
        let found = answers.remove(index)?;
        let answer = found.1.clone();
        answers.push_back(found);
        Some(answer)
    }

    /// Keeps an answer, unless it is large.
    pub(super) fn put(&self, reuse: Reuse, answer: &Answer) {
        if answer.rows.len() * answer.columns.len() > CELLS {
            return;
        }
        let mut answers = self.answers();
        answers.retain(|(known, _)| *known != reuse);
        answers.push_back((reuse, answer.clone()));
        if answers.len() > ANSWERS {
            answers.pop_front();
        }
    }
}
