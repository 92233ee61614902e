//! How fast a vendor may be asked.

use std::sync::Arc;
use std::time::Duration;

use governor::clock::Clock;
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};

use super::http::is_plain_loopback;
use super::timer::Timer;
use crate::config::Plan;

/// The least time between two requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace(pub Duration);

impl Pace {
    /// FRED allows two requests a second; a little more than half a second keeps within it on a jittery line.
    pub const FRED: Self = Self(Duration::from_millis(600));

    /// For a vendor in this process: no wait that anybody would notice.
    pub const UNHURRIED: Self = Self(Duration::from_millis(1));

    /// What FRED at this address allows: a stand-in on this machine has nobody to protect.
    pub fn of_fred(url: &str) -> Self {
        if is_plain_loopback(url) {
            Self::UNHURRIED
        } else {
            Self::FRED
        }
    }

    /// What a plan of Alpha Vantage allows.
    ///
    /// The free plan's one request a second is counted where it arrives. The first request arrives late, after the TLS
    /// handshake, so that the second may follow it too closely; half a second more prevents that.
    pub fn of_plan(plan: Plan) -> Self {
        match plan {
            Plan::Free => Self(Duration::from_millis(1500)),
            Plan::Premium { per_minute } => Self(Duration::from_mins(1) / per_minute.max(1)),
        }
    }
}

/// Lets requests pass one by one, so far apart as the pace says.
pub(super) struct Pacer {
    limiter: RateLimiter<NotKeyed, InMemoryState, TimerClock, NoOpMiddleware<Nanos>>,
    clock: TimerClock,
}

impl Pacer {
    /// Starts without debt: the first request passes at once.
    pub(super) fn new(pace: Pace, timer: Arc<dyn Timer>) -> Self {
        let clock = TimerClock(timer);
        let shortest = Duration::from_nanos(1);
        let quota = Quota::with_period(pace.0.max(shortest))
            .unwrap_or_else(|| Quota::per_second(std::num::NonZeroU32::MIN));
        Self {
            limiter: RateLimiter::direct_with_clock(quota, clock.clone()),
            clock,
        }
    }

    /// Returns when the next request may go out, and counts it.
    pub(super) async fn wait(&self) {
        while let Err(too_early) = self.limiter.check() {
            let wait = too_early.wait_time_from(self.clock.now());
            self.clock.0.sleep(wait).await;
        }
    }
}

/// Governor's view of our timer.
#[derive(Clone)]
struct TimerClock(Arc<dyn Timer>);

impl Clock for TimerClock {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        self.0.elapsed().into()
    }
}

#[cfg(test)]
mod tests {
    use super::super::timer::tests::FakeTimer;
    use super::*;

    async fn sleeps(pace: Pace, requests: usize) -> Vec<Duration> {
        let timer = Arc::new(FakeTimer::default());
        let pacer = Pacer::new(pace, timer.clone());
        for _ in 0..requests {
            pacer.wait().await;
        }
        timer.slept()
    }

    #[tokio::test]
    async fn requests_are_spaced_evenly_and_the_first_goes_at_once() {
        let half_second_more = Duration::from_millis(1500);
        let free = sleeps(Pace::of_plan(Plan::Free), 3).await;
        assert_eq!(free, [half_second_more; 2]);
        let premium = sleeps(Pace::of_plan(Plan::Premium { per_minute: 75 }), 4).await;
        assert_eq!(premium, [Duration::from_millis(800); 3]);
        assert_eq!(sleeps(Pace::FRED, 3).await, [Duration::from_millis(600); 2]);
    }

    #[tokio::test]
    async fn the_synthetic_market_is_not_slowed() {
        let plan = Plan::Premium { per_minute: 60_000 };
        let waited: Duration = sleeps(Pace::of_plan(plan), 100).await.iter().sum();
        assert_eq!(waited, Duration::from_millis(99));
        assert_eq!(Pace::of_plan(plan), Pace::UNHURRIED);
    }
}
