//! One statement: what was asked, how far it is, and how Athena describes it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};
use shared::query::Answer;

use super::super::BUCKET;
use super::super::wire::instant;
use super::workgroup;
use crate::catalogue::{CATALOG, DATABASE};
use crate::lake::Key;

/// A `StartQueryExecution`. A result's location and the wish to reuse older results are accepted and change nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Request {
    pub(super) query_string: String,
    pub(super) client_request_token: Option<String>,
    pub(super) query_execution_context: Option<Context>,
    pub(super) work_group: Option<String>,
    pub(super) execution_parameters: Option<Vec<String>>,
}

/// In which database unqualified names are looked up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Context {
    pub(super) database: Option<String>,
    pub(super) catalog: Option<String>,
}

impl Request {
    /// The workgroup that it names, or the default one.
    pub(super) fn work_group(&self) -> &str {
        self.work_group.as_deref().unwrap_or(workgroup::DEFAULT)
    }

    /// The database that it names, or ours.
    pub(super) fn database(&self) -> &str {
        let context = self.query_execution_context.as_ref();
        context
            .and_then(|c| c.database.as_deref())
            .unwrap_or(DATABASE)
    }

    /// The catalogue that it names, or the only one.
    pub(super) fn catalogue(&self) -> &str {
        let context = self.query_execution_context.as_ref();
        context
            .and_then(|c| c.catalog.as_deref())
            .unwrap_or(CATALOG)
    }
}

/// What a statement does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A question, answered by the engine.
    Select,
    /// `SHOW` or `DESCRIBE`, answered from the catalogue; Athena's word for which one.
    Utility(&'static str),
    /// Something that is refused.
    Other,
}

/// What a statement brought.
#[derive(Debug)]
pub(super) struct Success {
    pub(super) answer: Answer,
    /// Time of the engine.
    pub(super) engine: Duration,
}

/// Why it brought nothing.
#[derive(Debug)]
pub(super) struct Failure {
    /// As Athena words it: `SYNTAX_ERROR: line 1:8: …`.
    pub(super) reason: String,
    /// Whether the fault is the server's, not the question's.
    pub(super) is_ours: bool,
}

/// How far a statement is.
#[derive(Clone, Debug)]
pub(super) enum State {
    Queued,
    Running,
    Succeeded(Arc<Success>),
    Failed(Arc<Failure>),
    Cancelled,
}

impl State {
    /// Athena's word.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Queued => "QUEUED",
            Self::Running => "RUNNING",
            Self::Succeeded(_) => "SUCCEEDED",
            Self::Failed(_) => "FAILED",
            Self::Cancelled => "CANCELLED",
        }
    }

    /// Whether nothing will change any more.
    pub(super) fn is_final(&self) -> bool {
        !matches!(self, Self::Queued | Self::Running)
    }
}

/// One statement.
#[derive(Clone, Debug)]
pub(super) struct Execution {
    pub(super) id: String,
    pub(super) request: Request,
    pub(super) kind: Kind,
    pub(super) state: State,
    submitted: DateTime<Utc>,
    completed: Option<DateTime<Utc>>,
    started: Instant,
    total: Duration,
}

impl Execution {
    /// A statement that waits for its turn.
    pub(super) fn new(id: String, request: Request, now: DateTime<Utc>) -> Self {
        Self {
            id,
            kind: super::show::kind(&request.query_string),
            request,
            state: State::Queued,
            submitted: now,
            completed: None,
            started: Instant::now(),
            total: Duration::ZERO,
        }
    }

    /// Ends it.
    pub(super) fn complete(&mut self, state: State, now: DateTime<Utc>) {
        self.state = state;
        self.completed = Some(now);
        self.total = self.started.elapsed();
    }

    /// Values that are kept in memory.
    pub(super) fn cells(&self) -> usize {
        match &self.state {
            State::Succeeded(success) => success.answer.rows.len() * success.answer.columns.len(),
            _ => 0,
        }
    }

    /// As `GetQueryExecution` tells it.
    pub(super) fn describe(&self) -> Value {
        let (kind, part) = match self.kind {
            Kind::Select => ("DML", "SELECT"),
            Kind::Utility(name) => ("UTILITY", name),
            Kind::Other => ("DDL", "UNKNOWN"),
        };
        let location = format!("s3://{BUCKET}/{}", self.result_key());
        json!({
            "QueryExecutionId": self.id,
            "Query": self.request.query_string,
            "StatementType": kind,
            "SubstatementType": part,
            "ResultConfiguration": { "OutputLocation": location },
            "ResultReuseConfiguration": { "ResultReuseByAgeConfiguration": { "Enabled": false } },
            "QueryExecutionContext": {
                "Database": self.request.database(),
                "Catalog": self.request.catalogue().to_lowercase(),
            },
            "ExecutionParameters": self.request.execution_parameters,
            "Status": self.status(),
            "Statistics": self.statistics(),
            "WorkGroup": self.request.work_group(),
            "EngineVersion": workgroup::engine(),
        })
    }

    /// Where its result lies.
    pub(super) fn result_key(&self) -> Key {
        result_key(&self.id, self.kind)
    }

    fn status(&self) -> Value {
        let mut status = json!({
            "State": self.state.name(),
            "SubmissionDateTime": instant(self.submitted),
        });
        if let Some(completed) = self.completed {
            status["CompletionDateTime"] = instant(completed);
        }
        match &self.state {
            State::Failed(failure) => {
                status["StateChangeReason"] = json!(failure.reason);
                status["AthenaError"] = json!({
                    "ErrorCategory": if failure.is_ours { 1 } else { 2 },
                    "ErrorMessage": failure.reason,
                    "Retryable": failure.is_ours,
                });
            }
            State::Cancelled => status["StateChangeReason"] = json!("Query cancelled by user"),
            State::Queued | State::Running | State::Succeeded(_) => {}
        }
        status
    }

    fn statistics(&self) -> Value {
        let (bytes, engine) = match &self.state {
            State::Succeeded(success) => (
                success.answer.cost.bytes_scanned.unwrap_or(0),
                success.engine,
            ),
            _ => (0, Duration::ZERO),
        };
        let total = if self.state.is_final() {
            self.total
        } else {
            self.started.elapsed()
        };
        let milliseconds = |time: Duration| time.as_millis() as u64;
        json!({
            "DataScannedInBytes": bytes,
            "EngineExecutionTimeInMillis": milliseconds(engine),
            "TotalExecutionTimeInMillis": milliseconds(total),
            "QueryQueueTimeInMillis": 0,
            "ServiceProcessingTimeInMillis": milliseconds(total.saturating_sub(engine)),
            "ResultReuseInformation": { "ReusedPreviousResult": false },
        })
    }
}

/// Where the result of a statement lies: CSV of a question, text of a listing, as in Athena.
pub(super) fn result_key(id: &str, kind: Kind) -> Key {
    Key::QueryResult {
        query_id: id.to_owned(),
        is_csv: kind == Kind::Select,
    }
}
