//! Integration tests: one binary, because each binary links everything.

mod model_parity;
mod tidy;
