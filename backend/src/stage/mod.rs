//! The step `stage`.
