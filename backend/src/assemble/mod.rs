//! Assemble: one dataset out of many series, never looking ahead (but where a preset says that it does).

mod dataset;

pub use dataset::{Dataset, Feature};
