//! The market as an HTTP server of its own.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use axum::Router;
use axum::extract::{Query, State};
use axum::http::{HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::faults::FaultRule;
use super::request::Request;
use super::vendors::{Served, Vendors};
use super::{MarketError, MarketOptions};
use crate::extract::SYNTHETIC_HEADER;

type Shared = Arc<Mutex<Vendors>>;

/// A running market. When it is dropped it accepts no more connections and delivers the answers that are under way.
pub struct MarketServer {
    address: SocketAddr,
    vendors: Shared,
    /// Dropped with the server, which tells it to stop.
    running: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

/// Starts the synthetic market on an address; port 0 takes a free one. Needs a running tokio runtime.
pub async fn start(options: MarketOptions, addr: SocketAddr) -> Result<MarketServer, MarketError> {
    let cannot = |source: io::Error| MarketError::Listen { addr, source };
    let listener = TcpListener::bind(addr).await.map_err(cannot)?;
    let address = listener.local_addr().map_err(cannot)?;
    let vendors: Shared = Arc::new(Mutex::new(Vendors::new(options)));
    let router = Router::new()
        .fallback(answer)
        .with_state(Arc::clone(&vendors));
    let (running, stopped) = oneshot::channel::<()>();
    let task = tokio::spawn(async move {
        let stop = async move {
            // The sender is never used; it is dropped.
            let _ = stopped.await;
        };
        let served = axum::serve(listener, router).with_graceful_shutdown(stop);
        if let Err(error) = served.await {
            tracing::error!(%error, "the synthetic market stopped");
        }
    });
    Ok(MarketServer {
        address,
        vendors,
        running,
        task,
    })
}

impl MarketServer {
    /// The base address of both vendors, `http://127.0.0.1:8099`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Stops, and waits until the answers under way are delivered and the address is free.
    pub async fn stop(self) {
        drop(self.running);
        if let Err(error) = self.task.await {
            tracing::error!(%error, "the synthetic market stopped");
        }
    }

    /// Every request served so far, oldest first; keys are masked.
    pub fn requests(&self) -> Vec<Served> {
        lock(&self.vendors).served()
    }

    /// Moves the market to the end of another day: what was public by then can be seen, and the free plan's day begins anew.
    pub fn set_today(&self, today: NaiveDate) {
        lock(&self.vendors).set_today(today);
    }

    /// Replaces the fault rules; they count anew.
    pub fn set_faults(&self, faults: Vec<FaultRule>) {
        lock(&self.vendors).set_faults(faults);
    }
}

/// A panic while answering is a bug of the answer alone: the state behind it is still whole.
fn lock(vendors: &Mutex<Vendors>) -> MutexGuard<'_, Vendors> {
    vendors.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn answer(
    State(vendors): State<Shared>,
    uri: Uri,
    Query(parameters): Query<BTreeMap<String, String>>,
) -> Response {
    let seed = lock(&vendors).seed();
    let mut response = match Request::new(uri.path(), parameters) {
        Some(request) => {
            let (reply, delivery) = lock(&vendors).answer(&request, Instant::now());
            delivery.response(reply).await
        }
        None => StatusCode::NOT_FOUND.into_response(),
    };
    let headers = response.headers_mut();
    headers.insert(SYNTHETIC_HEADER, HeaderValue::from(seed));
    response
}
