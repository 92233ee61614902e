//! Limits of rate: Alpha Vantage's free plan, and FRED's requests a minute.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

use chrono::NaiveDate;

/// What a key may do on the free plans. Daily stock prices are then served without their whole history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FreePlan {
    /// Alpha Vantage: requests a day. A day ends when the market's day moves on.
    pub per_day: u32,
    /// Alpha Vantage: shortest time between two requests.
    pub min_interval: Duration,
    /// FRED: requests within 60 seconds.
    pub fred_per_minute: usize,
}

impl Default for FreePlan {
    /// The vendors' limits of 2026: 25 a day and one a second; 120 a minute.
    fn default() -> Self {
        Self {
            per_day: 25,
            min_interval: Duration::from_secs(1),
            fred_per_minute: 120,
        }
    }
}

/// Why a request is one too many. It then uses up nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Over {
    /// The day's requests are used up.
    Daily,
    /// It comes too soon after the one before.
    Burst,
}

/// Counts requests by key.
#[derive(Debug)]
pub(super) struct Limiter {
    plan: FreePlan,
    used: BTreeMap<(String, NaiveDate), u32>,
    last: BTreeMap<String, Instant>,
    minute: BTreeMap<String, VecDeque<Instant>>,
}

impl Limiter {
    /// Nothing is used up yet.
    pub(super) fn new(plan: FreePlan) -> Self {
        Self {
            plan,
            used: BTreeMap::new(),
            last: BTreeMap::new(),
            minute: BTreeMap::new(),
        }
    }

    /// Requests a day.
    pub(super) fn per_day(&self) -> u32 {
        self.plan.per_day
    }

    /// Counts a request to Alpha Vantage on the market's day `today` at the instant `now`.
    pub(super) fn alpha_vantage(
        &mut self,
        key: &str,
        today: NaiveDate,
        now: Instant,
    ) -> Result<(), Over> {
        let used = self.used.entry((key.to_owned(), today)).or_default();
        if *used >= self.plan.per_day {
            return Err(Over::Daily);
        }
        let last = self.last.get(key);
        if last.is_some_and(|last| now.duration_since(*last) < self.plan.min_interval) {
            return Err(Over::Burst);
        }
        *used += 1;
        self.last.insert(key.to_owned(), now);
        Ok(())
    }

    /// Counts a request to FRED; whether it is within the limit.
    pub(super) fn fred(&mut self, key: &str, now: Instant) -> bool {
        let recent = self.minute.entry(key.to_owned()).or_default();
        while recent
            .front()
            .is_some_and(|at| now.duration_since(*at) >= Duration::from_mins(1))
        {
            recent.pop_front();
        }
        let within = recent.len() < self.plan.fred_per_minute;
        if within {
            recent.push_back(now);
        }
        within
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_free_plan_is_counted_by_key_and_day() {
        let mut limiter = Limiter::new(FreePlan {
            per_day: 2,
            ..FreePlan::default()
        });
        let start = Instant::now();
        let mut ask = |key, date: &str, seconds| {
            limiter.alpha_vantage(key, day(date), start + Duration::from_millis(seconds))
        };
        assert_eq!(ask("A", "2024-09-23", 0), Ok(()));
        assert_eq!(ask("A", "2024-09-23", 999), Err(Over::Burst));
        assert_eq!(ask("B", "2024-09-23", 999), Ok(()));
        assert_eq!(ask("A", "2024-09-23", 1000), Ok(()));
        assert_eq!(ask("A", "2024-09-23", 9000), Err(Over::Daily));
        assert_eq!(ask("A", "2024-09-24", 9000), Ok(()));
    }

    #[test]
    fn fred_s_minute_slides() {
        let mut limiter = Limiter::new(FreePlan {
            fred_per_minute: 2,
            ..FreePlan::default()
        });
        let start = Instant::now();
        let mut ask = |seconds| limiter.fred("A", start + Duration::from_secs(seconds));
        assert_eq!(
            [ask(0), ask(30), ask(59), ask(60)],
            [true, true, false, true]
        );
        assert_eq!([ask(61), ask(90)], [false, true]);
    }
}
