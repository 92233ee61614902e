//! The ledger of calls made today, kept in the lake, so that no number of runs exceeds a vendor's daily limit.

use std::sync::Arc;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use shared::api::Quota;
use shared::series::Vendor;

use super::VendorError;
use crate::clock::Clock;
use crate::config::Plan;
use crate::lake::{Key, Lake, LakeError, Tag};

/// Requests a day on the free plan of Alpha Vantage.
pub const FREE_DAILY_LIMIT: u32 = 25;

/// Lost races before giving up: more than all calls of a day together.
const MAX_RACES: u32 = 100;

/// The ledger's file: the calls of one UTC day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Page {
    day: NaiveDate,
    used: u32,
    limit: u32,
}

/// Why the ledger could not be read.
#[derive(Debug, thiserror::Error)]
pub enum QuotaError {
    /// The lake failed.
    #[error("cannot read the quota")]
    Lake(#[from] LakeError),
    /// The file is no ledger.
    #[error(
        "`{key}` in the lake is damaged; delete it, and today's calls are counted from nothing"
    )]
    Damaged {
        /// Its key.
        key: String,
        /// What is wrong.
        #[source]
        cause: serde_json::Error,
    },
}

impl From<QuotaError> for VendorError {
    fn from(error: QuotaError) -> Self {
        match error {
            QuotaError::Lake(error) => error.into(),
            QuotaError::Damaged { key, cause } => Self::fail(
                format!("the ledger of calls `{key}` is damaged: {cause}"),
                "delete this file in ASSAY_HOME; today's calls are then counted from nothing",
            ),
        }
    }
}

/// Calls made today (UTC, by `clock`), for every vendor that has a daily limit under this plan.
///
/// Premium plans have none, and their calls are not counted.
pub async fn read(
    lake: &dyn Lake,
    clock: &dyn Clock,
    plan: Plan,
) -> Result<Vec<Quota>, QuotaError> {
    let vendor = Vendor::AlphaVantage;
    let Some(limit) = daily_limit(plan) else {
        return Ok(Vec::new());
    };
    let (page, _) = load(lake, vendor, clock.today(), limit).await?;
    Ok(vec![Quota {
        vendor,
        day: page.day,
        used: page.used,
        limit: Some(page.limit),
    }])
}

/// Requests a day that a plan of Alpha Vantage allows, if it limits them.
pub(super) fn daily_limit(plan: Plan) -> Option<u32> {
    match plan {
        Plan::Free => Some(FREE_DAILY_LIMIT),
        Plan::Premium { .. } => None,
    }
}

/// Today's page, and the tag of what is in the lake. A page of another day counts as empty.
async fn load(
    lake: &dyn Lake,
    vendor: Vendor,
    today: NaiveDate,
    limit: u32,
) -> Result<(Page, Option<Tag>), QuotaError> {
    let empty = Page {
        day: today,
        used: 0,
        limit,
    };
    let key = Key::Quota(vendor);
    let Some((bytes, tag)) = lake.get_tagged(&key).await? else {
        return Ok((empty, None));
    };
    let found: Page = serde_json::from_slice(&bytes).map_err(|cause| QuotaError::Damaged {
        key: key.to_string(),
        cause,
    })?;
    let page = Page {
        used: if found.day == today { found.used } else { 0 },
        ..empty
    };
    Ok((page, Some(tag)))
}

/// One vendor's ledger.
pub(super) struct Ledger {
    pub(super) lake: Arc<dyn Lake>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) vendor: Vendor,
    pub(super) limit: u32,
}

impl Ledger {
    /// Counts one call, or refuses where today's are used up.
    pub(super) async fn take(&self) -> Result<(), VendorError> {
        self.change(|page| {
            if page.used >= page.limit {
                return Err(used_up(self.vendor, page));
            }
            Ok(Page {
                used: page.used + 1,
                ..page
            })
        })
        .await
    }

    /// The vendor says that today's calls are used up: believe it over our count.
    pub(super) async fn exhaust(&self) -> Result<(), VendorError> {
        self.change(|page| {
            Ok(Page {
                used: page.limit,
                ..page
            })
        })
        .await
    }

    /// Moves the page by compare-and-swap, again from the start where another run was faster.
    async fn change(
        &self,
        change: impl Fn(Page) -> Result<Page, VendorError> + Send,
    ) -> Result<(), VendorError> {
        let key = Key::Quota(self.vendor);
        let lake = self.lake.as_ref();
        for _ in 0..MAX_RACES {
            let (page, tag) = load(lake, self.vendor, self.clock.today(), self.limit).await?;
            let changed = serde_json::to_vec(&change(page)?)
                .map_err(|error| VendorError::fail(error.to_string(), "report this"))?;
            match lake.swap(&key, &changed, tag.as_ref()).await {
                Ok(_) => return Ok(()),
                Err(LakeError::Changed(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(LakeError::Changed(key.to_string()).into())
    }
}

fn used_up(vendor: Vendor, page: Page) -> VendorError {
    VendorError::QuotaExhausted {
        message: format!(
            "{}: all {} requests of {} are used; the count starts anew at midnight UTC",
            vendor.title(),
            page.limit,
            page.day
        ),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use chrono::{DateTime, Utc};

    use super::*;
    use crate::clock::FixedClock;
    use crate::lake::LocalLake;

    struct MovableClock(Mutex<DateTime<Utc>>);

    impl Clock for MovableClock {
        fn now(&self) -> DateTime<Utc> {
            *self.0.lock().unwrap()
        }
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn ledger(lake: &LocalLake, clock: Arc<dyn Clock>) -> Ledger {
        Ledger {
            lake: Arc::new(lake.clone()),
            clock,
            vendor: Vendor::AlphaVantage,
            limit: FREE_DAILY_LIMIT,
        }
    }

    async fn used(lake: &LocalLake, now: &str) -> (String, u32) {
        let clock = FixedClock(at(now));
        let quota = read(lake, &clock, Plan::Free).await.unwrap();
        assert_eq!(quota[0].limit, Some(25));
        (quota[0].day.to_string(), quota[0].used)
    }

    #[tokio::test]
    async fn twenty_five_calls_pass_and_the_next_waits_for_midnight_utc() {
        let folder = tempfile::tempdir().unwrap();
        let lake = LocalLake::new(folder.path());
        let clock = Arc::new(MovableClock(Mutex::new(at("2024-02-29T12:00:00Z"))));
        for _ in 0..25 {
            // A new ledger each time: the count is in the lake, not in the process.
            ledger(&lake, clock.clone()).take().await.unwrap();
        }
        let error = ledger(&lake, clock.clone()).take().await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "Alpha Vantage: all 25 requests of 2024-02-29 are used; the count starts anew at midnight UTC"
        );
        assert!(matches!(error, VendorError::QuotaExhausted { .. }));
        *clock.0.lock().unwrap() = at("2024-02-29T23:59:59Z");
        assert!(ledger(&lake, clock.clone()).take().await.is_err());
        *clock.0.lock().unwrap() = at("2024-03-01T00:00:00Z");
        ledger(&lake, clock).take().await.unwrap();
        assert_eq!(
            used(&lake, "2024-03-01T01:00:00Z").await,
            ("2024-03-01".to_owned(), 1)
        );
    }

    #[tokio::test]
    async fn runs_at_once_lose_no_count() {
        let folder = tempfile::tempdir().unwrap();
        let lake = LocalLake::new(folder.path());
        let clock: Arc<dyn Clock> = Arc::new(FixedClock(at("2024-02-29T12:00:00Z")));
        let ledgers: Vec<_> = (0..30).map(|_| ledger(&lake, clock.clone())).collect();
        let taken = futures::future::join_all(ledgers.iter().map(Ledger::take)).await;
        assert_eq!(taken.iter().filter(|taken| taken.is_ok()).count(), 25);
        assert_eq!(used(&lake, "2024-02-29T13:00:00Z").await.1, 25);
    }

    #[tokio::test]
    async fn the_vendors_word_counts_more_than_ours() {
        let folder = tempfile::tempdir().unwrap();
        let lake = LocalLake::new(folder.path());
        let ledger = ledger(&lake, Arc::new(FixedClock(at("2024-02-29T12:00:00Z"))));
        ledger.take().await.unwrap();
        ledger.exhaust().await.unwrap();
        assert_eq!(used(&lake, "2024-02-29T13:00:00Z").await.1, 25);
        assert!(ledger.take().await.is_err());
    }

    #[tokio::test]
    async fn a_damaged_ledger_is_named_with_the_way_out() {
        let folder = tempfile::tempdir().unwrap();
        let lake = LocalLake::new(folder.path());
        let key = Key::Quota(Vendor::AlphaVantage);
        lake.swap(&key, b"half", None).await.unwrap();
        let error = ledger(&lake, Arc::new(FixedClock(at("2024-02-29T12:00:00Z"))))
            .take()
            .await
            .unwrap_err();
        let VendorError::Fail { message, advice } = error else {
            panic!("{error}")
        };
        assert!(message.starts_with(
            "the ledger of calls `extraction-staging/quota/alpha_vantage.json` is damaged"
        ));
        assert!(advice.starts_with("delete this file"));
        let clock = FixedClock(at("2024-02-29T12:00:00Z"));
        let error = read(&lake, &clock, Plan::Free).await.unwrap_err();
        assert!(matches!(error, QuotaError::Damaged { .. }));
    }

    #[tokio::test]
    async fn premium_plans_are_not_counted() {
        let folder = tempfile::tempdir().unwrap();
        let lake = LocalLake::new(folder.path());
        let clock = FixedClock(at("2024-02-29T12:00:00Z"));
        let plan = Plan::Premium { per_minute: 75 };
        assert_eq!(read(&lake, &clock, plan).await.unwrap(), []);
        assert_eq!(daily_limit(plan), None);
    }
}
