//! Integration tests: one binary, because each binary links everything.

mod tidy;
