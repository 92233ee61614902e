//! Carries a statement out: a question by the engine, a listing by the catalogue; the result is written beside the lake's tables.

use std::sync::Arc;
use std::time::{Duration, Instant};

use shared::query::{Answer, Query};

use super::execution::{Failure, Kind, Request, Success, result_key};
use super::{cells, show};
use crate::catalogue::{CATALOG, DATABASE, LakeCatalogue};
use crate::clock::Clock;
use crate::lake::{Lake, LocalLake};
use crate::query::{Limits, QueryEngine, QueryError};

/// What one statement may take. Athena has no limit of rows; here they are held in memory.
const LIMITS: Limits = Limits {
    rows: 250_000,
    memory_bytes: 512 * 1024 * 1024,
    time: Duration::from_mins(5),
};

/// What statements are carried out with.
pub(super) struct Work {
    pub(super) engine: Arc<dyn QueryEngine>,
    pub(super) catalogue: LakeCatalogue,
    pub(super) lake: Arc<LocalLake>,
    pub(super) clock: Arc<dyn Clock>,
}

impl Work {
    /// Carries a statement out and writes its result.
    pub(super) async fn run(&self, id: &str, request: &Request) -> Result<Success, Failure> {
        place(request)?;
        let started = Instant::now();
        let kind = show::kind(&request.query_string);
        let answer = match kind {
            Kind::Select => self.select(request).await?,
            Kind::Utility(_) => show::answer(&self.catalogue, request).await?,
            Kind::Other => return Err(show::refused(&request.query_string)),
        };
        let engine = started.elapsed();
        let text = cells::file(&answer, kind);
        let written = self
            .lake
            .put_new(&result_key(id, kind), text.as_bytes())
            .await;
        written.map_err(|error| Failure {
            reason: format!("GENERIC_INTERNAL_ERROR: the result was not written: {error}"),
            is_ours: true,
        })?;
        Ok(Success { answer, engine })
    }

    async fn select(&self, request: &Request) -> Result<Answer, Failure> {
        let query = Query {
            sql: request.query_string.clone(),
        };
        let parameters = request.execution_parameters.as_deref().unwrap_or_default();
        let answered = self.engine.run_bound(&query, parameters, LIMITS).await;
        let answer = answered.map_err(|error| explain(&error))?;
        if answer.truncated {
            let message = format!(
                "the result has more than {} rows, which the local Athena does not hold; aggregate or add a LIMIT",
                LIMITS.rows
            );
            return Err(theirs("EXCEEDED_ROW_LIMIT", &message));
        }
        Ok(answer)
    }
}

/// Whether the statement's database is here. Clients that were told none say `default`.
fn place(request: &Request) -> Result<(), Failure> {
    let (catalogue, database) = (request.catalogue(), request.database());
    if !catalogue.eq_ignore_ascii_case(CATALOG) {
        let message = format!("catalog '{catalogue}' does not exist; there is {CATALOG}");
        return Err(theirs("CATALOG_NOT_FOUND", &message));
    }
    if ![DATABASE, "default"].contains(&database.to_lowercase().as_str()) {
        let message = format!("schema '{database}' does not exist; there is {DATABASE}");
        return Err(theirs("SCHEMA_NOT_FOUND", &message));
    }
    Ok(())
}

/// The engine's error as Athena words its own: a name, the place, what is wrong.
fn explain(error: &QueryError) -> Failure {
    match error {
        QueryError::Wrong { message, position } => {
            let place = position.map(|p| format!("line {}:{}: ", p.line, p.column));
            let place = place.unwrap_or_default();
            theirs("SYNTAX_ERROR", &format!("{place}{message}"))
        }
        QueryError::NothingPublished => theirs(
            "TABLE_NOT_FOUND",
            "nothing has been published yet; run `assay run` first",
        ),
        QueryError::BrokenLake { message } => Failure {
            reason: format!("HIVE_CANNOT_OPEN_SPLIT: {message}"),
            is_ours: true,
        },
        QueryError::Engine(cause) => {
            tracing::error!(error = format!("{cause:#}"), "the local Athena failed");
            Failure {
                reason: format!("GENERIC_INTERNAL_ERROR: {error}"),
                is_ours: true,
            }
        }
        other => theirs("EXCEEDED_RESOURCE_LIMIT", &other.to_string()),
    }
}

/// The engine panicked.
pub(super) fn crashed() -> Failure {
    Failure {
        reason: "GENERIC_INTERNAL_ERROR: the engine crashed; look at the server's log".to_owned(),
        is_ours: true,
    }
}

/// A failure that the statement itself causes.
pub(super) fn theirs(name: &str, message: &str) -> Failure {
    Failure {
        reason: format!("{name}: {message}"),
        is_ours: false,
    }
}
