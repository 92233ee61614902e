//! Lambda ends a function at its time limit without a word. A run that would pass it is asked to stop before, and says so.

use std::time::{Duration, SystemTime};

use chrono::{DateTime, TimeDelta, Utc};
use lambda_runtime::Context;
use tokio::task::JoinHandle;

use crate::clock::{Clock, SystemClock};
use crate::progress::{Reporter, Stop};

/// What is kept back for a step to come to its next safe point and for the report; of a short limit, a quarter.
const KEPT_BACK: Duration = Duration::from_secs(30);

/// What an owner of a lease may be late: Lambda has ended it by then.
const GRACE: TimeDelta = TimeDelta::seconds(10);

/// Asks a run to stop in time; does so no more once dropped.
pub(super) struct Deadline(JoinHandle<()>);

impl Deadline {
    /// Watches over this invocation. One that `waited` for another run may come further with its whole time.
    pub(super) fn watch(context: &Context, reporter: &Reporter, waited: bool) -> Self {
        let left = left(context);
        let work = left.saturating_sub(KEPT_BACK.min(left / 4));
        let reporter = reporter.clone();
        Self(tokio::spawn(async move {
            tokio::time::sleep(work).await;
            reporter.stop(out_of_time(left, waited));
        }))
    }
}

fn out_of_time(left: Duration, waited: bool) -> Stop {
    let limit = left.as_secs();
    let message = format!(
        "the run was stopped shortly before the function's time limit ({limit} s from its start); nothing was published"
    );
    let advice = if waited {
        "it began late, after a run before it: Lambda tries it again with the whole time"
    } else {
        "give the function more memory, which is also more processor, or run a smaller grid"
    };
    Stop {
        message,
        advice: advice.to_owned(),
        retry: waited,
    }
}

impl Drop for Deadline {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Time left until Lambda ends the function. Lambda's deadline is the machine's time, whatever day the settings say it is.
pub(super) fn left(context: &Context) -> Duration {
    let now = SystemTime::from(SystemClock.now());
    context.deadline().duration_since(now).unwrap_or_default()
}

/// The instant, by `now`, at which this invocation is certainly over.
pub(super) fn over_at(context: &Context, now: DateTime<Utc>) -> DateTime<Utc> {
    let left = TimeDelta::from_std(left(context)).unwrap_or_default();
    now + left + GRACE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_run_that_waited_is_tried_again() {
        let stop = |waited| out_of_time(Duration::from_mins(5), waited);
        assert!(stop(true).retry && !stop(false).retry);
        assert!(stop(false).message.contains("(300 s from its start)"));
        assert!(!stop(true).advice.contains("memory"));
    }
}
