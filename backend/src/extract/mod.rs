//! Extract: ask each vendor for what is new, keep its answer byte for byte, understand its refusals.

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};

use crate::preset::Request;

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
    /// Reference dates from this day on, and revisions of them.
    Since(NaiveDate),
}

/// Why a vendor gave no data.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VendorError {
    /// Another attempt may succeed.
    #[error("{message}")]
    Retry {
        /// What happened; keys masked.
        message: String,
        /// Not before so many seconds, where the vendor says so.
        after_seconds: Option<u64>,
    },
    /// No call can succeed before the next UTC day: today's quota is used up.
    #[error("{message}")]
    QuotaExhausted {
        /// What happened; keys masked.
        message: String,
    },
    /// Another attempt will fail too, until somebody does what `advice` says.
    #[error("{message}")]
    Fail {
        /// What happened; keys masked.
        message: String,
        /// What to do.
        advice: String,
    },
}

/// A vendor's client: paced, patient, within its quota. Twins: the cloud uses the same ones.
#[async_trait]
pub trait VendorClient: Send + Sync {
    /// Fetches one request; several answers where the vendor must be asked in parts, oldest first.
    /// `sent` is told of every HTTP request that goes out, retries included.
    async fn fetch(
        &self,
        request: &Request,
        window: Window,
        sent: &(dyn Fn() + Send + Sync),
    ) -> Result<Vec<Answer>, VendorError>;
}

/// What one request brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extraction {
    /// The request.
    pub request: Request,
    /// The series that it serves.
    pub series: Vec<shared::series::SeriesId>,
    /// HTTP requests sent for it, retries included.
    pub requests_sent: u32,
    /// The answers, or why there are none.
    pub outcome: Result<Vec<Answer>, VendorError>,
}
