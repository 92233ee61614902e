//! What starts runs: a schedule, a reader of the page, an event. Embedded, all of it in one process.

#[cfg(feature = "cloud")]
pub mod aws;
#[cfg(test)]
mod contract;
pub mod embedded;
pub mod events;
mod options;
pub mod schedule;

use async_trait::async_trait;
use futures::stream::BoxStream;
use shared::api::{PresetChoice, RunStarted, StartRun};
use shared::run::Progress;

pub use options::options;

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
    /// Nobody could be told to begin.
    #[error("the run could not be started: {message}")]
    Unreachable {
        /// Why.
        message: String,
    },
}

/// Starts runs and tells how they go. Twins: [`embedded`] in this process, `aws` by an event.
#[async_trait]
pub trait Runner: Send + Sync {
    /// Starts a run in the background and answers at once.
    async fn start(&self, what: StartRun) -> Result<RunStarted, StartError>;

    /// What can be run, the configured preset first. Without an own word: every preset that comes with Assay.
    fn presets(&self) -> Vec<PresetChoice> {
        preset::built_in_names().filter_map(choice).collect()
    }

    /// The attempt that is going, if one is.
    async fn running(&self) -> Option<String>;

    /// All progress from now on. Ends where this process cannot hear of more; `None` where there is nothing to hear.
    async fn progress(&self) -> Option<BoxStream<'static, Progress>>;
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
