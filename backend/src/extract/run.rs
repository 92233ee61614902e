//! Runs a plan: both vendors at once, each asked one request after the other.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use futures::future::{Either, join_all, select};
use shared::run::Step;
use shared::series::{SeriesId, Vendor};

use super::{Answer, Clients, PlannedRequest, VendorError};
use crate::preset::Request;
use crate::progress::Reporter;

/// How often the wish to stop is looked at while a vendor lets us wait.
const STOP_CHECK: Duration = Duration::from_millis(100);

/// What became of one planned request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extraction {
    /// What was asked.
    pub request: Request,
    /// The series that it serves.
    pub series: Vec<SeriesId>,
    /// HTTP requests sent for it, retries included.
    pub requests_sent: u32,
    /// Its answers, oldest first; or why there are none.
    pub outcome: Result<Vec<Answer>, VendorError>,
}

/// Fetches what is planned. Nothing is written: the step `stage` keeps the answers that bring something.
///
/// Gives one extraction for each planned request, in the plan's order. One that fails stops no other; but once a vendor's
/// quota is used up, its remaining requests fail without being sent. Where the reporter is cancelled, the requests that
/// were not finished are left out: the caller must look at [`Reporter::is_cancelled`].
pub async fn extract(
    clients: &Clients,
    plan: Vec<PlannedRequest>,
    reporter: &Reporter,
) -> Vec<Extraction> {
    let progress = Counter {
        reporter,
        done: AtomicU64::new(0),
        total: plan.len() as u64,
    };
    let numbered: Vec<_> = plan.into_iter().enumerate().collect();
    let (alpha_vantage, fred) = numbered
        .into_iter()
        .partition(|(_, planned)| planned.request.vendor == Vendor::AlphaVantage);
    let queues = [alpha_vantage, fred].map(|queue| one_vendor(clients, queue, &progress));
    let mut finished: Vec<_> = join_all(queues).await.into_iter().flatten().collect();
    finished.sort_by_key(|(number, _)| *number);
    finished
        .into_iter()
        .map(|(_, extraction)| extraction)
        .collect()
}

async fn one_vendor(
    clients: &Clients,
    queue: Vec<(usize, PlannedRequest)>,
    progress: &Counter<'_>,
) -> Vec<(usize, Extraction)> {
    let mut finished = Vec::new();
    let mut used_up: Option<VendorError> = None;
    for (number, planned) in queue {
        progress.begin(&planned.request);
        let sent = AtomicU32::new(0);
        let outcome = if let Some(error) = &used_up {
            Err(error.clone())
        } else {
            let fetching = Box::pin(fetch(clients, &planned, &sent));
            let stopping = Box::pin(stopped(progress.reporter));
            match select(fetching, stopping).await {
                Either::Left((outcome, _)) => outcome,
                Either::Right(_) => break,
            }
        };
        if let Err(error @ VendorError::QuotaExhausted { .. }) = &outcome {
            used_up = Some(error.clone());
        }
        progress.end(&planned.request, outcome.as_ref().err());
        let extraction = Extraction {
            request: planned.request,
            series: planned.series,
            requests_sent: sent.into_inner(),
            outcome,
        };
        finished.push((number, extraction));
    }
    finished
}

async fn fetch(
    clients: &Clients,
    planned: &PlannedRequest,
    sent: &AtomicU32,
) -> Result<Vec<Answer>, VendorError> {
    let vendor = planned.request.vendor;
    let count = || {
        sent.fetch_add(1, Ordering::Relaxed);
    };
    let client = clients.of(vendor);
    client.fetch(&planned.request, planned.window, &count).await
}

/// Returns when the reader wishes to stop.
async fn stopped(reporter: &Reporter) {
    while !reporter.is_cancelled() {
        tokio::time::sleep(STOP_CHECK).await;
    }
}

/// Progress over both vendors together.
struct Counter<'a> {
    reporter: &'a Reporter,
    done: AtomicU64,
    total: u64,
}

impl Counter<'_> {
    fn begin(&self, request: &Request) {
        self.report(format!("asking {}", name(request)));
    }

    fn end(&self, request: &Request, error: Option<&VendorError>) {
        self.done.fetch_add(1, Ordering::Relaxed);
        let name = name(request);
        self.report(match error {
            None => format!("got {name}"),
            Some(error) => format!("did not get {name}: {error}"),
        });
    }

    fn report(&self, message: String) {
        let done = self.done.load(Ordering::Relaxed);
        self.reporter
            .working(Step::Extract, done, self.total, message);
    }
}

/// A request for people: the vendor and the values of its parameters.
fn name(request: &Request) -> String {
    let values = [
        "function",
        "series_id",
        "symbol",
        "from_symbol",
        "to_symbol",
        "maturity",
    ];
    let given = values
        .iter()
        .filter_map(|name| request.parameters.get(*name));
    let given: Vec<&str> = given.map(String::as_str).collect();
    format!("{}, {}", request.vendor.title(), given.join(" "))
}
