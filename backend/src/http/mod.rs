//! The step `http`.
