//! How an invocation ends: acknowledged with what came of it, or as an error that makes Lambda try again.

use std::time::Duration;

use chrono::{DateTime, Utc};
use lambda_runtime::{Context, Diagnostic};
use serde::Serialize;
use shared::run::{RunReport, Status, Step};

use super::deadline::{left, over_at};
use super::metric;
use crate::backend::Backend;
use crate::catalogue::ReadError;
use crate::lake::LakeError;
use crate::pipeline::{Busy, Claim, Held, Lease, RunLocks as _};
use crate::trigger::events::EventError;

/// What a run needs. With more time left, an invocation waits for the run before it: Lambda's own two repeats come within three
/// minutes, and a run may take longer.
const NEEDED: Duration = Duration::from_mins(5);

/// Time between two looks at the lease; tests have none to lose.
const LOOK: Duration = if cfg!(test) {
    Duration::from_millis(1)
} else {
    Duration::from_secs(15)
};

/// What an event came to, for the log and for whoever calls the function by hand.
#[derive(Debug, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub(super) enum Outcome {
    /// The work was done, well or badly.
    Done {
        /// How it ended.
        status: Status,
        /// The attempt.
        attempt_id: String,
        /// What it computed.
        run_id: Option<String>,
        /// What failed.
        message: Option<String>,
    },
    /// The same event came before.
    AlreadyDone {
        /// The attempt.
        attempt_id: String,
    },
    /// The same event is being worked on.
    AlreadyGoing {
        /// The attempt.
        attempt_id: String,
    },
    /// The event is not for this function.
    Refused {
        /// Why.
        message: String,
    },
}

impl Outcome {
    /// What a report says: counted, if the attempt is over, else an error that brings the next try.
    pub(super) fn of(
        report: &RunReport,
        context: &Context,
        now: DateTime<Utc>,
    ) -> Result<Self, Diagnostic> {
        let failure = report.failure.as_ref();
        if let Some(failure) = failure.filter(|failure| failure.retry) {
            return Err(again(&failure.message));
        }
        metric::of_run(&context.env_config.function_name, report, now);
        Ok(Self::Done {
            status: report.status,
            attempt_id: report.attempt_id.clone(),
            run_id: report.run_id.clone(),
            message: failure.map(|failure| failure.message.clone()),
        })
    }

    /// An event that nobody here understands: the same one again would be no better.
    pub(super) fn refused(error: &EventError, context: &Context, now: DateTime<Utc>) -> Self {
        tracing::error!("event refused: {error}");
        metric::of_refusal(&context.env_config.function_name, now);
        Self::Refused {
            message: error.to_string(),
        }
    }
}

/// An error that makes Lambda try again.
pub(super) fn again(message: &str) -> Diagnostic {
    Diagnostic {
        error_type: "Retry".to_owned(),
        error_message: message.to_owned(),
    }
}

/// An error that stays until somebody acts. Lambda tries again all the same, and then its dead-letter queue has the event.
pub(super) fn stays(message: &str) -> Diagnostic {
    Diagnostic {
        error_type: "Fail".to_owned(),
        error_message: message.to_owned(),
    }
}

/// A lake that cannot be read before anything was done.
pub(super) fn unread(error: &ReadError) -> Diagnostic {
    let message = match error {
        ReadError::Lake(LakeError::Other { cause, .. }) => format!("{error}: {cause}"),
        _ => error.to_string(),
    };
    match error {
        ReadError::Lake(LakeError::Other { .. } | LakeError::Changed(_)) => again(&message),
        _ => stays(&message),
    }
}

/// Whether an invocation may work on its attempt.
pub(super) enum Begun {
    /// It may.
    Now {
        /// Its lease.
        held: Box<dyn Held>,
        /// Whether it has waited for another run, and so has less than its whole time.
        waited: bool,
    },
    /// The event came twice: this is what became of it.
    Before(Outcome),
}

/// Takes the lease for an attempt that is not over.
pub(super) async fn begin(
    backend: &Backend,
    context: &Context,
    attempt_id: &str,
    step: Step,
) -> Result<Begun, Diagnostic> {
    let attempt_id = attempt_id.to_owned();
    if is_over(backend, &attempt_id).await? {
        return Ok(Begun::Before(Outcome::AlreadyDone { attempt_id }));
    }
    let now = backend.clock.now();
    let claim = Claim {
        attempt_id: attempt_id.clone(),
        step,
        // Lambda's repeats of a call have its id.
        owner: context.request_id.clone(),
        expires_at: over_at(context, now),
    };
    let lease = Lease::new(backend.lake(), backend.clock.clone(), claim);
    let mut waited = false;
    let held = loop {
        match lease.take().await {
            Ok(held) => break held,
            Err(Busy::Attempt { attempt_id: other }) if other == attempt_id => {
                return Ok(Begun::Before(Outcome::AlreadyGoing { attempt_id }));
            }
            Err(Busy::Attempt { .. }) if left(context) > NEEDED => {
                waited = true;
                tokio::time::sleep(LOOK).await;
            }
            Err(Busy::Lake(error)) => return Err(unread(&ReadError::Lake(error))),
            Err(busy) => return Err(again(&busy.to_string())),
        }
    };
    // Somebody else may have ended it between the look and the lease.
    if is_over(backend, &attempt_id).await? {
        release(held).await;
        return Ok(Begun::Before(Outcome::AlreadyDone { attempt_id }));
    }
    Ok(Begun::Now { held, waited })
}

async fn is_over(backend: &Backend, attempt_id: &str) -> Result<bool, Diagnostic> {
    let report = backend.published().attempt(attempt_id).await;
    Ok(report.map_err(|error| unread(&error))?.is_some())
}

/// Gives the lease back. One that cannot be given back ends by itself.
pub(super) async fn release(held: Box<dyn Held>) {
    if let Err(error) = held.release().await {
        tracing::warn!("the lease is not given back and ends by itself: {error}");
    }
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;
    use crate::config::Settings;

    const OTHER: &str = "20240920T070000Z-aaaaaaaa";

    fn context(left: Duration) -> Context {
        let deadline = SystemTime::now() + left;
        let deadline = deadline.duration_since(SystemTime::UNIX_EPOCH).unwrap();
        let mut context = Context::default();
        context.request_id = "r1".to_owned();
        context.deadline = deadline.as_millis() as u64;
        context
    }

    /// A lake in which another attempt is going.
    async fn busy() -> (tempfile::TempDir, Backend, Box<dyn Held>) {
        let home = tempfile::tempdir().unwrap();
        let backend = Backend::embedded(Settings::load(home.path(), |_| None).unwrap());
        let claim = Claim {
            attempt_id: OTHER.to_owned(),
            step: Step::Train,
            owner: "r0".to_owned(),
            expires_at: backend.clock.now() + chrono::TimeDelta::minutes(15),
        };
        let lease = Lease::new(backend.lake(), backend.clock.clone(), claim);
        let Ok(held) = lease.take().await else {
            panic!("the lease of an empty lake is free")
        };
        (home, backend, held)
    }

    #[tokio::test]
    async fn with_time_enough_it_waits_for_the_run_before_it() {
        let (_home, backend, held) = busy().await;
        let context = context(Duration::from_mins(15));
        let waiting = begin(
            &backend,
            &context,
            "20240920T072000Z-bbbbbbbb",
            Step::Extract,
        );
        let mut waiting = std::pin::pin!(waiting);
        let meanwhile = tokio::time::timeout(100 * LOOK, &mut waiting).await;
        assert!(
            meanwhile.is_err(),
            "it began beside another run, or gave up"
        );
        release(held).await;
        let begun = waiting.await;
        assert!(matches!(begun, Ok(Begun::Now { waited: true, .. })));
    }

    #[tokio::test]
    async fn without_it_lambda_tries_again_later() {
        let (_home, backend, _held) = busy().await;
        let context = context(NEEDED);
        let begun = begin(
            &backend,
            &context,
            "20240920T072000Z-bbbbbbbb",
            Step::Extract,
        )
        .await;
        let Err(error) = begun else {
            panic!("two runs at once")
        };
        let words = format!("attempt {OTHER} is going in this lake");
        assert_eq!(
            (error.error_type.as_str(), error.error_message),
            ("Retry", words)
        );
    }
}
