//! Both clients end to end against a scripted server: time-outs, broken answers, patience, quota, secrecy.

mod allowance;
mod answers;
mod series;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::NaiveDate;
use shared::run::Progress;
use shared::series::Vendor;

use super::http::{HttpClient, HttpError, Timeouts};
use super::scripted::{Act, Scripted};
use super::timer::tests::FakeTimer;
use super::*;
use crate::clock::{Clock, FixedClock};
use crate::config::{Plan, Secret, VendorSettings};
use crate::lake::{Lake, LocalLake};
use crate::progress::Reporter;

const AV_KEY: &str = "AVKEY0123456789Z";
const FRED_KEY: &str = "fredkey0123456789abcdefghijklmno";
const GOLD: &str = r#"{"nominal": "XAUUSD", "data": [{"date": "2024-09-20", "price": "2622.1"}]}"#;
const ROWS: &str = r#"{"count": 1, "observations": [{"date": "2024-09-20", "value": "3.73"}]}"#;
const PREMIUM: Plan = Plan::Premium { per_minute: 75 };

/// Everything that a test needs: two servers, a lake, a clock at the end of 2024-09-23, a timer that does not wait.
struct Stage {
    av: Scripted,
    fred: Scripted,
    clients: Clients,
    lake: LocalLake,
    timer: Arc<FakeTimer>,
    _folder: tempfile::TempDir,
}

impl Stage {
    async fn new(plan: Plan, av: Vec<Act>, fred: Vec<Act>) -> Self {
        Self::with(
            plan,
            av,
            fred,
            Tuning::vendors("https://api.stlouisfed.org"),
        )
        .await
    }

    async fn with(plan: Plan, av: Vec<Act>, fred: Vec<Act>, tuning: Tuning) -> Self {
        let (av, fred) = (Scripted::play(av).await, Scripted::play(fred).await);
        let access = Access {
            alpha_vantage: settings(&av.url, Some(AV_KEY)),
            fred: settings(&fred.url, Some(FRED_KEY)),
            plan,
        };
        let folder = tempfile::tempdir().unwrap();
        let lake = LocalLake::new(folder.path());
        let timer = Arc::new(FakeTimer::default());
        let clients = clients(&access, tuning, &lake, &timer);
        Self {
            av,
            fred,
            clients,
            lake,
            timer,
            _folder: folder,
        }
    }

    async fn run(&self, requests: &[(Request, Window)]) -> Vec<Extraction> {
        extract(&self.clients, planned(requests), &Reporter::silent()).await
    }

    /// The only error of a run of one request.
    async fn error(&self, request: Request) -> VendorError {
        let mut all = self.run(&[(request, Window::Full)]).await;
        assert_eq!(all.len(), 1);
        all.remove(0).outcome.unwrap_err()
    }

    async fn used(&self) -> u32 {
        let clock = FixedClock::end_of(day("2024-09-23"));
        quota::read(&self.lake, &clock, Plan::Free).await.unwrap()[0].used
    }
}

fn clients(access: &Access, tuning: Tuning, lake: &LocalLake, timer: &Arc<FakeTimer>) -> Clients {
    let clock: Arc<dyn Clock> = Arc::new(FixedClock::end_of(day("2024-09-23")));
    let lake: Arc<dyn Lake> = Arc::new(lake.clone());
    let timer: Arc<dyn timer::Timer> = timer.clone();
    Clients::with_timer(access, tuning, &clock, &lake, &timer).unwrap()
}

fn settings(url: &str, key: Option<&str>) -> VendorSettings {
    VendorSettings {
        url: url.to_owned(),
        key: key.map(Secret::new),
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn request(vendor: Vendor, parameters: &[(&str, &str)]) -> Request {
    let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Request {
        vendor,
        parameters: parameters.iter().map(own).collect::<BTreeMap<_, _>>(),
    }
}

fn gold() -> Request {
    let parameters = [
        ("function", "GOLD_SILVER_HISTORY"),
        ("symbol", "XAU"),
        ("interval", "daily"),
    ];
    request(Vendor::AlphaVantage, &parameters)
}

fn gld() -> Request {
    let parameters = [("function", "TIME_SERIES_DAILY"), ("symbol", "GLD")];
    request(Vendor::AlphaVantage, &parameters)
}

fn fred(parameters: &[(&str, &str)]) -> Request {
    request(Vendor::Fred, parameters)
}

fn planned(requests: &[(Request, Window)]) -> Vec<PlannedRequest> {
    let numbered = requests.iter().enumerate();
    let plan = numbered.map(|(number, (request, window))| PlannedRequest {
        request: request.clone(),
        window: *window,
        series: vec![format!("s{number}").parse().unwrap()],
    });
    plan.collect()
}

fn bodies(extraction: &Extraction) -> Vec<&[u8]> {
    let answers = extraction.outcome.as_ref().unwrap();
    answers
        .iter()
        .map(|answer| answer.body.as_slice())
        .collect()
}

fn impatient(timeouts: Timeouts) -> Tuning {
    let mut tuning = Tuning::vendors("https://api.stlouisfed.org");
    tuning.retry.attempts = 1;
    tuning.timeouts = timeouts;
    tuning
}
