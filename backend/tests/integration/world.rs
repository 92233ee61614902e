//! A lake in a temporary folder, fed by a synthetic market on loopback.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use backend::backend::Backend;
use backend::config::Settings;
use backend::extract::http::Timeouts;
use backend::extract::{Pace, RetryPolicy, Tuning};
use backend::lake::sha256_hex;
use backend::market::{MarketOptions, MarketServer, start};
use backend::pipeline::{RunLock, RunOptions, new_attempt_id, run};
use backend::preset::{self, Preset, Refit, Role};
use backend::progress::Reporter;
use chrono::NaiveDate;
use shared::catalogue::Current;
use shared::run::RunReport;
use tempfile::TempDir;

/// The keys that must never appear anywhere.
pub(crate) const AV_KEY: &str = "SECRETAV00000001";
pub(crate) const FRED_KEY: &str = "secretfred0000000000000000000001";

pub(crate) struct World {
    pub(crate) home: TempDir,
    pub(crate) market: MarketServer,
    pub(crate) today: NaiveDate,
}

impl World {
    /// A market that stands at `today`, and an empty lake.
    pub(crate) async fn new(today: &str) -> Self {
        let today: NaiveDate = today.parse().unwrap();
        let any_port = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        Self {
            home: tempfile::tempdir().unwrap(),
            market: start(MarketOptions::new(7, today), any_port).await.unwrap(),
            today,
        }
    }

    /// The program with a new process's memory: nothing but the lake is left of earlier runs.
    pub(crate) fn backend(&self) -> Backend {
        let pairs = [
            ("ASSAY_HOME", "data".to_owned()),
            ("ASSAY_ALPHAVANTAGE_URL", self.market.url()),
            ("ASSAY_FRED_URL", self.market.url()),
            ("ASSAY_ALPHAVANTAGE_KEY", AV_KEY.to_owned()),
            ("ASSAY_FRED_KEY", FRED_KEY.to_owned()),
            ("ASSAY_ALPHAVANTAGE_PLAN", "premium:60000".to_owned()),
            ("ASSAY_TODAY", self.today.to_string()),
        ];
        let lookup = |name: &str| {
            let found = pairs.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| value.clone())
        };
        let settings = Settings::load(self.home.path(), lookup).unwrap();
        Backend::embedded(settings).with_tuning(impatient())
    }

    /// Lets days pass, for the vendors and for the program.
    pub(crate) fn go_to(&mut self, today: &str) {
        self.today = today.parse().unwrap();
        self.market.set_today(self.today);
    }

    pub(crate) async fn run(&self, options: &RunOptions) -> RunReport {
        let backend = self.backend();
        let _lock = RunLock::take(&backend.local_lake()).unwrap();
        let attempt_id = new_attempt_id(&backend.local_lake(), backend.clock.now()).unwrap();
        run(&backend, options, attempt_id, &Reporter::silent()).await
    }

    pub(crate) async fn current(&self) -> Option<Current> {
        self.backend().published().current().await.unwrap()
    }

    /// Key and SHA-256 of every object in the lake, but for the attempts' reports, which tell of wall time.
    pub(crate) fn hashes(&self) -> Vec<(String, String)> {
        let lasting = |(name, _): &(String, Vec<u8>)| !name.starts_with("attempts/");
        let objects = self.objects().into_iter().filter(lasting);
        objects
            .map(|(name, bytes)| (name, sha256_hex(&bytes)))
            .collect()
    }

    /// Changes an object's text, as nothing in the program can.
    pub(crate) fn rewrite(&self, key: &str, change: impl Fn(&str) -> String) {
        let path = self.backend().local_lake().root().join(key);
        let text = std::fs::read_to_string(&path).unwrap();
        let changed = change(&text);
        assert_ne!(text, changed, "{key}");
        std::fs::write(path, changed).unwrap();
    }

    /// Key and bytes of every object in the lake.
    pub(crate) fn objects(&self) -> Vec<(String, Vec<u8>)> {
        let lake = self.backend().local_lake();
        let names = lake.list_blocking("").unwrap();
        let read = |name: String| {
            let bytes = std::fs::read(lake.root().join(&name)).unwrap();
            (name, bytes)
        };
        names.into_iter().map(read).collect()
    }
}

/// A vendor on this machine answers at once or not at all.
fn impatient() -> Tuning {
    let short = Duration::from_millis(400);
    Tuning {
        timeouts: Timeouts {
            connect: short,
            first_byte: short,
            read: short,
            total: Duration::from_millis(1500),
        },
        retry: RetryPolicy {
            attempts: 2,
            base: Duration::from_millis(1),
            longest_wait: Duration::from_millis(2),
            budget: Duration::from_secs(2),
        },
        fred_pace: Pace::UNHURRIED,
    }
}

/// What the command line would run, on a short walk.
pub(crate) fn options(name: &str) -> RunOptions {
    with_preset(short(preset::load(name).unwrap()))
}

/// The preset's trees as one model that is fitted once, like the original's.
pub(crate) fn fitted_once(name: &str) -> RunOptions {
    let mut preset = preset::load(name).unwrap();
    preset.train.walk_forward = None;
    preset
        .features
        .retain(|feature| feature.role == Role::Trees);
    with_preset(preset)
}

/// Drivers that the walks of tests know.
const DRIVERS: [&str; 3] = ["silver", "real_rate_change", "vix_change"];

/// The preset with a walk over the last years alone, fitted once a year, on a few drivers: a program without optimisation takes
/// minutes for the whole. All series are still asked for.
fn short(mut preset: Preset) -> Preset {
    if let Some(walk) = &mut preset.train.walk_forward {
        walk.first = NaiveDate::from_ymd_opt(2022, 6, 1);
        walk.refit = Refit::Yearly;
        let is_known = |name: &String| DRIVERS.contains(&name.as_str());
        preset.drivers.retain(|driver| is_known(&driver.name));
        let own = |name: &String| name == "momentum";
        let kept = |name: &String| is_known(name) || own(name);
        preset
            .features
            .retain(|f| f.driver.as_ref().is_none_or(kept));
    }
    preset
}

pub(crate) fn with_preset(preset: Preset) -> RunOptions {
    RunOptions {
        preset,
        grid: "deployed".to_owned(),
        as_of: None,
        threads: 2,
        score_all: false,
        ask_vendors: true,
    }
}
