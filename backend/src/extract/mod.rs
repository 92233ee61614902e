//! Extract: ask each vendor for what is new, and understand its refusals.

mod alpha_vantage;
mod channel;
mod classify;
mod clients;
mod error;
mod fred;
pub mod http;
mod pace;
mod plan;
pub mod quota;
mod raw;
mod retry;
mod run;
mod timer;

#[cfg(test)]
mod scripted;
#[cfg(test)]
mod tests;

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};

use crate::preset::Request;

pub use clients::{Access, Clients, Tuning};
pub use error::VendorError;
pub use pace::Pace;
pub use plan::{PlannedRequest, plan};
pub use raw::{RawError, keep_raw, read_raw};
pub use retry::RetryPolicy;
pub use run::{Extraction, extract};

/// One vendor's answer to one call, already known not to be a refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The body, byte for byte.
    pub body: Vec<u8>,
    /// Its SHA-256 in hex.
    pub sha256: String,
    /// When it came (UTC).
    pub fetched_at: DateTime<Utc>,
    /// Whether the synthetic market sent it (header [`SYNTHETIC_HEADER`]).
    pub synthetic: bool,
}

/// The header by which the synthetic market says what it is.
pub const SYNTHETIC_HEADER: &str = "x-assay-synthetic";

/// Which part of a series' history a call asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// All there is.
    Full,
    /// Reference dates from this day on, and revisions of them. For a series with vintages: all that was published on
    /// this day or later.
    Since(NaiveDate),
}

/// A vendor's client: paced, patient, within its quota. Twins: the cloud uses the same ones.
#[async_trait]
pub trait VendorClient: Send + Sync {
    /// Fetches one request; several answers where the vendor must be asked in parts, oldest first.
    /// `sent` is told of every HTTP request that goes out, retries included.
    ///
    /// A row of a series with vintages carries the day on which its value was first reported, but no earlier day than
    /// its window's first: a row that repeats the value known before is no revision.
    async fn fetch(
        &self,
        request: &Request,
        window: Window,
        sent: &(dyn Fn() + Send + Sync),
    ) -> Result<Vec<Answer>, VendorError>;
}
