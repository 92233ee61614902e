//! Answers SQL with DataFusion over the local lake. Twin of Athena.

mod answer;
mod complexity;
mod explain;
mod functions;
mod information;
mod parameters;
mod session;
mod statement;
mod stop;
mod table;
#[cfg(test)]
mod tests;
mod windows;
mod workers;

pub(crate) use explain::unknown;

use std::sync::Arc;

use async_trait::async_trait;
use datafusion::error::DataFusionError;
use datafusion::execution::context::SQLOptions;
use datafusion::execution::memory_pool::GreedyMemoryPool;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::execution::{SessionState, TaskContext};
use datafusion::logical_expr::LogicalPlanBuilder;
use datafusion::physical_plan::{ExecutionPlan, execute_stream};
use shared::api::TableSchema;
use shared::query::{Answer, Cost, Query};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::{Limits, QueryEngine, QueryError, within};
use crate::lake::LocalLake;
use session::{Session, Sessions};
use stop::{Waiting, Watch};
#[cfg(test)]
pub(crate) use tests::published_lake;
use workers::Workers;

/// Questions answered at once; more wait. It bounds memory to this many times [`Limits::memory_bytes`].
const AT_ONCE: usize = 4;

/// The embedded SQL engine over the published runs of a local lake.
///
/// Timestamps are UTC. NaN and infinities are `null` in answers, as JSON knows neither.
pub struct DataFusionEngine {
    sessions: Sessions,
    workers: Workers,
    places: Semaphore,
}

impl DataFusionEngine {
    /// An engine over `lake`; reads nothing yet. Fails where its threads cannot be started.
    pub fn new(lake: Arc<LocalLake>) -> std::io::Result<Self> {
        Ok(Self {
            sessions: Sessions::new(lake),
            workers: Workers::start()?,
            places: Semaphore::new(AT_ONCE),
        })
    }

    async fn answer(
        &self,
        sql: &str,
        parameters: &[String],
        limits: Limits,
    ) -> Result<Answer, QueryError> {
        let _place = self.places.acquire().await.map_err(fault)?;
        let session = self.sessions.current().await?;
        let (sql, parameters) = (sql.to_owned(), parameters.to_vec());
        // Dropping these two ends the work, be it by time-out or because nobody waits for the answer any more.
        let mut work = JoinSet::new();
        let waiting = Waiting::default();
        let watch = waiting.watch();
        work.spawn_on(
            async move { answer(&session, &sql, &parameters, limits, watch).await },
            self.workers.handle(),
        );
        match work.join_next().await {
            Some(Ok(outcome)) => outcome,
            Some(Err(crash)) => Err(fault(crash)),
            None => Err(fault(std::io::Error::other("no work was started"))),
        }
    }
}

#[async_trait]
impl QueryEngine for DataFusionEngine {
    async fn run_bound(
        &self,
        query: &Query,
        parameters: &[String],
        limits: Limits,
    ) -> Result<Answer, QueryError> {
        within(limits.time, self.answer(&query.sql, parameters, limits)).await
    }

    async fn tables(&self) -> Result<Vec<TableSchema>, QueryError> {
        Ok(self.sessions.current().await?.tables.clone())
    }
}

/// Parses, plans and executes one question.
async fn answer(
    session: &Session,
    sql: &str,
    parameters: &[String],
    limits: Limits,
    watch: Watch,
) -> Result<Answer, QueryError> {
    let statement = statement::parse(sql, parameters)?;
    let wrong = |error| explain::planning(&error, session, sql);
    let state = session.context.state();
    let plan = state.statement_to_plan(statement).await.map_err(wrong)?;
    read_only().verify_plan(&plan).map_err(wrong)?;
    complexity::check_plan(&plan)?;
    let plan = LogicalPlanBuilder::from(plan)
        .limit(0, Some(limits.rows.saturating_add(1)))
        .and_then(LogicalPlanBuilder::build)
        .map_err(wrong)?;
    let plan = stop::steps(&state, &plan, watch).await.map_err(wrong)?;
    let context = limited(&state, limits.memory_bytes).map_err(fault)?;
    let outcome = match execute_stream(plan.clone(), context) {
        Ok(stream) => answer::collect(stream, limits).await,
        Err(error) => Err(error.into()),
    };
    match outcome {
        Ok((columns, rows, truncated)) => Ok(Answer {
            columns,
            rows,
            truncated,
            cost: Cost {
                bytes_scanned: Some(bytes_scanned(plan.as_ref())),
                ..Cost::default()
            },
        }),
        Err(answer::Stopped::TooLarge) => Err(explain::too_much_memory(limits.memory_bytes)),
        Err(answer::Stopped::Failed(error)) => {
            Err(explain::execution(&error, session, plan, sql, limits).await)
        }
    }
}

/// What [`statement::parse`] lets through is a query; this also looks into its parts.
fn read_only() -> SQLOptions {
    SQLOptions::new()
        .with_allow_ddl(false)
        .with_allow_dml(false)
        .with_allow_statements(false)
}

/// Where one question runs, with a memory of its own. The engine has no disk to spill to.
fn limited(state: &SessionState, bytes: usize) -> Result<Arc<TaskContext>, DataFusionError> {
    let runtime = RuntimeEnvBuilder::from_runtime_env(state.runtime_env())
        .with_memory_pool(Arc::new(GreedyMemoryPool::new(bytes)))
        .build_arc()?;
    Ok(Arc::new(TaskContext::from(state).with_runtime(runtime)))
}

/// Bytes of Parquet that the plan's scans have read, footers from the cache not counted.
fn bytes_scanned(plan: &dyn ExecutionPlan) -> u64 {
    let own = plan
        .metrics()
        .and_then(|metrics| metrics.sum_by_name("bytes_scanned"))
        .map_or(0, |value| value.as_usize() as u64);
    let below = plan.children().into_iter();
    own + below
        .map(|child| bytes_scanned(child.as_ref()))
        .sum::<u64>()
}

fn fault(error: impl Into<anyhow::Error>) -> QueryError {
    QueryError::Engine(error.into())
}
