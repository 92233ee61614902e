//! Assemble: one dataset out of many series, never looking ahead (but where a preset says that it does).

mod build;
mod dataset;
mod features;
mod known;
mod newest;
mod rows;

pub use build::{AssembleError, assemble};
pub use dataset::{Dataset, Feature};
pub(crate) use newest::{Newest, NewestError, newest};

#[cfg(test)]
mod tests;
