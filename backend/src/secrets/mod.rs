//! The vendors' keys: from the settings on a laptop, from Secrets Manager in the cloud.

#[cfg(feature = "cloud")]
pub mod aws;
#[cfg(test)]
mod contract;

use async_trait::async_trait;
use shared::series::Vendor;

use crate::config::{Market, Secret};

/// Why a key is not known.
#[derive(Debug, thiserror::Error)]
pub enum SecretsError {
    /// There is no such secret, or it may not be read, or it is not what it should be.
    #[error("{message}")]
    Unusable {
        /// What is wrong, without the secret.
        message: String,
        /// What to do.
        advice: String,
    },
    /// Another attempt may succeed.
    #[error("the secret `{id}` cannot be read now: {message}")]
    Unreachable {
        /// The secret's name.
        id: String,
        /// Why.
        message: String,
    },
}

/// Knows the vendors' keys. Twins: the settings here, Secrets Manager in the cloud.
#[async_trait]
pub trait Secrets: Send + Sync {
    /// A vendor's key; `None` where none is needed.
    async fn key(&self, vendor: Vendor) -> Result<Option<Secret>, SecretsError>;
}

/// The keys that the settings hold.
pub struct Configured(pub Market);

#[async_trait]
impl Secrets for Configured {
    async fn key(&self, vendor: Vendor) -> Result<Option<Secret>, SecretsError> {
        let Market::Vendors {
            alpha_vantage,
            fred,
        } = &self.0
        else {
            return Ok(None);
        };
        Ok(match vendor {
            Vendor::AlphaVantage => alpha_vantage.key.clone(),
            Vendor::Fred => fred.key.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::VendorSettings;

    #[tokio::test]
    async fn the_settings_keep_the_contract() {
        let [alpha_vantage, fred] = contract::KEYS.map(|(_, key)| VendorSettings {
            url: "http://127.0.0.1:1".to_owned(),
            key: Some(Secret::new(key)),
        });
        let market = Market::Vendors {
            alpha_vantage,
            fred,
        };
        contract::suite(&Configured(market)).await;
    }

    #[tokio::test]
    async fn a_market_without_keys_needs_none() {
        let key = Configured(Market::Synthetic).key(Vendor::Fred).await;
        assert_eq!(key.unwrap(), None);
    }
}
