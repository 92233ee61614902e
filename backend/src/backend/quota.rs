//! The quota as the API shows it: the ledger of calls in the lake.

use async_trait::async_trait;
use shared::api::Quota;
use shared::series::Vendor;

use super::Backend;
use crate::catalogue::ReadError;
use crate::extract::quota;
use crate::http::QuotaReader;
use crate::lake::Key;

#[async_trait]
impl QuotaReader for Backend {
    async fn today(&self) -> Result<Vec<Quota>, ReadError> {
        let lake = self.lake();
        let read = quota::read(lake.as_ref(), self.clock.as_ref(), self.settings.plan).await;
        read.map_err(|error| ReadError::Broken {
            key: Key::Quota(Vendor::AlphaVantage).to_string(),
            message: error.to_string(),
        })
    }
}
