//! Integration tests: one binary, because each binary links everything.

mod faults;
mod model_parity;
mod pipeline;
mod tidy;
mod world;
