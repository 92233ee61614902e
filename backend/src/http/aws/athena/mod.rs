//! The local Athena: statements are executed by the embedded engine over the published runs.

mod cells;
mod data;
mod execution;
mod history;
mod results;
mod run;
mod show;
mod workgroup;

use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::wire::{AwsError, page, read};
use crate::catalogue::LakeCatalogue;
use crate::clock::Clock;
use crate::lake::LocalLake;
use crate::query::QueryEngine;
pub(super) use data::{published, whole};
use execution::{Execution, Request};
use history::History;
use run::Work;

/// The longest statement, as in Athena (bytes).
const LONGEST_STATEMENT: usize = 262_144;

/// Statements that one call may ask for, as in Athena.
const BATCH: usize = 50;

/// Athena's statements and what became of them.
pub(super) struct Athena {
    history: Arc<History>,
    work: Arc<Work>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ById {
    query_execution_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ByIds {
    query_execution_ids: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Listed {
    next_token: Option<String>,
    max_results: Option<usize>,
    work_group: Option<String>,
}

impl Athena {
    /// Nothing has been asked yet.
    pub(super) fn new(
        engine: Arc<dyn QueryEngine>,
        catalogue: LakeCatalogue,
        lake: Arc<LocalLake>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            history: Arc::new(History::default()),
            work: Arc::new(Work {
                engine,
                catalogue,
                lake,
                clock,
            }),
        }
    }

    /// Answers one operation.
    pub(super) async fn call(&self, operation: &str, body: Value) -> Result<Value, AwsError> {
        match operation {
            "StartQueryExecution" => self.start(read(body)?),
            "GetQueryExecution" => self.execution(&read(body)?),
            "BatchGetQueryExecution" => self.executions(&read(body)?),
            "ListQueryExecutions" => self.list(&read(body)?),
            "StopQueryExecution" => self.stop(&read(body)?),
            "GetQueryResults" => {
                let asked: results::Asked = read(body)?;
                results::page_of(&self.history.get(&asked.query_execution_id)?, &asked)
            }
            "ListWorkGroups" => Ok(workgroup::list()),
            "GetWorkGroup" => workgroup::get(&read(body)?),
            "ListDataCatalogs" => Ok(data::catalogues()),
            "GetDataCatalog" => data::catalogue(&read(body)?),
            "ListDatabases" => data::databases(&read(body)?),
            "GetDatabase" => data::database(&read(body)?),
            "ListTableMetadata" => data::tables(&self.work.catalogue, &read(body)?).await,
            "GetTableMetadata" => data::table(&self.work.catalogue, &read(body)?).await,
            _ => Err(AwsError::unknown_operation(&format!(
                "AmazonAthena.{operation}"
            ))),
        }
    }

    /// Begins a statement and answers with its id at once. The same token begins nothing anew.
    fn start(&self, request: Request) -> Result<Value, AwsError> {
        check(&request)?;
        let id = Uuid::new_v4().to_string();
        let begun = Execution::new(id.clone(), request, self.work.clock.now());
        let request = begun.request.clone();
        if let Some(known) = self.history.begin(begun)? {
            return Ok(json!({ "QueryExecutionId": known }));
        }
        let (history, work, task_id) = (self.history.clone(), self.work.clone(), id.clone());
        let task = tokio::spawn(async move {
            history.running(&task_id);
            let outcome = work.run(&task_id, &request).await;
            history.finish(&task_id, outcome, work.clock.now());
        });
        self.history.may_abort(&id, task.abort_handle());
        Ok(json!({ "QueryExecutionId": id }))
    }

    fn execution(&self, asked: &ById) -> Result<Value, AwsError> {
        let execution = self.history.get(&asked.query_execution_id)?;
        Ok(json!({ "QueryExecution": execution.describe() }))
    }

    fn executions(&self, asked: &ByIds) -> Result<Value, AwsError> {
        if asked.query_execution_ids.len() > BATCH {
            return Err(AwsError::invalid(format!("at most {BATCH} ids at once")));
        }
        let (mut found, mut missing) = (Vec::new(), Vec::new());
        for id in &asked.query_execution_ids {
            match self.history.get(id) {
                Ok(execution) => found.push(execution.describe()),
                Err(error) => missing.push(json!({
                    "QueryExecutionId": id,
                    "ErrorCode": "INVALID_INPUT",
                    "ErrorMessage": error.message,
                })),
            }
        }
        Ok(json!({ "QueryExecutions": found, "UnprocessedQueryExecutionIds": missing }))
    }

    /// Newest first.
    fn list(&self, asked: &Listed) -> Result<Value, AwsError> {
        if let Some(name) = &asked.work_group {
            workgroup::check(name)?;
        }
        let most = asked.max_results.unwrap_or(BATCH).clamp(1, BATCH);
        let wanted = asked.work_group.as_deref().unwrap_or(workgroup::DEFAULT);
        let ids = self.history.ids(wanted);
        let (ids, next) = page(&ids, asked.next_token.as_deref(), most)?;
        Ok(json!({ "QueryExecutionIds": ids, "NextToken": next }))
    }

    fn stop(&self, asked: &ById) -> Result<Value, AwsError> {
        self.history
            .stop(&asked.query_execution_id, self.work.clock.now())?;
        Ok(json!({}))
    }
}

fn check(request: &Request) -> Result<(), AwsError> {
    workgroup::check(request.work_group())?;
    let length = request.query_string.len();
    if length == 0 || length > LONGEST_STATEMENT {
        let message =
            format!("a statement has 1 to {LONGEST_STATEMENT} bytes; this one has {length}");
        return Err(AwsError::invalid(message));
    }
    let token = request.client_request_token.as_deref().unwrap_or_default();
    if !token.is_empty() && !(32..=128).contains(&token.len()) {
        return Err(AwsError::invalid(
            "ClientRequestToken has 32 to 128 characters",
        ));
    }
    Ok(())
}
