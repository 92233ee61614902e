//! Integration tests.

mod model_parity;
