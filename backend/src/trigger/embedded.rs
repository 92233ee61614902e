//! Runs started inside this process: by the schedule or by a reader of the page. Twin of `EventBridge` and Lambda.

use std::sync::{Arc, Mutex, PoisonError};

use shared::api::{PresetChoice, RunStarted, StartRun};
use shared::run::Progress;
use tokio::sync::broadcast;

use super::{Runner, StartError, choice};
use crate::backend::Backend;
use crate::pipeline::{Busy, RunLock, RunOptions, new_attempt_id, run};
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

    fn options(&self, what: StartRun) -> Result<RunOptions, StartError> {
        let name = what
            .preset
            .unwrap_or_else(|| self.backend.settings.preset.clone());
        // A page may name built-in presets and the configured one, but no file of this machine.
        let known = preset::built_in_names().any(|built_in| built_in == name)
            || name == self.backend.settings.preset;
        if !known {
            let message = format!("there is no preset `{name}`");
            return Err(StartError::Bad { message });
        }
        let bad = |message: String| StartError::Bad { message };
        let preset = preset::load(&name).map_err(|error| bad(error.to_string()))?;
        let grid = what.grid.unwrap_or_else(|| "deployed".to_owned());
        if !preset.train.grids.contains_key(&grid) {
            return Err(bad(format!("the preset `{name}` has no grid `{grid}`")));
        }
        Ok(RunOptions {
            preset,
            grid,
            as_of: what.as_of,
            threads: self.threads,
            score_all: false,
            ask_vendors: true,
        })
    }
}

impl Runner for EmbeddedRunner {
    fn start(&self, what: StartRun) -> Result<RunStarted, StartError> {
        let options = self.options(what)?;
        let mut going = self.lock();
        if let Some((attempt_id, _)) = &*going {
            let attempt_id = attempt_id.clone();
            return Err(StartError::Running { attempt_id });
        }
        let bad = |message: String| StartError::Bad { message };
        let lock = RunLock::take(&self.backend.lake).map_err(|busy| match busy {
            Busy::Running => StartError::Running {
                attempt_id: "started from the command line".to_owned(),
            },
            Busy::Unwritable { .. } => bad(busy.to_string()),
        })?;
        let attempt_id = new_attempt_id(&self.backend.lake, self.backend.clock.now())
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

    fn presets(&self) -> Vec<PresetChoice> {
        let own = &self.backend.settings.preset;
        let others = preset::built_in_names().filter(|name| name != own);
        let all = std::iter::once(own.clone()).chain(others.map(Into::into));
        all.filter_map(choice).collect()
    }

    fn running(&self) -> Option<String> {
        self.lock()
            .as_ref()
            .map(|(attempt_id, _)| attempt_id.clone())
    }

    fn subscribe(&self) -> broadcast::Receiver<Progress> {
        self.progress.subscribe()
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
