//! The lake in S3: every write is conditional, and S3 decides. Twin of the lake on disk.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{ChecksumAlgorithm, ChecksumMode, CompletedMultipartUpload, CompletedPart};

use super::{Key, Lake, LakeError, Put, Tag};
use crate::backend::cloud::{Aws, Fault, chain};

/// Objects above this size go up in parts, so that a broken connection costs one part.
const LARGE: usize = 32 * 1024 * 1024;

/// Size of a part; S3 wants at least 5 MiB.
const PART: usize = 16 * 1024 * 1024;

/// How often a write is tried again while another one of the same object is being decided (status 409).
const CONFLICTS: u32 = 6;

/// The first wait after such a conflict; each further one is twice as long.
const WAIT: Duration = Duration::from_millis(50);

/// A bucket of its own: keys are as `lake/key.rs` spells them.
#[derive(Clone, Debug)]
pub struct S3Lake {
    aws: Arc<Aws>,
    bucket: String,
    large: usize,
    part: usize,
}

/// What must hold for a write.
#[derive(Clone, Copy)]
enum Condition<'a> {
    Absent,
    Still(&'a Tag),
}

impl Condition<'_> {
    fn if_none_match(self) -> Option<String> {
        matches!(self, Self::Absent).then(|| "*".to_owned())
    }

    fn if_match(self) -> Option<String> {
        match self {
            Self::Absent => None,
            Self::Still(tag) => Some(tag.0.clone()),
        }
    }
}

/// What S3 decided.
enum Decision {
    Written(Tag),
    /// The condition does not hold.
    Refused,
}

impl S3Lake {
    /// Opens the lake in `bucket`. Nothing is sent yet.
    pub fn new(aws: Arc<Aws>, bucket: impl Into<String>) -> Self {
        Self {
            aws,
            bucket: bucket.into(),
            large: LARGE,
            part: PART,
        }
    }

    async fn read(&self, key: &Key) -> Result<Option<(Vec<u8>, Tag)>, LakeError> {
        let name = key.to_string();
        let asked = self.aws.s3().await.get_object();
        let asked = asked.bucket(&self.bucket).key(&name);
        let answer = match asked.checksum_mode(ChecksumMode::Enabled).send().await {
            Ok(answer) => answer,
            Err(error) if error.code() == Some("NoSuchKey") => return Ok(None),
            Err(error) => return Err(self.explain("s3:GetObject", &name, &error)),
        };
        let tag = Tag(answer.e_tag.unwrap_or_default());
        // The SDK compares the checksum while it reads: half an object is an error, not an answer.
        let bytes = answer
            .body
            .collect()
            .await
            .map_err(|error| other(&name, chain(&error)))?;
        Ok(Some((bytes.to_vec(), tag)))
    }

    /// Writes if the condition holds. While S3 is deciding another write of the object, it is asked again.
    async fn write(
        &self,
        name: &str,
        bytes: &[u8],
        when: Condition<'_>,
    ) -> Result<Decision, LakeError> {
        let mut wait = WAIT;
        for _ in 0..CONFLICTS {
            let fault = match self.put(name, bytes, when).await {
                Ok(tag) => return Ok(Decision::Written(tag)),
                Err((action, fault)) => self.decide(action, name, fault)?,
            };
            match fault {
                Some(decision) => return Ok(decision),
                None => tokio::time::sleep(wait).await,
            }
            wait *= 2;
        }
        Err(LakeError::Changed(name.to_owned()))
    }

    /// What a failed write means: a decision, `None` for another try, or an error.
    fn decide(
        &self,
        action: &str,
        name: &str,
        fault: Fault,
    ) -> Result<Option<Decision>, LakeError> {
        match (fault.status, fault.code.as_str()) {
            // 404: the object that was to be replaced is gone.
            (412, _) | (404, "NoSuchKey") => Ok(Some(Decision::Refused)),
            (409, _) => Ok(None),
            _ => Err(self.explained(action, name, fault)),
        }
    }

    async fn put(
        &self,
        name: &str,
        bytes: &[u8],
        when: Condition<'_>,
    ) -> Result<Tag, (&'static str, Fault)> {
        if bytes.len() > self.large {
            return self.put_in_parts(name, bytes, when).await;
        }
        let put = self.aws.s3().await.put_object();
        let put = put.bucket(&self.bucket).key(name);
        let put = put
            .set_if_none_match(when.if_none_match())
            .set_if_match(when.if_match());
        let put = put.body(ByteStream::from(bytes.to_vec()));
        let done = put
            .checksum_algorithm(ChecksumAlgorithm::Crc32)
            .send()
            .await;
        let done = done.map_err(|error| ("s3:PutObject", Fault::of(&error)))?;
        Ok(Tag(done.e_tag.unwrap_or_default()))
    }

    /// Sends the parts one after the other; the object appears with the last call, whole, or not at all.
    async fn put_in_parts(
        &self,
        name: &str,
        bytes: &[u8],
        when: Condition<'_>,
    ) -> Result<Tag, (&'static str, Fault)> {
        let begin = self.aws.s3().await.create_multipart_upload();
        let begin = begin.bucket(&self.bucket).key(name);
        let begun = begin
            .checksum_algorithm(ChecksumAlgorithm::Crc32)
            .send()
            .await;
        let begun = begun.map_err(|error| ("s3:PutObject", Fault::of(&error)))?;
        let upload = begun.upload_id.unwrap_or_default();
        let done = self.send_parts(name, &upload, bytes, when).await;
        if done.is_err() {
            let abort = self.aws.s3().await.abort_multipart_upload();
            let abort = abort.bucket(&self.bucket).key(name).upload_id(&upload);
            if let Err(error) = abort.send().await {
                // The bucket's lifecycle removes it later; the first error is the one to tell.
                tracing::warn!("parts of `{name}` stay behind: {}", Fault::of(&error));
            }
        }
        done.map_err(|fault| ("s3:PutObject", fault))
    }

    async fn send_parts(
        &self,
        name: &str,
        upload: &str,
        bytes: &[u8],
        when: Condition<'_>,
    ) -> Result<Tag, Fault> {
        let mut parts = Vec::new();
        for (number, chunk) in (1..).zip(bytes.chunks(self.part)) {
            let send = self.aws.s3().await.upload_part();
            let send = send.bucket(&self.bucket).key(name).upload_id(upload);
            let send = send
                .part_number(number)
                .body(ByteStream::from(chunk.to_vec()));
            let send = send.checksum_algorithm(ChecksumAlgorithm::Crc32);
            let sent = send.send().await.map_err(|error| Fault::of(&error))?;
            let part = CompletedPart::builder().part_number(number);
            let part = part
                .set_e_tag(sent.e_tag)
                .set_checksum_crc32(sent.checksum_crc32);
            parts.push(part.build());
        }
        let whole = CompletedMultipartUpload::builder().set_parts(Some(parts));
        let end = self.aws.s3().await.complete_multipart_upload();
        let end = end.bucket(&self.bucket).key(name).upload_id(upload);
        let end = end
            .set_if_none_match(when.if_none_match())
            .set_if_match(when.if_match());
        let done = end.multipart_upload(whole.build()).send().await;
        let done = done.map_err(|error| Fault::of(&error))?;
        Ok(Tag(done.e_tag.unwrap_or_default()))
    }

    fn explain<E>(&self, action: &str, name: &str, error: &SdkError<E>) -> LakeError
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        self.explained(action, name, Fault::of(error))
    }

    fn explained(&self, action: &str, name: &str, fault: Fault) -> LakeError {
        if fault.is_denied() {
            let (action, bucket) = (action.to_owned(), &self.bucket);
            let resource = match action.as_str() {
                "s3:ListBucket" => format!("arn:aws:s3:::{bucket}"),
                _ => format!("arn:aws:s3:::{bucket}/{name}"),
            };
            return LakeError::Denied { action, resource };
        }
        other(name, fault)
    }
}

fn other(name: &str, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> LakeError {
    LakeError::Other {
        key: name.to_owned(),
        cause: io::Error::other(cause),
    }
}

#[async_trait]
impl Lake for S3Lake {
    async fn get(&self, key: &Key) -> Result<Option<Vec<u8>>, LakeError> {
        Ok(self.read(key).await?.map(|(bytes, _)| bytes))
    }

    async fn get_tagged(&self, key: &Key) -> Result<Option<(Vec<u8>, Tag)>, LakeError> {
        self.read(key).await
    }

    async fn put_new(&self, key: &Key, bytes: &[u8]) -> Result<Put, LakeError> {
        let decided = self
            .write(&key.to_string(), bytes, Condition::Absent)
            .await?;
        Ok(match decided {
            Decision::Written(_) => Put::Created,
            Decision::Refused => Put::Existed,
        })
    }

    async fn swap(
        &self,
        key: &Key,
        bytes: &[u8],
        expected: Option<&Tag>,
    ) -> Result<Tag, LakeError> {
        let name = key.to_string();
        let when = expected.map_or(Condition::Absent, Condition::Still);
        match self.write(&name, bytes, when).await? {
            Decision::Written(tag) => Ok(tag),
            Decision::Refused => Err(LakeError::Changed(name)),
        }
    }

    async fn list(&self, prefix: &str) -> Result<Vec<String>, LakeError> {
        let asked = self.aws.s3().await.list_objects_v2();
        let mut pages = asked
            .bucket(&self.bucket)
            .prefix(prefix)
            .into_paginator()
            .send();
        let mut found = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| self.explain("s3:ListBucket", prefix, &error))?;
            let objects = page.contents.unwrap_or_default();
            found.extend(objects.into_iter().filter_map(|object| object.key));
        }
        found.sort();
        Ok(found)
    }
}

#[cfg(test)]
mod tests;
