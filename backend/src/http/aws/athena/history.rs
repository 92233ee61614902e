//! The statements of this server, newest last. Old ones are forgotten, so that memory stays bounded.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use tokio::task::AbortHandle;

use super::super::wire::AwsError;
use super::execution::{Execution, Failure, State, Success};

/// Statements that are remembered.
const STATEMENTS: usize = 256;

/// Values of results that are kept in memory, all statements together.
const CELLS: usize = 4_000_000;

/// All statements.
#[derive(Default)]
pub(super) struct History(Mutex<VecDeque<Entry>>);

struct Entry {
    execution: Execution,
    task: Option<AbortHandle>,
}

impl History {
    fn entries(&self) -> MutexGuard<'_, VecDeque<Entry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a statement in. If its token is known, nothing is begun, and the answer is the id of the statement that has it.
    pub(super) fn begin(&self, execution: Execution) -> Result<Option<String>, AwsError> {
        let mut entries = self.entries();
        if let Some(token) = &execution.request.client_request_token {
            let same = |entry: &&Entry| {
                entry.execution.request.client_request_token.as_ref() == Some(token)
            };
            if let Some(known) = entries.iter().find(same) {
                if known.execution.request == execution.request {
                    return Ok(Some(known.execution.id.clone()));
                }
                let message = "Idempotent parameters do not match: another statement has this ClientRequestToken";
                return Err(AwsError::invalid(message));
            }
        }
        entries.push_back(Entry {
            execution,
            task: None,
        });
        forget(&mut entries);
        Ok(None)
    }

    /// Remembers how to end the work of a statement.
    pub(super) fn may_abort(&self, id: &str, task: AbortHandle) {
        if let Some(entry) = find(&mut self.entries(), id) {
            if entry.execution.state.is_final() {
                // It was stopped before this was known.
                task.abort();
            }
            entry.task = Some(task);
        }
    }

    /// The statement as it is now.
    pub(super) fn get(&self, id: &str) -> Result<Execution, AwsError> {
        let mut entries = self.entries();
        let found = find(&mut entries, id).map(|entry| entry.execution.clone());
        found.ok_or_else(|| unknown(id))
    }

    /// The ids of a workgroup's statements, newest first.
    pub(super) fn ids(&self, work_group: &str) -> Vec<String> {
        let entries = self.entries();
        let of = entries.iter().rev().map(|entry| &entry.execution);
        let of = of.filter(|execution| execution.request.work_group() == work_group);
        of.map(|execution| execution.id.clone()).collect()
    }

    /// Its turn has come.
    pub(super) fn running(&self, id: &str) {
        if let Some(entry) = find(&mut self.entries(), id)
            && !entry.execution.state.is_final()
        {
            entry.execution.state = State::Running;
        }
    }

    /// It has an outcome, unless it was stopped meanwhile.
    pub(super) fn finish(&self, id: &str, outcome: Result<Success, Failure>, now: DateTime<Utc>) {
        let state = match outcome {
            Ok(success) => State::Succeeded(Arc::new(success)),
            Err(failure) => State::Failed(Arc::new(failure)),
        };
        let mut entries = self.entries();
        if let Some(entry) = find(&mut entries, id)
            && !entry.execution.state.is_final()
        {
            entry.execution.complete(state, now);
        }
        forget(&mut entries);
    }

    /// Ends a statement; one that has ended stays as it is.
    pub(super) fn stop(&self, id: &str, now: DateTime<Utc>) -> Result<(), AwsError> {
        let mut entries = self.entries();
        let entry = find(&mut entries, id).ok_or_else(|| unknown(id))?;
        if !entry.execution.state.is_final() {
            entry.execution.complete(State::Cancelled, now);
            if let Some(task) = &entry.task {
                task.abort();
            }
        }
        Ok(())
    }
}

fn find<'a>(entries: &'a mut VecDeque<Entry>, id: &str) -> Option<&'a mut Entry> {
    entries.iter_mut().find(|entry| entry.execution.id == id)
}

/// Forgets the oldest statements that have ended, until the rest fits. The newest one stays however large it is.
fn forget(entries: &mut VecDeque<Entry>) {
    let mut cells: usize = entries.iter().map(|entry| entry.execution.cells()).sum();
    while entries.len() > 1 && (entries.len() > STATEMENTS || cells > CELLS) {
        let last = entries.len() - 1;
        let oldest = entries
            .iter()
            .position(|entry| entry.execution.state.is_final());
        let Some(index) = oldest.filter(|index| *index < last) else {
            return;
        };
        let gone = entries.remove(index);
        cells -= gone.map_or(0, |entry| entry.execution.cells());
    }
}

fn unknown(id: &str) -> AwsError {
    AwsError::invalid(format!("QueryExecution {id} was not found"))
}
