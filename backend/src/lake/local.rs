//! The lake on a local disk. Twin of the lake in S3.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use async_trait::async_trait;

use super::{Key, Lake, LakeError, Put, Tag, sha256_hex};

/// A folder.
#[derive(Clone, Debug)]
pub struct LocalLake {
    root: PathBuf,
}

impl LocalLake {
    /// Opens the lake in `root`; the folder is made by the first write.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// Its folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where a key's file lies.
    pub fn path(&self, key: &Key) -> PathBuf {
        self.root.join(key.to_string())
    }

    /// As [`Lake::list`], for callers that may block.
    pub fn list_blocking(&self, prefix: &str) -> Result<Vec<String>, LakeError> {
        let folder = prefix.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut found = Vec::new();
        walk(&self.root, &self.root.join(folder), &mut found).map_err(|cause| {
            LakeError::Other {
                key: prefix.to_owned(),
                cause,
            }
        })?;
        found.retain(|name| name.starts_with(prefix));
        found.sort();
        Ok(found)
    }

    fn read(&self, key: &Key) -> Result<Option<Vec<u8>>, LakeError> {
        match fs::read(self.path(key)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(cause) => Err(explain(key, cause)),
        }
    }

    /// Writes a whole file beside its place. It is synced before it gets its name, so that a name never stands for half a file.
    fn write_beside(path: &Path, bytes: &[u8]) -> io::Result<tempfile::NamedTempFile> {
        let folder = path.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder)?;
        let mut file = tempfile::Builder::new()
            .prefix(".tmp-")
            .tempfile_in(folder)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        Ok(file)
    }

    fn put_new_blocking(&self, key: &Key, bytes: &[u8]) -> Result<Put, LakeError> {
        let path = self.path(key);
        if path.exists() {
            return Ok(Put::Existed);
        }
        let file = Self::write_beside(&path, bytes).map_err(|e| explain(key, e))?;
        match file.persist_noclobber(&path) {
            Ok(_) => Ok(Put::Created),
            Err(e) if e.error.kind() == io::ErrorKind::AlreadyExists => Ok(Put::Existed),
            Err(e) => Err(explain(key, e.error)),
        }
    }

    fn swap_blocking(
        &self,
        key: &Key,
        bytes: &[u8],
        expected: Option<&Tag>,
    ) -> Result<Tag, LakeError> {
        let path = self.path(key);
        let _guard = lock_beside(&path).map_err(|e| explain(key, e))?;
        let found = self.read(key)?.map(|bytes| tag_of(&bytes));
        if found.as_ref() != expected {
            return Err(LakeError::Changed(key.to_string()));
        }
        let file = Self::write_beside(&path, bytes).map_err(|e| explain(key, e))?;
        file.persist(&path).map_err(|e| explain(key, e.error))?;
        Ok(tag_of(bytes))
    }
}

/// Holds an exclusive lock that the operating system frees when the process ends, however it ends.
fn lock_beside(path: &Path) -> io::Result<File> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(".lock");
    let file = File::create(folder.join(name))?;
    file.lock()?;
    Ok(file)
}

fn tag_of(bytes: &[u8]) -> Tag {
    Tag(sha256_hex(bytes))
}

fn explain(key: &Key, cause: io::Error) -> LakeError {
    match cause.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            LakeError::Full(key.to_string())
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            LakeError::ReadOnly(key.to_string())
        }
        _ => LakeError::Other {
            key: key.to_string(),
            cause,
        },
    }
}

/// Runs file work off the async threads.
async fn blocking<T: Send + 'static>(
    key: &str,
    work: impl FnOnce() -> Result<T, LakeError> + Send + 'static,
) -> Result<T, LakeError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|crash| {
        Err(LakeError::Other {
            key: key.to_owned(),
            cause: io::Error::other(crash),
        })
    })
}

#[async_trait]
impl Lake for LocalLake {
    async fn get(&self, key: &Key) -> Result<Option<Vec<u8>>, LakeError> {
        let (lake, key) = (self.clone(), key.clone());
        blocking(&key.to_string(), move || lake.read(&key)).await
    }

    async fn get_tagged(&self, key: &Key) -> Result<Option<(Vec<u8>, Tag)>, LakeError> {
        let bytes = self.get(key).await?;
        Ok(bytes.map(|bytes| {
            let tag = tag_of(&bytes);
            (bytes, tag)
        }))
    }

    async fn put_new(&self, key: &Key, bytes: &[u8]) -> Result<Put, LakeError> {
        let (lake, key, bytes) = (self.clone(), key.clone(), bytes.to_vec());
        blocking(&key.to_string(), move || {
            lake.put_new_blocking(&key, &bytes)
        })
        .await
    }

    async fn swap(
        &self,
        key: &Key,
        bytes: &[u8],
        expected: Option<&Tag>,
    ) -> Result<Tag, LakeError> {
        let (lake, key, bytes) = (self.clone(), key.clone(), bytes.to_vec());
        let expected = expected.cloned();
        blocking(&key.to_string(), move || {
            lake.swap_blocking(&key, &bytes, expected.as_ref())
        })
        .await
    }

    async fn list(&self, prefix: &str) -> Result<Vec<String>, LakeError> {
        let (lake, wanted) = (self.clone(), prefix.to_owned());
        blocking(prefix, move || lake.list_blocking(&wanted)).await
    }
}

/// Collects the key texts of all files below `folder`; temporary files and locks are not objects.
fn walk(root: &Path, folder: &Path, found: &mut Vec<String>) -> io::Result<()> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    for entry in entries {
        let entry = entry?;
        let path = entry.path();
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if path.is_dir() {
            walk(root, &path, found)?;
        } else if !name.starts_with('.') && !name.ends_with(".lock") {
            let relative = path.strip_prefix(root).unwrap_or(&path);
            found.push(relative.to_string_lossy().replace('\\', "/"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::contract;
    use super::*;

    #[tokio::test]
    async fn keeps_the_contract() {
        let folder = tempfile::tempdir().unwrap();
        contract::suite(&LocalLake::new(folder.path())).await;
    }

    #[tokio::test]
    async fn a_lake_that_cannot_be_written_says_so() {
        let folder = tempfile::tempdir().unwrap();
        // A file where a folder should be stops every user, root too.
        std::fs::write(folder.path().join("runs"), b"").unwrap();
        let lake = LocalLake::new(folder.path());
        let run_id = "one".to_owned();
        let error = lake
            .put_new(&Key::Snapshot { run_id }, b"{}")
            .await
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "cannot reach `runs/one/snapshot.json` in the lake"
        );
    }

    #[test]
    fn a_full_disk_and_a_read_only_one_are_told_apart() {
        let explained = |kind| explain(&Key::Current, io::Error::from(kind)).to_string();
        assert_eq!(
            explained(io::ErrorKind::StorageFull),
            "no space left while writing `current.json`"
        );
        assert_eq!(
            explained(io::ErrorKind::ReadOnlyFilesystem),
            "no permission to write `current.json`"
        );
        assert_eq!(
            explained(io::ErrorKind::PermissionDenied),
            "no permission to write `current.json`"
        );
    }
}
