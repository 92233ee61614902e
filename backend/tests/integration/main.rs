//! Integration tests: one binary, because each binary links everything.

#![expect(
    clippy::unwrap_used,
    reason = "clippy.toml allows it in tests, but does not see that helpers of tests are tests"
)]

#[cfg(feature = "cloud")]
mod cloud;
mod diff;
mod faults;
mod journal;
mod model_parity;
mod pipeline;
mod powerbi;
mod what_if;
mod world;
