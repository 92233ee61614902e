//! Waiting as a parameter, so that tests of pace and patience neither wait nor guess.

use std::time::Duration;

use async_trait::async_trait;
use tokio::time::Instant;

/// Measures and spends time. Not the [`crate::clock::Clock`], which tells dates and may stand still.
#[async_trait]
pub(super) trait Timer: Send + Sync {
    /// Time since some fixed instant; never goes back.
    fn elapsed(&self) -> Duration;

    /// Returns when so much time has passed.
    async fn sleep(&self, time: Duration);
}

/// Tokio's timer.
pub(super) struct TokioTimer(Instant);

impl TokioTimer {
    /// Starts at zero.
    pub(super) fn start() -> Self {
        Self(Instant::now())
    }
}

#[async_trait]
impl Timer for TokioTimer {
    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    async fn sleep(&self, time: Duration) {
        tokio::time::sleep(time).await;
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::sync::{Mutex, PoisonError};

    use super::*;

    /// A timer on which sleeping takes no time: it moves the hand and remembers how far.
    #[derive(Default)]
    pub(in super::super) struct FakeTimer(Mutex<Vec<Duration>>);

    impl FakeTimer {
        /// All sleeps so far.
        pub(in super::super) fn slept(&self) -> Vec<Duration> {
            self.0
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .clone()
        }
    }

    #[async_trait]
    impl Timer for FakeTimer {
        fn elapsed(&self) -> Duration {
            self.slept().iter().sum()
        }

        async fn sleep(&self, time: Duration) {
            self.0
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(time);
        }
    }
}
