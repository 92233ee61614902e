//! What starts runs: a schedule, a reader of the page, an event. Embedded, all of it in one process.

pub mod embedded;
pub mod schedule;

use shared::api::{PresetChoice, RunStarted, StartRun};
use shared::run::Progress;
use tokio::sync::broadcast;

use crate::preset;

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

    /// What can be run, the configured preset first. Without an own word: every preset that comes with Assay.
    fn presets(&self) -> Vec<PresetChoice> {
        preset::built_in_names().filter_map(choice).collect()
    }

    /// The attempt that is going, if one is.
    fn running(&self) -> Option<String>;

    /// All progress from now on.
    fn subscribe(&self) -> broadcast::Receiver<Progress>;
}

/// A preset as a choice; `None` where it cannot be loaded.
fn choice(name: impl AsRef<str>) -> Option<PresetChoice> {
    let preset = preset::load(name.as_ref()).ok()?;
    Some(PresetChoice {
        name: name.as_ref().to_owned(),
        title: preset.title,
        look_ahead: preset.look_ahead,
        grids: preset.train.grids.into_keys().collect(),
    })
}
