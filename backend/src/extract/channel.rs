//! The way to one vendor: paced, counted, patient; what both clients share.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use memchr::memmem;
use rand_chacha::ChaCha8Rng;
use shared::series::Vendor;

use super::http::HttpClient;
use super::pace::Pacer;
use super::quota::Ledger;
use super::retry::{RetryPolicy, with_patience};
use super::timer::Timer;
use super::{Answer, VendorError, classify};
use crate::clock::Clock;
use crate::config::{Secret, VendorSettings};
use crate::lake::sha256_hex;

/// Parameters of a call, without the key.
pub(super) type Query = BTreeMap<String, String>;

/// Is told of every HTTP request that goes out.
pub(super) type Sent<'a> = &'a (dyn Fn() + Send + Sync);

/// The way to one vendor.
pub(super) struct Channel {
    pub(super) vendor: Vendor,
    pub(super) settings: VendorSettings,
    pub(super) http: HttpClient,
    pub(super) pacer: Pacer,
    /// Where there is a daily limit.
    pub(super) ledger: Option<Ledger>,
    pub(super) retry: RetryPolicy,
    pub(super) jitter: Mutex<ChaCha8Rng>,
    pub(super) timer: Arc<dyn Timer>,
    pub(super) clock: Arc<dyn Clock>,
}

impl Channel {
    /// Calls `path` until it gives data, patience ends, or it is refused for good.
    pub(super) async fn call(
        &self,
        path: &str,
        query: &Query,
        sent: Sent<'_>,
    ) -> Result<Answer, VendorError> {
        let Some(key) = &self.settings.key else {
            return Err(classify::no_key(self.vendor));
        };
        with_patience(&self.retry, self.timer.as_ref(), &self.jitter, || {
            self.attempt(path, query, key, sent)
        })
        .await
    }

    async fn attempt(
        &self,
        path: &str,
        query: &Query,
        key: &Secret,
        sent: Sent<'_>,
    ) -> Result<Answer, VendorError> {
        self.pacer.wait().await;
        if let Some(ledger) = &self.ledger {
            // Before it is sent: a crash between the two may count one too many, never one too few.
            ledger.take().await?;
        }
        sent();
        let address = format!("{}{path}", self.settings.url);
        let key_parameter = match self.vendor {
            Vendor::AlphaVantage => "apikey",
            Vendor::Fred => "api_key",
        };
        let pairs = query.iter().map(|(name, value)| (&**name, &**value));
        let response = self
            .http
            .get(&address, pairs.chain([(key_parameter, key.expose())]))
            .await
            .map_err(|error| classify::no_answer(self.vendor, key, &error))?;
        tracing::debug!(
            vendor = %self.vendor,
            ?query,
            status = response.status,
            bytes = response.body.len(),
            "answered"
        );
        let verdict = classify::judge(self.vendor, key, &response);
        if let (Err(VendorError::QuotaExhausted { .. }), Some(ledger)) = (&verdict, &self.ledger) {
            ledger.exhaust().await?;
        }
        verdict?;
        let body = without_key(key, response.body);
        Ok(Answer {
            sha256: sha256_hex(&body),
            fetched_at: self.clock.now(),
            synthetic: response.synthetic,
            body,
        })
    }
}

/// Keys of vendors are longer; a shorter word, such as `demo`, may stand in an answer for its own sake.
const KEY_LENGTH: usize = 12;

/// The body as it came, unless the vendor echoes the key in it: what is kept in the lake can be read by every reader.
fn without_key(key: &Secret, body: Vec<u8>) -> Vec<u8> {
    let word = key.expose().as_bytes();
    let echoed = word.len() >= KEY_LENGTH && memmem::find(&body, word).is_some();
    if echoed {
        key.mask(&String::from_utf8_lossy(&body)).into_bytes()
    } else {
        body
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_a_vendor_echoes_among_data_is_not_kept() {
        let key = Secret::new("ABCDEFGH12345678");
        let clean = b"{\"data\": [1]}".to_vec();
        assert_eq!(without_key(&key, clean.clone()), clean);
        let echoing = b"{\"call\": \"?apikey=ABCDEFGH12345678\", \"data\": [1]}".to_vec();
        let kept = String::from_utf8(without_key(&key, echoing)).unwrap();
        assert_eq!(kept, "{\"call\": \"?apikey=***\", \"data\": [1]}");
        let short = b"a demo".to_vec();
        assert_eq!(without_key(&Secret::new("demo"), short.clone()), short);
    }
}
