//! The first half of a run: a schedule or a reader wants one; extract, stage, and say so on the event bus.

use lambda_runtime::{Context, Diagnostic, Error, LambdaEvent, service_fn};
use serde_json::Value;
use shared::api::StartRun;
use shared::run::{Failure, RunReport, Step};

use super::deadline::Deadline;
use super::outcome::{Begun, Outcome, again, begin, release, stays, unread};
use super::{threads, world};
use crate::backend::Backend;
use crate::pipeline::{Extracted, extracted, give_up, run_extract};
use crate::progress::Reporter;
use crate::trigger::aws::{EventBus, PutError};
use crate::trigger::events::{DONE_SOURCE, DONE_TYPE, Done, EventError, Wanted, read_event};
use crate::trigger::options;

/// Serves Lambda's runtime for ever.
pub async fn main() -> Result<(), Error> {
    let (first, aws) = world()?;
    let bus = EventBus::new(aws.clone(), &first.settings.cloud.event_bus);
    let (settings, aws, bus) = (&first.settings, &aws, &bus);
    let handler = service_fn(|event| {
        Box::pin(async move {
            // Each run reads the vendors' keys anew: a process lives for hours, and keys are changed meanwhile.
            let backend = Backend::cloud(settings.clone(), aws);
            let backend = backend.map_err(|error| stays(&error.to_string()))?;
            handle(&backend, bus, event).await
        })
    });
    lambda_runtime::run(handler).await
}

async fn handle(
    backend: &Backend,
    bus: &EventBus,
    event: LambdaEvent<Value>,
) -> Result<Outcome, Diagnostic> {
    let LambdaEvent { payload, context } = event;
    let now = backend.clock.now();
    match read_event(payload) {
        Ok(Wanted::Run { attempt_id, what }) => {
            extract(backend, bus, &context, attempt_id, what).await
        }
        Ok(Wanted::Rest(_)) => {
            let error = EventError::Foreign {
                source_name: DONE_SOURCE.to_owned(),
                kind: DONE_TYPE.to_owned(),
            };
            Ok(Outcome::refused(&error, &context, now))
        }
        Err(error) => Ok(Outcome::refused(&error, &context, now)),
    }
}

async fn extract(
    backend: &Backend,
    bus: &EventBus,
    context: &Context,
    attempt_id: String,
    what: StartRun,
) -> Result<Outcome, Diagnostic> {
    let options = match options(what.clone(), &backend.settings, threads()) {
        Ok(options) => options,
        Err(error) => {
            let error = EventError::Detail {
                kind: "run_requested".to_owned(),
                message: error.to_string(),
            };
            return Ok(Outcome::refused(&error, context, backend.clock.now()));
        }
    };
    let (held, waited) = match begin(backend, context, &attempt_id, Step::Extract).await? {
        Begun::Now { held, waited } => (held, waited),
        Begun::Before(outcome) => return Ok(outcome),
    };
    let reporter = Reporter::silent();
    let deadline = Deadline::watch(context, &reporter, waited);
    let before = extracted(backend, &attempt_id).await;
    let done = match before {
        // It came as far as this before: what may be missing is the event.
        Ok(Some(extracted)) => Ok(Ok(extracted)),
        Ok(None) => Ok(run_extract(backend, &what, &options, attempt_id, &reporter).await),
        Err(error) => Err(unread(&error)),
    };
    drop(deadline);
    // The second half wants the lease as soon as it hears of this.
    release(held).await;
    match done? {
        Ok(extracted) => tell(backend, bus, context, extracted).await,
        Err(report) => tell_failure(backend, bus, context, &report).await,
    }
}

/// Says that there is something to go on with.
async fn tell(
    backend: &Backend,
    bus: &EventBus,
    context: &Context,
    extracted: Extracted,
) -> Result<Outcome, Diagnostic> {
    let now = backend.clock.now();
    let done = Done::of(&extracted.report);
    let put = bus.put(DONE_SOURCE, DONE_TYPE, &done.to_json(), now).await;
    match put {
        // How the run ended is counted by the half that ends it.
        Ok(_) => Ok(Outcome::Done {
            status: done.status,
            attempt_id: done.attempt_id,
            run_id: None,
            message: None,
        }),
        Err(error @ PutError::Retry { .. }) => Err(again(&error.to_string())),
        Err(error @ PutError::Fail { .. }) => {
            let failure = Failure {
                step: Some(Step::Stage),
                message: error.to_string(),
                advice: "mend it and start a run: what was extracted is staged".to_owned(),
                retry: false,
            };
            let report = give_up(backend, extracted, failure).await;
            Outcome::of(&report, context, now)
        }
    }
}

/// Says that there is nothing to go on with, unless another try follows.
async fn tell_failure(
    backend: &Backend,
    bus: &EventBus,
    context: &Context,
    report: &RunReport,
) -> Result<Outcome, Diagnostic> {
    let now = backend.clock.now();
    let outcome = Outcome::of(report, context, now)?;
    let done = Done::of(report).to_json();
    if let Err(error) = bus.put(DONE_SOURCE, DONE_TYPE, &done, now).await {
        // The report and the metric say it as well.
        tracing::error!("the failure could not be told: {error}");
    }
    Ok(outcome)
}
