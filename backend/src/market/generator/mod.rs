//! The generator: a whole market out of a seed. Nothing in it is real data.

pub(super) mod archive;
mod bars;
pub(super) mod chance;
mod economy;
pub(super) mod instruments;
mod path;
mod release;
pub(super) mod series;
pub(super) mod world;

#[cfg(test)]
mod tests;
