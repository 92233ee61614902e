//! The few calls of S3 that read results and published files: get, head and list. Everything else is refused.

use std::ops::Range;
use std::sync::Arc;

use axum::extract::{Extension, Path, Query};
use axum::http::header::{ACCEPT_RANGES, CONTENT_RANGE, CONTENT_TYPE, ETAG, LAST_MODIFIED, RANGE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, SecondsFormat, Utc};
use serde::Deserialize;

use super::{BUCKET, LocalAws};
use crate::lake::key::QUERY_RESULTS;
use crate::lake::sha256_hex;

/// Objects of one page, as in S3.
const LARGEST: usize = 1000;

/// What a client asks of a list.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Listed {
    #[serde(default)]
    prefix: String,
    delimiter: Option<String>,
    max_keys: Option<usize>,
    continuation_token: Option<String>,
    start_after: Option<String>,
}

/// Answers `GetObject` and `HeadObject`.
pub(super) async fn object(
    Extension(aws): Extension<Arc<LocalAws>>,
    Path(key): Path<String>,
    headers: HeaderMap,
) -> Response {
    if !is_visible(&aws, &key).await {
        return failed(
            StatusCode::NOT_FOUND,
            "NoSuchKey",
            "The specified key does not exist.",
        );
    }
    let path = aws.lake.root().join(&key);
    let (Ok(bytes), Ok(meta)) = (
        tokio::fs::read(&path).await,
        tokio::fs::metadata(&path).await,
    ) else {
        return failed(
            StatusCode::NOT_FOUND,
            "NoSuchKey",
            "The specified key does not exist.",
        );
    };
    let modified = meta
        .modified()
        .map_or(DateTime::UNIX_EPOCH, DateTime::<Utc>::from);
    let asked = headers.get(RANGE).and_then(|value| value.to_str().ok());
    let Some(range) = range(asked, bytes.len()) else {
        let message = "The requested range is not satisfiable";
        return failed(StatusCode::RANGE_NOT_SATISFIABLE, "InvalidRange", message);
    };
    let mut answer = HeaderMap::new();
    let modified = modified.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    set(&mut answer, LAST_MODIFIED.as_str(), &modified);
    set(
        &mut answer,
        ETAG.as_str(),
        &format!("\"{}\"", sha256_hex(&bytes)),
    );
    set(&mut answer, ACCEPT_RANGES.as_str(), "bytes");
    set(
        &mut answer,
        CONTENT_TYPE.as_str(),
        "application/octet-stream",
    );
    if asked.is_none() {
        return (answer, bytes).into_response();
    }
    let place = format!("bytes {}-{}/{}", range.start, range.end - 1, bytes.len());
    set(&mut answer, CONTENT_RANGE.as_str(), &place);
    (StatusCode::PARTIAL_CONTENT, answer, bytes[range].to_vec()).into_response()
}

/// Answers `ListObjectsV2`.
pub(super) async fn list(
    Extension(aws): Extension<Arc<LocalAws>>,
    Query(asked): Query<Listed>,
) -> Response {
    let mut keys = Vec::new();
    let lake = aws.lake.clone();
    let results = tokio::task::spawn_blocking(move || lake.list_blocking(QUERY_RESULTS)).await;
    keys.extend(results.ok().and_then(Result::ok).unwrap_or_default());
    if let Ok(Some((_, runs))) = aws.catalogue.manifests().await {
        let files = runs.iter().flat_map(|run| run.tables.values());
        keys.extend(files.map(|file| file.key.clone()));
    }
    keys.retain(|key| key.starts_with(&asked.prefix));
    keys.sort();
    let after = asked
        .continuation_token
        .as_ref()
        .or(asked.start_after.as_ref());
    if let Some(after) = after {
        keys.retain(|key| key > after);
    }
    let (keys, folders) = group(keys, &asked);
    let most = asked.max_keys.unwrap_or(LARGEST).clamp(1, LARGEST);
    let is_cut = keys.len() > most;
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\
         <Name>{BUCKET}</Name><Prefix>{}</Prefix><MaxKeys>{most}</MaxKeys><KeyCount>{}</KeyCount><IsTruncated>{is_cut}</IsTruncated>",
        escaped(&asked.prefix),
        keys.len().min(most) + folders.len(),
    );
    if let (true, Some(last)) = (is_cut, keys.get(most - 1)) {
        text += "<NextContinuationToken>";
        text += &escaped(last);
        text += "</NextContinuationToken>";
    }
    for key in keys.iter().take(most) {
        text += &entry(&aws, key);
    }
    for folder in folders {
        text += "<CommonPrefixes><Prefix>";
        text += &escaped(&folder);
        text += "</Prefix></CommonPrefixes>";
    }
    text += "</ListBucketResult>";
    xml(StatusCode::OK, text)
}

/// Answers everything that would write.
pub(super) async fn refuse() -> Response {
    let message = "the local lake can only be read over S3";
    failed(StatusCode::FORBIDDEN, "AccessDenied", message)
}

/// Results, and the files of published runs. Nothing else of the lake is shown.
async fn is_visible(aws: &LocalAws, key: &str) -> bool {
    if let Some(name) = key.strip_prefix(QUERY_RESULTS) {
        return !name.contains(['/', '\\']) && !name.starts_with('.');
    }
    let manifests = aws.catalogue.manifests().await;
    let runs = manifests
        .ok()
        .flatten()
        .map(|(_, runs)| runs)
        .unwrap_or_default();
    let mut files = runs.iter().flat_map(|run| run.tables.values());
    files.any(|file| file.key == key)
}

/// The bytes that a `Range` means; `None` if there are none such. What is no range of bytes means all.
fn range(asked: Option<&str>, length: usize) -> Option<Range<usize>> {
    let Some((from, to)) = asked.and_then(|text| text.strip_prefix("bytes=")?.split_once('-'))
    else {
        return Some(0..length);
    };
    let range = match (from.parse::<usize>(), to.parse::<usize>()) {
        (Ok(from), Ok(to)) => from..length.min(to.saturating_add(1)),
        (Ok(from), Err(_)) => from..length,
        (Err(_), Ok(last)) => length.saturating_sub(last)..length,
        (Err(_), Err(_)) => 0..length,
    };
    (range.start < range.end).then_some(range)
}

/// Keys, and the folders in whose place a delimiter puts them.
fn group(keys: Vec<String>, asked: &Listed) -> (Vec<String>, Vec<String>) {
    let Some(delimiter) = asked.delimiter.as_deref().filter(|text| !text.is_empty()) else {
        return (keys, Vec::new());
    };
    let (mut own, mut folders) = (Vec::new(), Vec::new());
    for key in keys {
        let rest = &key[asked.prefix.len()..];
        match rest.find(delimiter) {
            Some(end) => folders.push(key[..asked.prefix.len() + end + delimiter.len()].to_owned()),
            None => own.push(key),
        }
    }
    folders.dedup();
    (own, folders)
}

fn entry(aws: &LocalAws, key: &str) -> String {
    let meta = std::fs::metadata(aws.lake.root().join(key));
    let size = meta.as_ref().map_or(0, std::fs::Metadata::len);
    let modified = meta.and_then(|meta| meta.modified());
    let modified = modified.map_or(DateTime::UNIX_EPOCH, DateTime::<Utc>::from);
    format!(
        "<Contents><Key>{}</Key><LastModified>{}</LastModified><Size>{size}</Size><StorageClass>STANDARD</StorageClass></Contents>",
        escaped(key),
        modified.to_rfc3339_opts(SecondsFormat::Millis, true),
    )
}

fn set(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

fn failed(status: StatusCode, code: &str, message: &str) -> Response {
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    );
    xml(status, text)
}

fn xml(status: StatusCode, text: String) -> Response {
    (status, [(CONTENT_TYPE, "application/xml")], text).into_response()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::range;

    #[test]
    fn ranges_are_those_of_http() {
        assert_eq!(range(None, 10), Some(0..10));
        assert_eq!(range(Some("bytes=0-3"), 10), Some(0..4));
        assert_eq!(range(Some("bytes=4-"), 10), Some(4..10));
        assert_eq!(range(Some("bytes=-3"), 10), Some(7..10));
        assert_eq!(range(Some("bytes=4-99"), 10), Some(4..10));
        assert_eq!(range(Some("bytes=10-12"), 10), None);
        assert_eq!(range(None, 0), Some(0..0));
    }
}
