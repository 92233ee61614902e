//! Wires the world, embedded or in the cloud: settings, clock, lake, keys, vendors' clients.

#[cfg(feature = "cloud")]
pub mod cloud;
mod quota;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use anyhow::Context as _;
use shared::series::Vendor;
use tokio::sync::OnceCell;

use crate::catalogue::{Catalogue, LakeCatalogue, Published};
use crate::clock::{Clock, FixedClock, SystemClock};
use crate::config::{Market, Secret, Settings, VendorSettings};
use crate::extract::{Access, Clients, Tuning};
use crate::journal::JournalReader;
use crate::lake::{Lake, LocalLake};
use crate::market::{MarketOptions, MarketServer};
use crate::publish::{FirstView, NoCopy};
use crate::secrets::{Configured, Secrets};

/// Seed of the synthetic market that runs inside the process.
const SYNTHETIC_SEED: u64 = 7;

/// All outside things, each behind its seam.
pub struct Backend {
    /// Settings.
    pub settings: Settings,
    /// Time.
    pub clock: Arc<dyn Clock>,
    lake: Arc<dyn Lake>,
    secrets: Arc<dyn Secrets>,
    catalogue: Arc<dyn Catalogue>,
    first_view: Arc<dyn FirstView>,
    keeps_diffs: bool,
    tuning: Option<Tuning>,
    clients: OnceCell<(Clients, Option<MarketServer>)>,
}

impl Backend {
    /// The embedded world. Nothing is opened yet.
    pub fn embedded(settings: Settings) -> Self {
        let lake: Arc<dyn Lake> = Arc::new(LocalLake::new(settings.lake_folder()));
        Self {
            catalogue: Arc::new(LakeCatalogue::new(Published::new(lake.clone()))),
            lake,
            secrets: Arc::new(Configured(settings.market.clone())),
            first_view: Arc::new(NoCopy),
            keeps_diffs: false,
            clock: clock_of(&settings),
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

    /// The lake's folder of the embedded world, for what only the embedded world has: its lock and its SQL engine.
    pub fn local_lake(&self) -> Arc<LocalLake> {
        Arc::new(LocalLake::new(self.settings.lake_folder()))
    }

    /// Where published runs are found.
    pub fn catalogue(&self) -> &dyn Catalogue {
        self.catalogue.as_ref()
    }

    /// Where the first view is copied to, so that it needs no server.
    pub fn first_view(&self) -> &dyn FirstView {
        self.first_view.as_ref()
    }

    /// Whether a run is compared with the one before as soon as it is published: who serves readers cannot do it there.
    pub fn keeps_diffs(&self) -> bool {
        self.keeps_diffs
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
            } => {
                let with_key = async |vendor, settings: &VendorSettings| {
                    let key = self.secrets.key(vendor).await?;
                    let url = settings.url.clone();
                    anyhow::Ok(VendorSettings { url, key })
                };
                (
                    with_key(Vendor::AlphaVantage, alpha_vantage).await?,
                    with_key(Vendor::Fred, fred).await?,
                    None,
                )
            }
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

fn clock_of(settings: &Settings) -> Arc<dyn Clock> {
    match settings.today {
        Some(day) => Arc::new(FixedClock::end_of(day)),
        None => Arc::new(SystemClock),
    }
}
