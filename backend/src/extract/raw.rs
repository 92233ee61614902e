//! Vendors' answers in the lake: compressed, under the hash of what they hold, so that every number can be traced to them.

use std::io::Read;

use shared::series::Vendor;
use tokio::task::spawn_blocking;

use super::Answer;
use super::http::MAX_BODY;
use crate::lake::{Key, Lake, LakeError, sha256_hex};

/// zstd's default: a tenth of the size at hundreds of megabytes a second.
const LEVEL: i32 = 3;

/// Why a kept answer could not be read.
#[derive(Debug, thiserror::Error)]
pub enum RawError {
    /// The lake failed.
    #[error("cannot read a kept answer")]
    Lake(#[from] LakeError),
    /// It is not there.
    #[error("the answer `{0}` is not in the lake")]
    Missing(String),
    /// It is there, but it is not what was kept.
    #[error(
        "the answer `{0}` in the lake is damaged; delete it and run again with its series' whole history"
    )]
    Damaged(String),
}

/// Keeps an answer. One that is there already is left as it is.
pub async fn keep_raw(lake: &dyn Lake, vendor: Vendor, answer: &Answer) -> Result<(), LakeError> {
    let key = Key::Raw {
        vendor,
        sha256: answer.sha256.clone(),
    };
    let body = answer.body.clone();
    let packed = spawn_blocking(move || zstd::bulk::compress(&body, LEVEL)).await;
    let packed = packed
        .unwrap_or_else(|crash| Err(crash.into()))
        .map_err(|cause| LakeError::Other {
            key: key.to_string(),
            cause,
        })?;
    lake.put_new(&key, &packed).await?;
    Ok(())
}

/// The body of an answer kept earlier, byte for byte. Verifies its hash.
pub async fn read_raw(lake: &dyn Lake, vendor: Vendor, sha256: &str) -> Result<Vec<u8>, RawError> {
    let key = Key::Raw {
        vendor,
        sha256: sha256.to_owned(),
    };
    let Some(packed) = lake.get(&key).await? else {
        return Err(RawError::Missing(key.to_string()));
    };
    match unpack(&packed) {
        Ok(body) if sha256_hex(&body) == sha256 => Ok(body),
        Ok(_) | Err(_) => Err(RawError::Damaged(key.to_string())),
    }
}

/// Unpacks no more than an answer can have held, whatever the file claims.
fn unpack(packed: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut body = Vec::new();
    zstd::Decoder::new(packed)?
        .take(MAX_BODY as u64)
        .read_to_end(&mut body)?;
    Ok(body)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lake::LocalLake;

    fn answer(body: &[u8]) -> Answer {
        Answer {
            body: body.to_vec(),
            sha256: sha256_hex(body),
            fetched_at: chrono::DateTime::UNIX_EPOCH,
            synthetic: false,
        }
    }

    #[tokio::test]
    async fn an_answer_comes_back_byte_for_byte_and_is_written_once() {
        let folder = tempfile::tempdir().unwrap();
        let lake = LocalLake::new(folder.path());
        let answer = answer("{\"data\": [1, 2]}\r\n".repeat(500).as_bytes());
        keep_raw(&lake, Vendor::Fred, &answer).await.unwrap();
        keep_raw(&lake, Vendor::Fred, &answer).await.unwrap();
        let names = lake.list("extraction-staging/raw/fred/").await.unwrap();
        assert_eq!(names.len(), 1);
        let size = std::fs::metadata(folder.path().join(&names[0]))
            .unwrap()
            .len();
        assert!(size < 200, "{size} bytes");
        let read = read_raw(&lake, Vendor::Fred, &answer.sha256).await.unwrap();
        assert_eq!(read, answer.body);
    }

    #[tokio::test]
    async fn a_missing_or_damaged_answer_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let lake = LocalLake::new(folder.path());
        let sha256 = answer(b"what was kept").sha256;
        let error = read_raw(&lake, Vendor::Fred, &sha256).await.unwrap_err();
        assert!(matches!(error, RawError::Missing(_)));
        let key = Key::Raw {
            vendor: Vendor::Fred,
            sha256: sha256.clone(),
        };
        let others = zstd::bulk::compress(b"something else", LEVEL).unwrap();
        for damaged in [others.as_slice(), b"no zstd", b""] {
            let path = lake.path(&key);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, damaged).unwrap();
            let error = read_raw(&lake, Vendor::Fred, &sha256).await.unwrap_err();
            assert!(matches!(&error, RawError::Damaged(name) if *name == key.to_string()));
        }
    }
}
