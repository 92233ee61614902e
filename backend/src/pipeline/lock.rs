//! One run at a time. On a laptop the operating system watches: its lock is free when the process ends, however it ends.

use std::fs::{File, TryLockError};

use async_trait::async_trait;

use crate::lake::{LakeError, LocalLake};

/// Held while a run is going.
#[derive(Debug)]
pub struct RunLock {
    _file: File,
}

/// Why a run may not begin.
#[derive(Debug, thiserror::Error)]
pub enum Busy {
    /// Another run holds the lock.
    #[error("another run is going in this lake")]
    Running,
    /// The lake's folder cannot be written.
    #[error("the folder `{folder}` cannot be written")]
    Unwritable {
        /// The folder.
        folder: String,
        /// Why.
        #[source]
        cause: std::io::Error,
    },
    /// An attempt holds the lease.
    #[error("attempt {attempt_id} is going in this lake")]
    Attempt {
        /// Its name.
        attempt_id: String,
    },
    /// The lake fails.
    #[error("the lease cannot be taken")]
    Lake(#[from] LakeError),
}

impl RunLock {
    /// Takes the lock at once or says who is in the way.
    pub fn take(lake: &LocalLake) -> Result<Self, Busy> {
        let unwritable = |cause| Busy::Unwritable {
            folder: lake.root().display().to_string(),
            cause,
        };
        std::fs::create_dir_all(lake.root()).map_err(unwritable)?;
        let file = File::create(lake.root().join("run.lock")).map_err(unwritable)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(Busy::Running),
            Err(TryLockError::Error(cause)) => Err(unwritable(cause)),
        }
    }
}

/// Held until it is given back.
#[async_trait]
pub trait Held: Send {
    /// Lets the next one in.
    async fn release(self: Box<Self>) -> Result<(), Busy>;
}

/// Lets one run in at a time. Twins: [`RunLock`] on a laptop, [`super::Lease`] where runs are on different machines.
#[async_trait]
pub trait RunLocks: Send + Sync {
    /// Takes the lock at once or says who is in the way.
    async fn take(&self) -> Result<Box<dyn Held>, Busy>;
}

#[async_trait]
impl Held for RunLock {
    async fn release(self: Box<Self>) -> Result<(), Busy> {
        Ok(())
    }
}

#[async_trait]
impl RunLocks for LocalLake {
    async fn take(&self) -> Result<Box<dyn Held>, Busy> {
        Ok(Box::new(RunLock::take(self)?))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// What both twins do: `one` and `two` are two runs of one lake.
    pub(in crate::pipeline) async fn suite(one: &dyn RunLocks, two: &dyn RunLocks) {
        let held = one.take().await.ok().unwrap();
        let busy = two.take().await.err().unwrap();
        assert!(
            matches!(busy, Busy::Running | Busy::Attempt { .. }),
            "{busy}"
        );
        held.release().await.unwrap();
        let held = two.take().await.ok().unwrap();
        assert!(one.take().await.is_err());
        held.release().await.unwrap();
    }

    #[tokio::test]
    async fn the_operating_systems_lock_keeps_the_contract() {
        let folder = tempfile::tempdir().unwrap();
        let lake = LocalLake::new(folder.path());
        suite(&lake, &lake.clone()).await;
    }
}
