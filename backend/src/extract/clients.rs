//! Builds the clients of all vendors out of settings.

use std::sync::{Arc, Mutex};

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use shared::series::Vendor;

use super::alpha_vantage::AlphaVantage;
use super::channel::Channel;
use super::fred::Fred;
use super::http::{HttpClient, Timeouts};
use super::pace::{Pace, Pacer};
use super::quota::{Ledger, daily_limit};
use super::retry::RetryPolicy;
use super::timer::{Timer, TokioTimer};
use super::{VendorClient, VendorError, classify};
use crate::clock::Clock;
use crate::config::{Plan, VendorSettings};
use crate::lake::Lake;

/// How to reach the vendors.
#[derive(Clone, Debug)]
pub struct Access {
    /// Alpha Vantage.
    pub alpha_vantage: VendorSettings,
    /// FRED.
    pub fred: VendorSettings,
    /// What Alpha Vantage allows; also sets its pace.
    pub plan: Plan,
}

/// How fast and how patient.
#[derive(Clone, Copy, Debug)]
pub struct Tuning {
    /// Time limits of one exchange.
    pub timeouts: Timeouts,
    /// Attempts and waits.
    pub retry: RetryPolicy,
    /// How fast FRED may be asked.
    pub fred_pace: Pace,
}

impl Tuning {
    /// For the vendors, and whatever stands in for them at another address.
    pub fn vendors(fred_url: &str) -> Self {
        Self {
            timeouts: Timeouts::default(),
            retry: RetryPolicy::default(),
            fred_pace: Pace::of_fred(fred_url),
        }
    }
}

/// One client for each vendor.
#[derive(Clone)]
pub struct Clients {
    alpha_vantage: Arc<dyn VendorClient>,
    fred: Arc<dyn VendorClient>,
}

impl Clients {
    /// Prepares both clients; nothing is sent yet.
    ///
    /// The lake keeps the ledger of calls on the free plan. The clock tells which day is counted and is the jitter's
    /// seed. Fails where this machine cannot make connections at all (no root certificates).
    pub fn new(
        access: &Access,
        tuning: Tuning,
        clock: &Arc<dyn Clock>,
        lake: &Arc<dyn Lake>,
    ) -> Result<Self, VendorError> {
        Self::with_timer(
            access,
            tuning,
            clock,
            lake,
            &(Arc::new(TokioTimer::start()) as _),
        )
    }

    /// The same with a timer of the caller's, so that tests do not wait.
    pub(super) fn with_timer(
        access: &Access,
        tuning: Tuning,
        clock: &Arc<dyn Clock>,
        lake: &Arc<dyn Lake>,
        timer: &Arc<dyn Timer>,
    ) -> Result<Self, VendorError> {
        let channel = |vendor, pace, ledger| -> Result<Channel, VendorError> {
            let settings = match vendor {
                Vendor::AlphaVantage => &access.alpha_vantage,
                Vendor::Fred => &access.fred,
            };
            let http = HttpClient::new(&settings.url, tuning.timeouts)
                .map_err(|error| classify::no_client(vendor, &error))?;
            let seed = clock.now().timestamp_micros().unsigned_abs();
            Ok(Channel {
                vendor,
                settings: settings.clone(),
                http,
                pacer: Pacer::new(pace, timer.clone()),
                ledger,
                retry: tuning.retry,
                jitter: Mutex::new(ChaCha8Rng::seed_from_u64(seed)),
                timer: timer.clone(),
                clock: clock.clone(),
            })
        };
        let ledger = daily_limit(access.plan).map(|limit| Ledger {
            lake: lake.clone(),
            clock: clock.clone(),
            vendor: Vendor::AlphaVantage,
            limit,
        });
        let alpha_vantage = channel(Vendor::AlphaVantage, Pace::of_plan(access.plan), ledger)?;
        let fred = channel(Vendor::Fred, tuning.fred_pace, None)?;
        Ok(Self {
            alpha_vantage: Arc::new(AlphaVantage::new(alpha_vantage, access.plan)),
            fred: Arc::new(Fred::new(fred)),
        })
    }

    /// The client that asks a vendor.
    pub fn of(&self, vendor: Vendor) -> &dyn VendorClient {
        match vendor {
            Vendor::AlphaVantage => self.alpha_vantage.as_ref(),
            Vendor::Fred => self.fred.as_ref(),
        }
    }
}
