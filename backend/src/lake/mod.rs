//! The lake: immutable objects under typed keys, and a few pointers that move by compare-and-swap.

#[cfg(test)]
pub(crate) mod contract;
pub mod key;
pub mod local;
#[cfg(feature = "cloud")]
pub mod s3;

use async_trait::async_trait;

pub use key::{Key, hex, sha256_hex};
pub use local::LocalLake;
#[cfg(feature = "cloud")]
pub use s3::S3Lake;

/// What went wrong with the lake.
#[derive(Debug, thiserror::Error)]
pub enum LakeError {
    /// The pointer was moved by somebody else since it was read.
    #[error("`{0}` was changed by another run meanwhile")]
    Changed(String),
    /// No space is left.
    #[error("no space left while writing `{0}`")]
    Full(String),
    /// The lake may not be written.
    #[error("no permission to write `{0}`")]
    ReadOnly(String),
    /// The cloud denies an action on a resource.
    #[error("no permission for `{action}` on `{resource}`")]
    Denied {
        /// The action as a policy names it.
        action: String,
        /// The resource's ARN.
        resource: String,
    },
    /// Anything else, with the key.
    #[error("cannot reach `{key}` in the lake")]
    Other {
        /// The key.
        key: String,
        /// The cause.
        #[source]
        cause: std::io::Error,
    },
}

/// Whether a put wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    /// The object is new.
    Created,
    /// An object was there before and stays as it is.
    Existed,
}

/// The version of an object that was read; needed to swap it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag(pub String);

/// Bytes under keys. Every implementation passes the suite in `lake/contract.rs`.
#[async_trait]
pub trait Lake: Send + Sync {
    /// The object, or `None` where there is none.
    async fn get(&self, key: &Key) -> Result<Option<Vec<u8>>, LakeError>;

    /// The object and the tag that a later [`Lake::swap`] must show.
    async fn get_tagged(&self, key: &Key) -> Result<Option<(Vec<u8>, Tag)>, LakeError>;

    /// Writes an object that must not change any more. Whole or not at all; an existing object is left alone.
    async fn put_new(&self, key: &Key, bytes: &[u8]) -> Result<Put, LakeError>;

    /// Replaces a pointer if it still is what `expected` says (`None`: absent); else [`LakeError::Changed`].
    async fn swap(&self, key: &Key, bytes: &[u8], expected: Option<&Tag>)
    -> Result<Tag, LakeError>;

    /// Names (full key texts) of all objects whose key text starts with `prefix`, sorted.
    async fn list(&self, prefix: &str) -> Result<Vec<String>, LakeError>;
}
