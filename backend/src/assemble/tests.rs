//! Assembling as a whole.
