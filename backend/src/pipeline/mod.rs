//! The pipeline: extract → stage → assemble → train → publish → catalogue, and the report of how it went.

mod attempt;
mod audited;
mod gather;
mod journal;
mod left_out;
mod lock;
mod run;
mod steps;

pub use attempt::new_attempt_id;
pub use audited::audited;
pub use lock::{Busy, RunLock};
pub use run::{RunOptions, run};
pub use steps::{Assembled, assembled, extract_and_stage, trained};
