//! Wires the embedded world: settings, clock, lake on disk, vendors' clients.

#[cfg(feature = "cloud")]
pub mod cloud;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use anyhow::Context as _;
use tokio::sync::OnceCell;

use crate::catalogue::Published;
use crate::clock::{Clock, FixedClock, SystemClock};
use crate::config::{Market, Secret, Settings, VendorSettings};
use crate::extract::{Access, Clients, Tuning};
use crate::journal::JournalReader;
use crate::lake::{Lake, LocalLake};
use crate::market::{MarketOptions, MarketServer};

/// Seed of the synthetic market that runs inside the process.
const SYNTHETIC_SEED: u64 = 7;

/// All outside things, each behind its seam.
pub struct Backend {
    /// Settings.
    pub settings: Settings,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// The lake on disk.
    pub lake: Arc<LocalLake>,
    tuning: Option<Tuning>,
    clients: OnceCell<(Clients, Option<MarketServer>)>,
}

impl Backend {
    /// The embedded world. Nothing is opened yet.
    pub fn embedded(settings: Settings) -> Self {
        let clock: Arc<dyn Clock> = match settings.today {
            Some(day) => Arc::new(FixedClock::end_of(day)),
            None => Arc::new(SystemClock),
        };
        Self {
            lake: Arc::new(LocalLake::new(settings.lake_folder())),
            clock,
            settings,
            tuning: None,
            clients: OnceCell::new(),
        }
    }

    /// The same with other time limits and another patience towards the vendors than what suits them.
    #[must_use]
    pub fn with_tuning(mut self, tuning: Tuning) -> Self {
        self.tuning = Some(tuning);
        self
    }

    /// The lake behind its seam.
    pub fn lake(&self) -> Arc<dyn Lake> {
        self.lake.clone()
    }

    /// A reader of what was published.
    pub fn published(&self) -> Published {
        Published::new(self.lake())
    }

    /// A reader of the journal.
    pub fn journal(&self) -> JournalReader {
        JournalReader::new(self.lake())
    }

    /// Whether the market is the synthetic one inside this process.
    pub fn is_synthetic(&self) -> bool {
        matches!(self.settings.market, Market::Synthetic)
    }

    /// The vendors' clients. Without keys and addresses this starts the synthetic market on a free port of loopback first.
    pub async fn clients(&self) -> anyhow::Result<&Clients> {
        let made = self.clients.get_or_try_init(|| self.make_clients()).await?;
        Ok(&made.0)
    }

    async fn make_clients(&self) -> anyhow::Result<(Clients, Option<MarketServer>)> {
        let (alpha_vantage, fred, server) = match &self.settings.market {
            Market::Vendors {
                alpha_vantage,
                fred,
            } => (alpha_vantage.clone(), fred.clone(), None),
            Market::Synthetic => {
                let server = self.start_market().await?;
                let settings = VendorSettings {
                    url: server.url(),
                    key: Some(Secret::new("synthetic")),
                };
                (settings.clone(), settings, Some(server))
            }
        };
        let tuning = self.tuning.unwrap_or_else(|| Tuning::vendors(&fred.url));
        let access = Access {
            alpha_vantage,
            fred,
            plan: self.settings.plan,
        };
        let clients = Clients::new(&access, tuning, &self.clock, &self.lake())?;
        Ok((clients, server))
    }

    async fn start_market(&self) -> anyhow::Result<MarketServer> {
        let options = MarketOptions::new(SYNTHETIC_SEED, self.clock.today());
        let any_port = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let started = crate::market::start(options, any_port).await;
        started.context("the synthetic market could not start on loopback")
    }
}
