//! The threads that questions run on: apart from the server's own, so that a hard question never delays a page.

use std::io;

use tokio::runtime::{Builder, Handle, Runtime};

/// DataFusion plans and evaluates expressions recursively. With the number of words that a statement may have,
/// tens of megabytes are the worst case; they are reserved, not used.
const STACK_BYTES: usize = 256 * 1024 * 1024;

/// A thread pool of its own.
pub(super) struct Workers {
    runtime: Option<Runtime>,
    handle: Handle,
}

impl Workers {
    /// Starts one thread a core, four at most.
    pub(super) fn start() -> io::Result<Self> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let threads = cores.min(4);
        let runtime = Builder::new_multi_thread()
            .worker_threads(threads)
            .max_blocking_threads(threads * 2)
            .thread_stack_size(STACK_BYTES)
            .thread_name("query")
            .build()?;
        Ok(Self {
            handle: runtime.handle().clone(),
            runtime: Some(runtime),
        })
    }

    /// Where to spawn.
    pub(super) fn handle(&self) -> &Handle {
        &self.handle
    }
}

impl Drop for Workers {
    /// A runtime must not be dropped where async code runs, for that would wait for its threads.
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
