//! Patience with a vendor: a few more attempts, ever further apart, within a limit.

use std::future::Future;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rand::Rng;
use rand_chacha::ChaCha8Rng;

use super::VendorError;
use super::timer::Timer;

/// How often to try, and how long to wait between attempts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Attempts in all, the first included.
    pub attempts: u32,
    /// Upper limit of the first wait; it doubles with every attempt.
    pub base: Duration,
    /// Upper limit of any wait that the vendor did not ask for.
    pub longest_wait: Duration,
    /// Time for all attempts and waits: none starts that could begin only later than this.
    pub budget: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            attempts: 4,
            base: Duration::from_secs(1),
            longest_wait: Duration::from_secs(30),
            budget: Duration::from_mins(2),
        }
    }
}

impl RetryPolicy {
    /// How long to wait after the `attempt`-th attempt failed, or `None` to give up.
    ///
    /// Full jitter (a uniform share of the exponential limit) spreads clients that failed together; see
    /// <https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/>. `after` is the vendor's own wish.
    fn wait(
        &self,
        attempt: u32,
        after: Option<Duration>,
        spent: Duration,
        jitter: &mut impl Rng,
    ) -> Option<Duration> {
        if attempt >= self.attempts {
            return None;
        }
        let doubled = self.base.saturating_mul(2_u32.saturating_pow(attempt - 1));
        let share = jitter.random_range(0.0..=1.0);
        let ours = doubled.min(self.longest_wait).mul_f64(share);
        let wait = ours.max(after.unwrap_or_default());
        (spent + wait < self.budget).then_some(wait)
    }
}

/// Calls `attempt` until it succeeds, fails for good, or patience ends. The last error says how often it was tried.
pub(super) async fn with_patience<T, F: Future<Output = Result<T, VendorError>>>(
    policy: &RetryPolicy,
    timer: &dyn Timer,
    jitter: &Mutex<ChaCha8Rng>,
    attempt: impl Fn() -> F,
) -> Result<T, VendorError> {
    let began = timer.elapsed();
    let mut attempts = 0;
    loop {
        attempts += 1;
        let (message, after_seconds) = match attempt().await {
            Err(VendorError::Retry {
                message,
                after_seconds,
            }) => (message, after_seconds),
            done => return done,
        };
        let after = after_seconds.map(Duration::from_secs);
        let spent = timer.elapsed().saturating_sub(began);
        let wait = {
            let mut jitter = jitter.lock().unwrap_or_else(PoisonError::into_inner);
            policy.wait(attempts, after, spent, &mut *jitter)
        };
        let Some(wait) = wait else {
            return Err(given_up(&message, after_seconds, attempts));
        };
        tracing::warn!(attempt = attempts, wait_ms = wait.as_millis(), "{message}");
        timer.sleep(wait).await;
    }
}

fn given_up(message: &str, after_seconds: Option<u64>, attempts: u32) -> VendorError {
    let message = match attempts {
        1 => message.to_owned(),
        _ => format!("{message} ({attempts} attempts)"),
    };
    VendorError::Retry {
        message,
        after_seconds,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use rand::SeedableRng;

    use super::super::timer::tests::FakeTimer;
    use super::*;

    /// Fails with `errors` in turn, then succeeds; gives the outcome, the attempts and the waits.
    async fn run(
        policy: RetryPolicy,
        errors: &[VendorError],
    ) -> (Result<(), VendorError>, u32, Vec<Duration>) {
        let timer = FakeTimer::default();
        let jitter = Mutex::new(ChaCha8Rng::seed_from_u64(7));
        let attempts = AtomicU32::new(0);
        let outcome = with_patience(&policy, &timer, &jitter, || async {
            let attempt = attempts.fetch_add(1, Ordering::Relaxed) as usize;
            errors.get(attempt).cloned().map_or(Ok(()), Err)
        })
        .await;
        (outcome, attempts.into_inner(), timer.slept())
    }

    fn busy() -> VendorError {
        VendorError::retry("busy")
    }

    #[tokio::test]
    async fn waits_grow_within_their_limits_and_repeat_with_the_seed() {
        let policy = RetryPolicy {
            attempts: 8,
            longest_wait: Duration::from_secs(5),
            ..RetryPolicy::default()
        };
        let (outcome, attempts, waits) = run(policy, &vec![busy(); 8]).await;
        assert_eq!(outcome, Err(VendorError::retry("busy (8 attempts)")));
        assert_eq!(attempts, 8);
        let limits = [1, 2, 4, 5, 5, 5, 5].map(Duration::from_secs);
        assert_eq!(waits.len(), limits.len());
        assert!(waits.iter().zip(limits).all(|(wait, limit)| *wait <= limit));
        assert!(waits.iter().any(|wait| *wait > Duration::from_secs(2)));
        assert_eq!(run(policy, &vec![busy(); 8]).await.2, waits);
    }

    #[tokio::test]
    async fn the_vendors_wish_is_the_least_wait() {
        let errors = [
            VendorError::retry_after("slow down", 20),
            VendorError::retry_after("slow down", 7),
        ];
        let (outcome, attempts, waits) = run(RetryPolicy::default(), &errors).await;
        assert_eq!((outcome, attempts), (Ok(()), 3));
        assert_eq!(waits, [20, 7].map(Duration::from_secs));
    }

    #[tokio::test]
    async fn a_wish_beyond_the_budget_ends_it_at_once() {
        let errors = [VendorError::retry_after("closed", 3600)];
        let (outcome, attempts, waits) = run(RetryPolicy::default(), &errors).await;
        assert_eq!(outcome, Err(VendorError::retry_after("closed", 3600)));
        assert_eq!((attempts, waits), (1, vec![]));
    }

    #[tokio::test]
    async fn the_budget_counts_all_waits_together() {
        let errors = vec![VendorError::retry_after("slow down", 50); 9];
        let (outcome, attempts, waits) = run(RetryPolicy::default(), &errors).await;
        let last = VendorError::retry_after("slow down (3 attempts)", 50);
        assert_eq!((outcome, attempts), (Err(last), 3));
        assert_eq!(waits, [50, 50].map(Duration::from_secs));
    }

    #[tokio::test]
    async fn nothing_but_retry_is_tried_again() {
        let used_up = VendorError::QuotaExhausted {
            message: "used up".to_owned(),
        };
        for error in [VendorError::fail("no", "do"), used_up] {
            let (outcome, attempts, _) =
                run(RetryPolicy::default(), std::slice::from_ref(&error)).await;
            assert_eq!((outcome, attempts), (Err(error), 1));
        }
    }
}
