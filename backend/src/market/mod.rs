//! The step `market`.
