//! The embedded schedule: a run on weekdays at 09:20, as the original's `cron(20 9 ? * 2-6 *)` in Lisbon.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Datelike, Days, NaiveTime, Utc, Weekday};
use chrono_tz::Tz;
use shared::api::StartRun;

use super::Runner;
use crate::clock::Clock;

/// The original's zone.
pub const DEFAULT_ZONE: Tz = chrono_tz::Europe::Lisbon;

/// The time of day, on the zone's clocks.
const HOUR: u32 = 9;
const MINUTE: u32 = 20;

/// The longest sleep. A laptop that was closed does not count the time; the clock is asked again after each.
const NAP: Duration = Duration::from_mins(1);

/// The first scheduled instant after `after`: the next 09:20 of a weekday on the clocks of `zone`.
///
/// As in `EventBridge` Scheduler, a time that the clocks skip is left out
/// (<https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html>).
pub fn next_run(after: DateTime<Utc>, zone: Tz) -> DateTime<Utc> {
    let at = NaiveTime::from_hms_opt(HOUR, MINUTE, 0).unwrap_or_default();
    let first = after.with_timezone(&zone).date_naive();
    (0..)
        .map_while(|days| first.checked_add_days(Days::new(days)))
        .filter(|day| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun))
        .filter_map(|day| day.and_time(at).and_local_timezone(zone).earliest())
        .map(|local| local.with_timezone(&Utc))
        .find(|instant| *instant > after)
        .unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// Starts the configured preset's run at each scheduled instant, for as long as it is polled.
///
/// A machine that slept through instants makes up for them with one run.
pub async fn run_on_schedule(runner: Arc<dyn Runner>, clock: Arc<dyn Clock>, zone: Tz) {
    schedule(&*runner, &*clock, zone, tokio::time::sleep).await;
}

async fn schedule(runner: &dyn Runner, clock: &dyn Clock, zone: Tz, sleep: impl AsyncFn(Duration)) {
    let mut next = next_run(clock.now(), zone);
    loop {
        tracing::info!(at = %next, "next scheduled run");
        while let Ok(left) = (next - clock.now()).to_std()
            && !left.is_zero()
        {
            sleep(left.min(NAP)).await;
        }
        match runner.start(StartRun::default()).await {
            Ok(started) => {
                tracing::info!(attempt_id = started.attempt_id, "scheduled run started");
            }
            Err(reason) => tracing::warn!(%reason, "scheduled run not started"),
        }
        // A clock that was set back must not start the same run twice.
        next = next_run(clock.now().max(next), zone);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use async_trait::async_trait;
    use futures::stream::BoxStream;
    use shared::api::RunStarted;
    use shared::run::Progress;
    use tokio::sync::mpsc;

    use super::*;
    use crate::trigger::StartError;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    /// `(after, next)` in one zone, all in UTC.
    fn assert_next(zone: Tz, cases: &[(&str, &str)]) {
        for (after, next) in cases {
            assert_eq!(next_run(at(after), zone), at(next), "after {after}");
        }
    }

    #[test]
    fn the_same_day_before_and_the_next_from_then_on() {
        assert_next(
            DEFAULT_ZONE,
            &[
                ("2024-09-23T00:00:00Z", "2024-09-23T08:20:00Z"),
                ("2024-09-23T08:19:59Z", "2024-09-23T08:20:00Z"),
                ("2024-09-23T08:20:00Z", "2024-09-24T08:20:00Z"),
                ("2024-09-23T23:30:00Z", "2024-09-24T08:20:00Z"),
            ],
        );
    }

    #[test]
    fn weekends_are_left_out() {
        let monday = "2024-09-23T08:20:00Z";
        assert_next(
            DEFAULT_ZONE,
            &[
                ("2024-09-20T08:20:00Z", monday),
                ("2024-09-21T08:20:00Z", monday),
                ("2024-09-22T23:59:59Z", monday),
            ],
        );
    }

    #[test]
    fn it_is_09_20_on_the_clocks_before_and_after_they_change() {
        // Lisbon: summer time from 31 March 2024, 01:00 UTC, to 27 October 2024, 01:00 UTC. Both are Sundays.
        assert_next(
            DEFAULT_ZONE,
            &[
                ("2024-03-28T12:00:00Z", "2024-03-29T09:20:00Z"),
                ("2024-03-29T12:00:00Z", "2024-04-01T08:20:00Z"),
                ("2024-10-24T12:00:00Z", "2024-10-25T08:20:00Z"),
                ("2024-10-25T12:00:00Z", "2024-10-28T09:20:00Z"),
            ],
        );
    }

    #[test]
    fn the_zone_decides_which_day_it_is() {
        // Friday evening in UTC is Saturday morning in Auckland, and Sunday evening its Monday.
        assert_next(
            chrono_tz::Pacific::Auckland,
            &[
                ("2024-06-14T20:00:00Z", "2024-06-16T21:20:00Z"),
                ("2024-06-16T21:20:00Z", "2024-06-17T21:20:00Z"),
            ],
        );
    }

    #[test]
    fn a_time_that_the_clocks_skip_is_left_out() {
        // Samoa had no Friday, 30 December 2011.
        assert_next(
            chrono_tz::Pacific::Apia,
            &[("2011-12-29T20:00:00Z", "2012-01-01T19:20:00Z")],
        );
    }

    /// A clock that stands until the schedule sleeps.
    struct Slept(Mutex<DateTime<Utc>>);

    impl Clock for Slept {
        fn now(&self) -> DateTime<Utc> {
            *self.0.lock().unwrap()
        }
    }

    impl Slept {
        fn advance(&self, by: chrono::TimeDelta) {
            *self.0.lock().unwrap() += by;
        }
    }

    /// Tells when it was asked to start; refuses the first time.
    struct Told {
        clock: Arc<Slept>,
        starts: mpsc::UnboundedSender<DateTime<Utc>>,
        asked: Mutex<u32>,
    }

    #[async_trait]
    impl Runner for Told {
        async fn start(&self, what: StartRun) -> Result<RunStarted, StartError> {
            assert_eq!(what, StartRun::default());
            self.starts.send(self.clock.now()).unwrap();
            let mut asked = self.asked.lock().unwrap();
            *asked += 1;
            let attempt_id = format!("attempt-{asked}");
            match *asked {
                1 => Err(StartError::Running { attempt_id }),
                _ => Ok(RunStarted { attempt_id }),
            }
        }

        async fn running(&self) -> Option<String> {
            None
        }

        async fn progress(&self) -> Option<BoxStream<'static, Progress>> {
            None
        }
    }

    /// When the first runs are started, if each sleep takes as long as `sleeps` says.
    async fn first_starts(
        count: usize,
        sleeps: impl Fn(Duration, DateTime<Utc>) -> chrono::TimeDelta,
    ) -> Vec<DateTime<Utc>> {
        let clock = Arc::new(Slept(Mutex::new(at("2024-09-20T08:00:00Z"))));
        let (starts, mut started) = mpsc::unbounded_channel();
        let runner = Told {
            clock: clock.clone(),
            starts,
            asked: Mutex::default(),
        };
        let sleep = async |wanted: Duration| {
            assert!(wanted <= NAP, "{wanted:?}");
            clock.advance(sleeps(wanted, clock.now()));
            tokio::task::yield_now().await;
        };
        let collect = async {
            let mut seen = Vec::new();
            while seen.len() < count {
                seen.extend(started.recv().await);
            }
            seen
        };
        tokio::select! {
            () = schedule(&runner, &*clock, DEFAULT_ZONE, sleep) => unreachable!("it goes on for ever"),
            seen = collect => seen,
        }
    }

    #[tokio::test]
    async fn runs_start_on_the_second_and_a_refusal_does_not_end_the_schedule() {
        let exact = |wanted, _| chrono::TimeDelta::from_std(wanted).unwrap();
        assert_eq!(
            first_starts(3, exact).await,
            [
                at("2024-09-20T08:20:00Z"),
                at("2024-09-23T08:20:00Z"),
                at("2024-09-24T08:20:00Z"),
            ]
        );
    }

    #[tokio::test]
    async fn a_machine_that_slept_for_days_makes_up_with_one_run() {
        let closed = |wanted, now: DateTime<Utc>| {
            // The lid is closed on Friday after the run, until Wednesday noon.
            if now == at("2024-09-20T08:21:00Z") {
                at("2024-09-25T12:00:00Z") - now
            } else {
                chrono::TimeDelta::from_std(wanted).unwrap()
            }
        };
        assert_eq!(
            first_starts(3, closed).await,
            [
                at("2024-09-20T08:20:00Z"),
                at("2024-09-25T12:00:00Z"),
                at("2024-09-26T08:20:00Z"),
            ]
        );
    }

    #[tokio::test]
    async fn a_clock_that_is_set_back_does_not_repeat_a_run() {
        // Once only, or the clock would never get past this minute.
        let done = Mutex::new(false);
        let once = |wanted, now| {
            let mut done = done.lock().unwrap();
            if now == at("2024-09-20T08:21:00Z") && !*done {
                *done = true;
                chrono::TimeDelta::minutes(-5)
            } else {
                chrono::TimeDelta::from_std(wanted).unwrap()
            }
        };
        assert_eq!(
            first_starts(2, once).await,
            [at("2024-09-20T08:20:00Z"), at("2024-09-23T08:20:00Z")]
        );
    }
}
