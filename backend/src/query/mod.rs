//! Query: SQL over the published tables. Athena's twin is DataFusion over the local lake.

#[cfg(feature = "cloud")]
pub mod athena;
#[cfg(test)]
pub(crate) mod contract;
mod datafusion;
pub mod format;
mod named;
pub mod parquet;

use std::time::{Duration, Instant};

use async_trait::async_trait;
use shared::api::TableSchema;
use shared::problem::Position;
use shared::query::{Answer, Query};

#[cfg(feature = "cloud")]
pub use self::athena::{AthenaEngine, AthenaSettings, USD_PER_TERABYTE};
pub use self::datafusion::DataFusionEngine;
#[cfg(test)]
pub(crate) use self::datafusion::published_lake;
pub(crate) use self::datafusion::unknown;
pub use named::named;

/// What a question may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Rows returned; more are cut and the answer says so.
    pub rows: usize,
    /// Memory of the engine.
    pub memory_bytes: usize,
    /// Wall time.
    pub time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            rows: 10_000,
            memory_bytes: 512 * 1024 * 1024,
            time: Duration::from_secs(30),
        }
    }
}

/// Why a question has no answer.
#[derive(Debug, thiserror::Error)]
pub enum QueryError {
    /// The SQL is wrong, or not a single SELECT.
    #[error("{message}")]
    Wrong {
        /// What is wrong, with the nearest known name where one is close.
        message: String,
        /// Where, if known.
        position: Option<Position>,
    },
    /// It asked for more time or memory than it may have.
    #[error("{message}")]
    TooLarge {
        /// Which limit.
        message: String,
    },
    /// Nothing has been published yet, so there are no tables.
    #[error("nothing has been published yet")]
    NothingPublished,
    /// A file of the lake is missing or broken.
    #[error("{message}")]
    BrokenLake {
        /// Which file, and what is wrong with it.
        message: String,
    },
    /// The engine cannot be asked now or by us: a permission is missing, too many ask, or the statement was cancelled.
    #[error("{message}")]
    Unavailable {
        /// What happened, with action and resource.
        message: String,
        /// What to do about it.
        advice: String,
    },
    /// Only who has signed in may ask this engine.
    #[error("asking the tables needs a reader who has signed in")]
    NotSignedIn,
    /// A fault of the engine.
    #[error("the query engine failed")]
    Engine(#[source] anyhow::Error),
}

/// An engine that answers. Twins: DataFusion here, Athena in the cloud.
#[async_trait]
pub trait QueryEngine: Send + Sync {
    /// Answers one SELECT.
    async fn run(&self, query: &Query, limits: Limits) -> Result<Answer, QueryError> {
        self.run_bound(query, &[], limits).await
    }

    /// Answers one SELECT whose `?` stand for `parameters`, in order. A parameter is a literal as SQL writes it: `12.5`,
    /// `'fair'`, `DATE '2024-03-01'`, `true`, `NULL`. It is bound as a value: nothing in it becomes a part of the statement.
    async fn run_bound(
        &self,
        query: &Query,
        parameters: &[String],
        limits: Limits,
    ) -> Result<Answer, QueryError>;

    /// The tables and views that a question can name.
    async fn tables(&self) -> Result<Vec<TableSchema>, QueryError>;
}

/// Waits for an answer no longer than it may take, and says how long it took. What is still at work then is dropped.
async fn within(
    limit: Duration,
    answering: impl Future<Output = Result<Answer, QueryError>>,
) -> Result<Answer, QueryError> {
    let started = Instant::now();
    let outcome = tokio::time::timeout(limit, answering).await;
    let mut answer = outcome.unwrap_or_else(|_| Err(too_slow(limit)))?;
    answer.cost.milliseconds = started.elapsed().as_secs_f64() * 1e3;
    Ok(answer)
}

/// The limit of time was reached.
fn too_slow(limit: Duration) -> QueryError {
    let message = format!(
        "the question took longer than {} s and was stopped; narrow it, for example by date",
        limit.as_secs_f64()
    );
    QueryError::TooLarge { message }
}
