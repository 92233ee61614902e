//! Runs started inside this process: by the schedule or by a reader of the page. Twin of `EventBridge` and Lambda.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use futures::StreamExt as _;
use futures::stream::BoxStream;
use shared::api::{PresetChoice, RunStarted, StartRun};
use shared::run::Progress;
use tokio::sync::broadcast;
use tokio_stream::wrappers::BroadcastStream;

use super::{Runner, StartError, choice, options};
use crate::backend::Backend;
use crate::pipeline::{Busy, RunLock, new_attempt_id, run};
use crate::preset;
use crate::progress::Reporter;

/// Progress events that a slow reader may fall behind before it misses some.
const BACKLOG: usize = 256;

/// Starts runs as tasks of this process, one at a time.
pub struct EmbeddedRunner {
    backend: Arc<Backend>,
    threads: usize,
    going: Arc<Mutex<Option<(String, Reporter)>>>,
    progress: broadcast::Sender<Progress>,
}

impl EmbeddedRunner {
    /// A runner with so many fits at once.
    pub fn new(backend: Arc<Backend>, threads: usize) -> Self {
        Self {
            backend,
            threads,
            going: Arc::default(),
            progress: broadcast::channel(BACKLOG).0,
        }
    }

    /// Asks the run that is going, if any, to stop at its next safe point.
    pub fn cancel(&self) {
        if let Some((_, reporter)) = &*self.lock() {
            reporter.cancel();
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<(String, Reporter)>> {
        self.going.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(&self, what: StartRun) -> Result<RunStarted, StartError> {
        let options = options(what, &self.backend.settings, self.threads)?;
        let mut going = self.lock();
        if let Some((attempt_id, _)) = &*going {
            let attempt_id = attempt_id.clone();
            return Err(StartError::Running { attempt_id });
        }
        let bad = |message: String| StartError::Bad { message };
        let lake = self.backend.local_lake();
        let lock = RunLock::take(&lake).map_err(|busy| match busy {
            Busy::Running => StartError::Running {
                attempt_id: "started from the command line".to_owned(),
            },
            Busy::Attempt { attempt_id } => StartError::Running { attempt_id },
            Busy::Unwritable { .. } | Busy::Lake(_) => bad(busy.to_string()),
        })?;
        let attempt_id = new_attempt_id(&lake, self.backend.clock.now())
            .map_err(|error| bad(error.to_string()))?;
        let sender = self.progress.clone();
        // Nobody listening is no failure.
        let reporter = Reporter::new(move |event| drop(sender.send(event)));
        *going = Some((attempt_id.clone(), reporter.clone()));
        let (backend, slot) = (self.backend.clone(), self.going.clone());
        let started = attempt_id.clone();
        tokio::spawn(async move {
            // The lock and the slot are freed even if the run panics.
            let _free = Free { slot, _lock: lock };
            run(&backend, &options, attempt_id, &reporter).await;
        });
        Ok(RunStarted {
            attempt_id: started,
        })
    }
}

#[async_trait]
impl Runner for EmbeddedRunner {
    async fn start(&self, what: StartRun) -> Result<RunStarted, StartError> {
        self.begin(what)
    }

    fn presets(&self) -> Vec<PresetChoice> {
        let own = &self.backend.settings.preset;
        let others = preset::built_in_names().filter(|name| name != own);
        let all = std::iter::once(own.clone()).chain(others.map(Into::into));
        all.filter_map(choice).collect()
    }

    async fn running(&self) -> Option<String> {
        self.lock()
            .as_ref()
            .map(|(attempt_id, _)| attempt_id.clone())
    }

    async fn progress(&self) -> Option<BoxStream<'static, Progress>> {
        let events = BroadcastStream::new(self.progress.subscribe());
        // Whoever is too slow misses the oldest events; the newest say all that counts.
        Some(Box::pin(
            events.filter_map(|event| std::future::ready(event.ok())),
        ))
    }
}

/// Frees the runner when the run is over, however it ends.
struct Free {
    slot: Arc<Mutex<Option<(String, Reporter)>>>,
    _lock: RunLock,
}

impl Drop for Free {
    fn drop(&mut self) {
        *self.slot.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

#[cfg(test)]
mod tests {
    use super::super::contract;
    use super::*;
    use crate::config::Settings;

    #[tokio::test]
    async fn keeps_the_contract() {
        let home = tempfile::tempdir().unwrap();
        let settings = Settings::load(home.path(), |_| None).unwrap();
        let backend = Arc::new(Backend::embedded(settings));
        let runner = EmbeddedRunner::new(backend.clone(), 1);
        contract::suite(&runner, async || {
            RunLock::take(&backend.local_lake()).unwrap()
        })
        .await;
    }
}
