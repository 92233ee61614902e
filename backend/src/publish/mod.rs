//! The step `publish`.
