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
const NAP: Duration = Duration::from_secs(60);

/// The first scheduled instant after `after`: the next 09:20 of a weekday on the clocks of `zone`.
///
/// As in `EventBridge` Scheduler, a time that the clocks skip is left out and one that they show twice counts once,
/// the first time (<https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html>).
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
        match runner.start(StartRun::default()) {
            Ok(started) => {
                tracing::info!(attempt_id = started.attempt_id, "scheduled run started");
            }
            Err(reason) => tracing::warn!(%reason, "scheduled run not started"),
        }
        // A clock that was set back must not start the same run twice.
        next = next_run(clock.now().max(next), zone);
    }
}
