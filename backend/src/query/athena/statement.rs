//! One statement: started once, watched until it ends, and stopped when nobody waits for it any more.

use std::time::Duration;

use aws_sdk_athena::Client;
use aws_sdk_athena::types::{QueryExecution, QueryExecutionContext, QueryExecutionState};
use uuid::Uuid;

use super::{AthenaSettings, fault};
use crate::catalogue::CATALOG;
use crate::query::QueryError;

/// The first look comes after this; each later one after half as much again.
const FIRST_LOOK: Duration = Duration::from_millis(50);

/// The longest time between two looks.
const SLOWEST_LOOK: Duration = Duration::from_secs(1);

/// A statement that Athena works at.
pub(super) struct Statement {
    athena: Client,
    id: String,
    has_ended: bool,
}

impl Statement {
    /// Starts it. Whoever asks may leave before Athena has said which statement it began: a task of its own hears that, and
    /// what it then makes and nobody takes is dropped, which stops the statement.
    pub(super) async fn start(
        athena: &Client,
        settings: &AthenaSettings,
        sql: &str,
        parameters: &[String],
    ) -> Result<Self, QueryError> {
        let (athena, settings) = (athena.clone(), settings.clone());
        let (sql, parameters) = (sql.to_owned(), parameters.to_vec());
        let begun =
            tokio::spawn(async move { Self::begin(athena, &settings, &sql, parameters).await });
        begun
            .await
            .unwrap_or_else(|error| Err(QueryError::Engine(error.into())))
    }

    /// The token makes a request that the SDK repeats start nothing twice.
    async fn begin(
        athena: Client,
        settings: &AthenaSettings,
        sql: &str,
        parameters: Vec<String>,
    ) -> Result<Self, QueryError> {
        let context = QueryExecutionContext::builder()
            .catalog(CATALOG)
            .database(&settings.database)
            .build();
        let given = (!parameters.is_empty()).then_some(parameters);
        let started = athena
            .start_query_execution()
            .query_string(sql)
            .set_execution_parameters(given)
            .query_execution_context(context)
            .work_group(&settings.workgroup)
            .client_request_token(Uuid::new_v4().to_string())
            .send()
            .await
            .map_err(|error| fault::of_start(&settings.workgroup, &error))?;
        Ok(Self {
            athena,
            id: started.query_execution_id.unwrap_or_default(),
            has_ended: false,
        })
    }

    /// Its id.
    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// Returns when it has succeeded, with the bytes that it has scanned.
    pub(super) async fn wait(&mut self) -> Result<u64, QueryError> {
        let mut pause = FIRST_LOOK;
        loop {
            let execution = self.look().await?;
            let status = execution.status.as_ref();
            match status.and_then(|status| status.state.as_ref()) {
                Some(QueryExecutionState::Succeeded) => {
                    self.has_ended = true;
                    let statistics = execution.statistics;
                    let scanned = statistics.and_then(|s| s.data_scanned_in_bytes);
                    return Ok(scanned.unwrap_or(0).max(0) as u64);
                }
                Some(QueryExecutionState::Failed | QueryExecutionState::Cancelled) => {
                    self.has_ended = true;
                    return Err(fault::of_statement(&execution));
                }
                _ => {}
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 3 / 2).min(SLOWEST_LOOK);
        }
    }

    /// Stops it; one that cannot be stopped ends at the workgroup's limit.
    pub(super) async fn stop(&mut self) {
        self.has_ended = true;
        stop(self.athena.clone(), self.id.clone()).await;
    }

    async fn look(&self) -> Result<QueryExecution, QueryError> {
        let looked = self.athena.get_query_execution();
        let looked = looked.query_execution_id(&self.id).send().await;
        let looked =
            looked.map_err(|e| fault::of_call("athena:GetQueryExecution", &self.id, &e))?;
        looked.query_execution.ok_or_else(|| {
            let message = format!("Athena says nothing of statement {}", self.id);
            QueryError::Engine(anyhow::Error::msg(message))
        })
    }
}

impl Drop for Statement {
    fn drop(&mut self) {
        if self.has_ended {
            return;
        }
        let (athena, id) = (self.athena.clone(), self.id.clone());
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(stop(athena, id));
        }
    }
}

async fn stop(athena: Client, id: String) {
    let stopped = athena.stop_query_execution().query_execution_id(&id);
    if let Err(error) = stopped.send().await {
        tracing::warn!(error = ?error, id, "a statement of Athena was not stopped");
    }
}
