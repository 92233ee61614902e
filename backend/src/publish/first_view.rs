//! The dashboard's first view beside the site's files, so that it needs no server. On a laptop the server is there anyway.

use async_trait::async_trait;

use crate::lake::LakeError;

/// Takes the first view of the published run.
#[async_trait]
pub trait FirstView: Send + Sync {
    /// Shows this snapshot (JSON) from now on. Gives where, or `None` where there is no such place.
    async fn show(&self, snapshot: &[u8]) -> Result<Option<String>, LakeError>;
}

/// The server reads the lake: there is nothing to copy.
pub struct NoCopy;

#[async_trait]
impl FirstView for NoCopy {
    async fn show(&self, _: &[u8]) -> Result<Option<String>, LakeError> {
        Ok(None)
    }
}
