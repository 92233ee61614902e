//! The journal: an append-only log of every published valuation, chained by hashes and scored against what happened.

mod append;
mod chain;
mod entry;
mod reader;
mod score;
mod verify;

pub use append::{JournalError, append};
pub use reader::JournalReader;
pub use verify::Verified;

#[cfg(test)]
mod tests;
