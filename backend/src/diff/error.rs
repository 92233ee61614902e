//! Why two runs cannot be compared.

use shared::model::ModelError;

use crate::assemble::AssembleError;
use crate::catalogue::ReadError;
use crate::lake::LakeError;

/// Why two runs cannot be compared.
#[derive(Debug, thiserror::Error)]
pub enum DiffError {
    /// There is no run at all.
    #[error("nothing is published yet")]
    NothingPublished,
    /// No run is called so.
    #[error("no published run is called `{name}`")]
    Unknown {
        /// What was asked for.
        name: String,
    },
    /// Several runs begin so.
    #[error("`{name}` is the beginning of {} runs: {}", .runs.len(), .runs.join(", "))]
    Ambiguous {
        /// What was asked for.
        name: String,
        /// The runs.
        runs: Vec<String>,
    },
    /// No run of the same preset came before.
    #[error("no run of its preset was published before `{run_id}`")]
    Alone {
        /// The run.
        run_id: String,
    },
    /// The run was published before presets were kept with runs.
    #[error("the run `{run_id}` was published by a version that did not keep its preset")]
    NoPreset {
        /// The run.
        run_id: String,
    },
    /// The runs value different things.
    #[error("the runs value different things: {from} and {to}")]
    DifferentThings {
        /// Target and unit of the first.
        from: String,
        /// Target and unit of the second.
        to: String,
    },
    /// Comparisons are made at publication, and of these runs there is none.
    #[error("`{to}` was not compared with `{from}` when it was published")]
    NotKept {
        /// The first run.
        from: String,
        /// The second run.
        to: String,
    },
    /// A published file cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The run's dataset cannot be made again from its observations.
    #[error("the dataset of `{run_id}` cannot be made again")]
    Assemble {
        /// The run.
        run_id: String,
        /// Why.
        #[source]
        cause: AssembleError,
    },
    /// The run's model cannot be evaluated.
    #[error("the model of `{run_id}` cannot be evaluated")]
    Model {
        /// The run.
        run_id: String,
        /// Why.
        #[source]
        cause: ModelError,
    },
    /// A fault of ours.
    #[error("the comparison failed")]
    Crash(#[source] anyhow::Error),
}

impl From<LakeError> for DiffError {
    fn from(error: LakeError) -> Self {
        Self::Read(error.into())
    }
}

impl DiffError {
    /// What to do about it.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::NothingPublished => "run `assay run` first",
            Self::Unknown { .. } => {
                "take an id from `assay journal` or `SELECT run_id FROM model_runs`, or `current`"
            }
            Self::Alone { .. } => "wait for the next run, or name the run to compare with",
            Self::Ambiguous { .. } => "write more of the id",
            Self::NoPreset { .. } => "compare runs of this version",
            Self::NotKept { .. } => {
                "compare them with `assay diff` in a copy of the lake; here a run is compared with the one before of its preset"
            }
            Self::DifferentThings { .. } => "compare runs whose presets have the same target",
            Self::Read(_) => "restore the file from a backup",
            Self::Assemble { .. } | Self::Model { .. } | Self::Crash(_) => {
                "report this with the names of the runs"
            }
        }
    }
}
