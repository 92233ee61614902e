//! One run at a time: a lock on the lake that the operating system frees when the process ends, however it ends.

use std::fs::{File, TryLockError};

use crate::lake::LocalLake;

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
