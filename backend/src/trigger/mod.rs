//! What starts runs: a schedule, a reader of the page, an event. Embedded, all of it in one process.

pub mod embedded;
pub mod schedule;

use shared::api::{RunStarted, StartRun};
use shared::run::Progress;
use tokio::sync::broadcast;

/// Why a run was not started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// One is going already.
    #[error("a run is going already: {attempt_id}")]
    Running {
        /// The attempt that is going.
        attempt_id: String,
    },
    /// The request names something unknown.
    #[error("{message}")]
    Bad {
        /// What.
        message: String,
    },
}

/// Starts runs and tells how they go.
pub trait Runner: Send + Sync {
    /// Starts a run in the background and answers at once.
    fn start(&self, what: StartRun) -> Result<RunStarted, StartError>;

    /// The attempt that is going, if one is.
    fn running(&self) -> Option<String>;

    /// All progress from now on.
    fn subscribe(&self) -> broadcast::Receiver<Progress>;
}
