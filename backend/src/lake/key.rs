//! Where things lie in the lake. A path is spelt here and nowhere else.

use std::fmt;

use chrono::NaiveDate;
use sha2::{Digest, Sha256};
use shared::catalogue::Table;
use shared::series::{SeriesId, Vendor};

/// The name of an object.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// A vendor's answer, byte for byte, compressed with zstd. Immutable.
    Raw {
        /// Who answered.
        vendor: Vendor,
        /// SHA-256 of the uncompressed answer.
        sha256: String,
    },
    /// All observations of a series as Parquet. Immutable.
    Staged {
        /// The series.
        series: SeriesId,
        /// SHA-256 of the file.
        sha256: String,
    },
    /// Rows that the checks refused, as JSON. Immutable.
    Rejected {
        /// The series.
        series: SeriesId,
        /// SHA-256 of the file.
        sha256: String,
    },
    /// What has been staged so far. A pointer.
    StagingState,
    /// Calls made today. A pointer.
    Quota(Vendor),
    /// A published table's file. Immutable.
    Table {
        /// The table.
        table: Table,
        /// The run's as-of day.
        as_of: NaiveDate,
        /// The run.
        run_id: String,
    },
    /// XGBoost's model as JSON. Immutable.
    Model {
        /// The run.
        run_id: String,
    },
    /// The model card. Immutable.
    ModelCard {
        /// The run.
        run_id: String,
    },
    /// The dashboard's first view. Immutable.
    Snapshot {
        /// The run.
        run_id: String,
    },
    /// The newest day, to be valued at other levels. Immutable.
    WhatIf {
        /// The run.
        run_id: String,
    },
    /// The preset that a run used, whole. Immutable.
    Preset {
        /// The run.
        run_id: String,
    },
    /// The list of all that a run published. Immutable.
    Manifest {
        /// The run.
        run_id: String,
    },
    /// Why the newest valuation of a run is not that of another, where it is told at publication. Immutable.
    Diff {
        /// The earlier run.
        from: String,
        /// The run.
        run_id: String,
    },
    /// The report of one attempt. Immutable.
    Attempt {
        /// The attempt.
        attempt_id: String,
    },
    /// One entry of the journal. Immutable.
    Journal {
        /// Its place, from 1.
        sequence: u64,
    },
    /// What the first half of an attempt did, for the second, where the two are apart. Immutable.
    Extracted {
        /// The attempt.
        attempt_id: String,
    },
    /// Who runs at the moment, where no operating system watches over it. A pointer.
    Lease,
    /// What a statement of the local Athena brought. Immutable.
    QueryResult {
        /// The statement's id.
        query_id: String,
        /// CSV with a header, as of a question; else plain text, as of a listing.
        is_csv: bool,
    },
    /// The pointer to the published run.
    Current,
}

/// Folder of the attempts' reports.
pub const ATTEMPTS: &str = "attempts/";
/// Folder of the journal's entries. Their names have leading zeros, so that they sort by place.
pub const JOURNAL: &str = "journal/";
/// Folder of the local Athena's results. Nothing depends on them: they may be deleted at any time.
pub const QUERY_RESULTS: &str = "athena-results/";

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Raw { vendor, sha256 } => {
                write!(f, "extraction-staging/raw/{vendor}/{sha256}.zst")
            }
            Self::Staged { series, sha256 } => {
                write!(
                    f,
                    "extraction-staging/observations/{series}/{sha256}.parquet"
                )
            }
            Self::Rejected { series, sha256 } => {
                write!(f, "extraction-staging/rejected/{series}/{sha256}.json")
            }
            Self::StagingState => f.write_str("extraction-staging/state.json"),
            Self::Quota(vendor) => write!(f, "extraction-staging/quota/{vendor}.json"),
            Self::Table {
                table,
                as_of,
                run_id,
            } => write!(
                f,
                "{}/as_of={as_of}/run_id={run_id}/part-0.parquet",
                table.folder()
            ),
            Self::Model { run_id } => write!(f, "models/{run_id}/model.json"),
            Self::ModelCard { run_id } => write!(f, "models/{run_id}/card.json"),
            Self::Snapshot { run_id } => write!(f, "runs/{run_id}/snapshot.json"),
            Self::WhatIf { run_id } => write!(f, "runs/{run_id}/what_if.json"),
            Self::Preset { run_id } => write!(f, "runs/{run_id}/preset.json"),
            Self::Manifest { run_id } => write!(f, "runs/{run_id}/manifest.json"),
            Self::Diff { from, run_id } => write!(f, "runs/{run_id}/diff_from/{from}.json"),
            Self::Attempt { attempt_id } => write!(f, "{ATTEMPTS}{attempt_id}.json"),
            Self::Journal { sequence } => write!(f, "{JOURNAL}{sequence:08}.json"),
            Self::Extracted { attempt_id } => {
                write!(f, "extraction-staging/attempts/{attempt_id}.json")
            }
            Self::Lease => f.write_str("lease.json"),
            Self::QueryResult { query_id, is_csv } => {
                let ending = if *is_csv { "csv" } else { "txt" };
                write!(f, "{QUERY_RESULTS}{query_id}.{ending}")
            }
            Self::Current => f.write_str("current.json"),
        }
    }
}

/// SHA-256 in lower-case hex.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Bytes in lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}
