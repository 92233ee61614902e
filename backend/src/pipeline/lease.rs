//! One run at a time where runs are on different machines: a lease in the lake, moved by compare-and-swap, that ends by itself.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use shared::run::Step;

use super::lock::{Busy, Held, RunLocks};
use crate::clock::Clock;
use crate::lake::{Key, Lake, LakeError, Tag};

/// `lease.json`: who runs, and until when at most.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// The attempt.
    pub attempt_id: String,
    /// The step that it begins with.
    pub step: Step,
    /// Who works on it. The same one may take the lease again: it is a second try after the first died.
    pub owner: String,
    /// From this instant on it counts no more (UTC): by then its owner has been ended.
    pub expires_at: DateTime<Utc>,
}

/// A lease on a lake.
#[derive(Clone)]
pub struct Lease {
    lake: Arc<dyn Lake>,
    clock: Arc<dyn Clock>,
    claim: Claim,
}

impl Lease {
    /// A lease for `claim`, which is not taken yet.
    pub fn new(lake: Arc<dyn Lake>, clock: Arc<dyn Clock>, claim: Claim) -> Self {
        Self { lake, clock, claim }
    }

    async fn swap(&self, claim: Option<&Claim>, expected: Option<&Tag>) -> Result<Tag, LakeError> {
        let bytes = serde_json::to_vec(&claim).unwrap_or_default();
        self.lake.swap(&Key::Lease, &bytes, expected).await
    }
}

/// Who holds the lease at `now`, and the tag that is needed to move it. What cannot be read is held by nobody.
async fn read(
    lake: &dyn Lake,
    now: DateTime<Utc>,
) -> Result<(Option<Claim>, Option<Tag>), LakeError> {
    let Some((bytes, tag)) = lake.get_tagged(&Key::Lease).await? else {
        return Ok((None, None));
    };
    let claim: Option<Claim> = serde_json::from_slice(&bytes).unwrap_or_default();
    Ok((claim.filter(|claim| claim.expires_at > now), Some(tag)))
}

/// Who runs at `now`, if anybody does.
pub async fn leaseholder(lake: &dyn Lake, now: DateTime<Utc>) -> Result<Option<Claim>, LakeError> {
    Ok(read(lake, now).await?.0)
}

#[async_trait]
impl RunLocks for Lease {
    async fn take(&self) -> Result<Box<dyn Held>, Busy> {
        loop {
            let (holder, tag) = read(self.lake.as_ref(), self.clock.now()).await?;
            if let Some(other) = holder.filter(|holder| holder.owner != self.claim.owner) {
                let attempt_id = other.attempt_id;
                return Err(Busy::Attempt { attempt_id });
            }
            match self.swap(Some(&self.claim), tag.as_ref()).await {
                Ok(tag) => {
                    let lease = self.clone();
                    return Ok(Box::new(Taken { lease, tag }));
                }
                // Somebody was faster: look who.
                Err(LakeError::Changed(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
}

struct Taken {
    lease: Lease,
    tag: Tag,
}

#[async_trait]
impl Held for Taken {
    async fn release(self: Box<Self>) -> Result<(), Busy> {
        match self.lease.swap(None, Some(&self.tag)).await {
            // It had ended, and another one holds it now.
            Ok(_) | Err(LakeError::Changed(_)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::lock::tests::suite;
    use super::*;
    use crate::clock::FixedClock;
    use crate::lake::LocalLake;

    fn at(time: &str) -> DateTime<Utc> {
        format!("2024-09-23T{time}Z").parse().unwrap()
    }

    /// A lease of `owner`, taken at `now`, that ends at 10:00.
    fn lease(lake: &Arc<dyn Lake>, owner: &str, now: &str) -> Lease {
        let claim = Claim {
            attempt_id: format!("attempt-of-{owner}"),
            step: Step::Train,
            owner: owner.to_owned(),
            expires_at: at("10:00:00"),
        };
        Lease::new(lake.clone(), Arc::new(FixedClock(at(now))), claim)
    }

    fn lake(folder: &tempfile::TempDir) -> Arc<dyn Lake> {
        Arc::new(LocalLake::new(folder.path()))
    }

    #[tokio::test]
    async fn the_lease_keeps_the_contract() {
        let folder = tempfile::tempdir().unwrap();
        let lake = lake(&folder);
        suite(
            &lease(&lake, "a", "09:20:00"),
            &lease(&lake, "b", "09:20:00"),
        )
        .await;
    }

    #[tokio::test]
    async fn a_dead_owners_lease_ends_and_its_own_second_try_need_not_wait() {
        let folder = tempfile::tempdir().unwrap();
        let lake = lake(&folder);
        // Never given back: its owner died.
        let dead = lease(&lake, "a", "09:20:00").take().await.ok().unwrap();
        let busy = lease(&lake, "b", "09:59:59").take().await.err().unwrap();
        assert_eq!(
            busy.to_string(),
            "attempt attempt-of-a is going in this lake"
        );
        let again = lease(&lake, "a", "09:21:00").take().await.ok().unwrap();
        drop((dead, again));
        let next = lease(&lake, "b", "10:00:00").take().await;
        assert!(next.is_ok());
    }

    #[tokio::test]
    async fn who_comes_back_after_the_end_does_not_free_the_next_ones_lease() {
        let folder = tempfile::tempdir().unwrap();
        let lake = lake(&folder);
        let late = lease(&lake, "a", "09:20:00").take().await.ok().unwrap();
        let mut other = lease(&lake, "b", "10:00:01");
        other.claim.expires_at = at("10:30:00");
        let _held = other.take().await.ok().unwrap();
        late.release().await.unwrap();
        let holder = leaseholder(lake.as_ref(), at("10:00:02")).await.unwrap();
        assert_eq!(holder.unwrap().owner, "b");
    }

    #[tokio::test]
    async fn of_two_at_once_one_runs() {
        let folder = tempfile::tempdir().unwrap();
        let lake = lake(&folder);
        let (one, two) = (lease(&lake, "a", "09:20:00"), lease(&lake, "b", "09:20:00"));
        let (first, second) = futures::join!(one.take(), two.take());
        assert_eq!(
            [first.is_ok(), second.is_ok()]
                .iter()
                .filter(|ok| **ok)
                .count(),
            1
        );
    }
}
