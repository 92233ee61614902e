//! The second half of a run: its extraction is done; assemble, train, publish, catalogue.

use lambda_runtime::{Context, Diagnostic, Error, LambdaEvent, service_fn};
use serde_json::Value;
use shared::run::{Status, Step};

use super::deadline::Deadline;
use super::outcome::{Begun, Outcome, begin, release, unread};
use super::{threads, world};
use crate::backend::Backend;
use crate::pipeline::{extracted, run_extracted};
use crate::progress::Reporter;
use crate::trigger::events::{
    DONE_TYPE, Done, EventError, REQUEST_SOURCE, REQUEST_TYPE, Wanted, read_event,
};
use crate::trigger::options;

/// Serves Lambda's runtime for ever.
pub async fn main() -> Result<(), Error> {
    let (backend, _) = world()?;
    lambda_runtime::run(service_fn(|event| handle(&backend, event))).await
}

async fn handle(backend: &Backend, event: LambdaEvent<Value>) -> Result<Outcome, Diagnostic> {
    let LambdaEvent { payload, context } = event;
    let error = match read_event(payload) {
        Ok(Wanted::Rest(done)) => return train(backend, &context, done).await,
        Ok(Wanted::Run { .. }) => EventError::Foreign {
            source_name: REQUEST_SOURCE.to_owned(),
            kind: REQUEST_TYPE.to_owned(),
        },
        Err(error) => error,
    };
    Ok(Outcome::refused(&error, &context, backend.clock.now()))
}

async fn train(backend: &Backend, context: &Context, done: Done) -> Result<Outcome, Diagnostic> {
    let attempt_id = done.attempt_id;
    if done.status == Status::Failed {
        // The first half has written the report.
        return Ok(Outcome::AlreadyDone { attempt_id });
    }
    let begun = extracted(backend, &attempt_id).await;
    let Some(begun) = begun.map_err(|error| unread(&error))? else {
        let message = format!("this lake knows no extraction of attempt `{attempt_id}`");
        return Ok(refused(backend, context, message));
    };
    let options = match options(begun.what.clone(), &backend.settings, threads()) {
        Ok(options) => options,
        Err(error) => return Ok(refused(backend, context, error.to_string())),
    };
    let (held, waited) = match begin(backend, context, &attempt_id, Step::Assemble).await? {
        Begun::Now { held, waited } => (held, waited),
        Begun::Before(outcome) => return Ok(outcome),
    };
    let reporter = Reporter::silent();
    let deadline = Deadline::watch(context, &reporter, waited);
    let report = run_extracted(backend, &options, begun, &reporter).await;
    drop(deadline);
    release(held).await;
    Outcome::of(&report, context, backend.clock.now())
}

fn refused(backend: &Backend, context: &Context, message: String) -> Outcome {
    let kind = DONE_TYPE.to_owned();
    let error = EventError::Detail { kind, message };
    Outcome::refused(&error, context, backend.clock.now())
}
