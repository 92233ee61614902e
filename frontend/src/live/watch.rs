//! A run that is watched by asking for the server's status: where the event stream is held back or has nothing to say, as on AWS,
//! only this tells its end. Pure.

use chrono::{DateTime, TimeDelta, Utc};
use shared::api::StatusReport;
use shared::run::is_try;

use super::run::Run;

/// For so long nobody may be at work: between the functions of a run the next one starts first, and what failed for now is tried
/// again after one minute and then after two (AWS Lambda's guide, "Asynchronous invocation").
const LULL: TimeDelta = TimeDelta::minutes(4);

/// A run that was asked for and at which nobody was seen at work by then has died, or never began: it waits for the run before it.
const LONGEST_WAIT: TimeDelta = TimeDelta::minutes(45);

/// What is known of a run from asking.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Watch {
    /// Its attempt, where it was started here.
    own: Option<String>,
    /// When it was first known of.
    since: DateTime<Utc>,
    /// When somebody was last seen at work on it.
    at_work: Option<DateTime<Utc>>,
    /// The newest attempt that was over when it was first asked about; `None` before that.
    before: Option<Newest>,
}

/// The newest attempt that is over, if there is any.
#[derive(Clone, Debug, PartialEq)]
struct Newest(Option<String>);

impl Newest {
    /// Whether another try of the same attempt follows.
    fn is_try(&self) -> bool {
        self.0.as_deref().is_some_and(is_try)
    }
}

impl Watch {
    /// Begins to watch a run: one that was started here, or any.
    pub(super) fn new(own: Option<String>, since: DateTime<Utc>) -> Self {
        Self {
            own,
            since,
            at_work: None,
            before: None,
        }
    }

    /// How the run ended, if it is over by what the server says at `now`.
    pub(super) fn end(&mut self, status: &StatusReport, now: DateTime<Utc>) -> Option<Run> {
        let last = status.last_attempt.as_ref();
        let ended = Newest(last.map(|report| report.attempt_id.clone()));
        let before = self.before.get_or_insert_with(|| ended.clone());
        if status.running {
            self.at_work = Some(now);
            return None;
        }
        let is_over = match &self.own {
            Some(_) => ended.0 == self.own,
            None => ended != *before && !ended.is_try(),
        };
        if let Some(report) = last.filter(|_| is_over) {
            return Some(Run::Ended(report.status));
        }
        let patience = self.at_work.map_or(LONGEST_WAIT, |_| LULL);
        (now - self.at_work.unwrap_or(self.since) > patience).then_some(Run::Idle)
    }
}

#[cfg(test)]
mod tests {
    use shared::run::Status;

    use super::*;
    use crate::example;

    fn at(minute: i64) -> DateTime<Utc> {
        let start: DateTime<Utc> = "2024-09-20T08:20:00Z".parse().unwrap();
        start + TimeDelta::minutes(minute)
    }

    fn status(running: bool, last: Option<&str>) -> StatusReport {
        StatusReport {
            running,
            last_attempt: last.map(|attempt_id| {
                let mut report = example::report(Status::Partial, Vec::new());
                attempt_id.clone_into(&mut report.attempt_id);
                report
            }),
            current_run: None,
            as_of: None,
            synthetic: true,
            quota: Vec::new(),
            series: Vec::new(),
        }
    }

    #[test]
    fn a_run_started_here_ends_with_its_own_report() {
        let mut watch = Watch::new(Some("own".to_owned()), at(0));
        assert_eq!(watch.end(&status(false, Some("before")), at(0)), None);
        assert_eq!(watch.end(&status(true, Some("before")), at(1)), None);
        let ended = Some(Run::Ended(Status::Partial));
        assert_eq!(watch.end(&status(false, Some("own")), at(2)), ended);
    }

    #[test]
    fn a_run_of_somebody_else_ends_with_a_report_that_was_not_there_before() {
        let mut watch = Watch::new(None, at(0));
        assert_eq!(watch.end(&status(true, Some("before")), at(0)), None);
        assert_eq!(
            watch.end(&status(false, Some("before")), at(1)),
            None,
            "the second function starts"
        );
        assert_eq!(watch.end(&status(true, Some("before")), at(2)), None);
        let ended = Some(Run::Ended(Status::Partial));
        assert_eq!(watch.end(&status(false, Some("other")), at(3)), ended);
        let mut first_ever = Watch::new(None, at(0));
        assert_eq!(first_ever.end(&status(true, None), at(0)), None);
        assert_eq!(first_ever.end(&status(false, Some("one")), at(1)), ended);
    }

    #[test]
    fn a_run_that_died_is_given_up_soon() {
        for own in [None, Some("own".to_owned())] {
            let mut watch = Watch::new(own, at(0));
            assert_eq!(watch.end(&status(true, None), at(5)), None);
            assert_eq!(watch.end(&status(false, None), at(9)), None);
            assert_eq!(watch.end(&status(false, None), at(10)), Some(Run::Idle));
        }
    }

    #[test]
    fn a_try_that_failed_is_not_the_end() {
        for own in [None, Some("own".to_owned())] {
            let mut watch = Watch::new(own, at(0));
            assert_eq!(watch.end(&status(true, Some("before")), at(1)), None);
            assert_eq!(watch.end(&status(false, Some("own.try1")), at(2)), None);
            let ended = Some(Run::Ended(Status::Partial));
            assert_eq!(watch.end(&status(false, Some("own")), at(4)), ended);
        }
    }

    #[test]
    fn a_run_that_waits_for_another_is_given_time() {
        let mut watch = Watch::new(Some("own".to_owned()), at(0));
        assert_eq!(watch.end(&status(false, None), at(44)), None);
        assert_eq!(watch.end(&status(false, None), at(46)), Some(Run::Idle));
    }
}
