//! The pipeline: extract → stage → assemble → train → publish → catalogue, and the report of how it went.

mod attempt;
mod audited;
mod catalogue;
mod gather;
mod halves;
mod journal;
mod lease;
mod left_out;
mod lock;
mod run;
mod steps;
mod unpublished;

pub use attempt::new_attempt_id;
pub use audited::audited;
pub use halves::{Extracted, extracted, give_up, run_extract, run_extracted};
pub use lease::{Claim, Lease, leaseholder};
pub use lock::{Busy, Held, RunLock, RunLocks};
pub use run::{RunOptions, run};
pub use steps::{Assembled, assembled, extract_and_stage, trained};
