//! The dashboard's first view in the site's bucket, under the address that the page asks for.

use std::sync::Arc;

use async_trait::async_trait;
use aws_sdk_s3::primitives::ByteStream;
use shared::api::{Get as _, GetValuation};

use super::first_view::FirstView;
use crate::backend::cloud::{Aws, Fault};
use crate::lake::LakeError;

/// The bucket that the content network reads.
pub struct SiteBucket {
    aws: Arc<Aws>,
    bucket: String,
}

impl SiteBucket {
    /// Writes into this bucket. Nothing is sent yet.
    pub fn new(aws: Arc<Aws>, bucket: impl Into<String>) -> Self {
        let bucket = bucket.into();
        Self { aws, bucket }
    }
}

#[async_trait]
impl FirstView for SiteBucket {
    async fn show(&self, snapshot: &[u8]) -> Result<Option<String>, LakeError> {
        let key = GetValuation::ROUTE.trim_start_matches('/');
        let put = self.aws.s3().await.put_object();
        let put = put.bucket(&self.bucket).key(key);
        let put = put.content_type("application/json");
        // As the API says of the same address: ask with the tag each time.
        let put = put.cache_control("no-cache");
        let put = put.body(ByteStream::from(snapshot.to_vec()));
        match put.send().await {
            Ok(_) => Ok(Some(format!("s3://{}/{key}", self.bucket))),
            Err(error) => Err(self.explain(key, Fault::of(&error))),
        }
    }
}

impl SiteBucket {
    fn explain(&self, key: &str, fault: Fault) -> LakeError {
        if fault.is_denied() {
            return LakeError::Denied {
                action: "s3:PutObject".to_owned(),
                resource: format!("arn:aws:s3:::{}/{key}", self.bucket),
            };
        }
        LakeError::Other {
            key: key.to_owned(),
            cause: std::io::Error::other(fault),
        }
    }
}
