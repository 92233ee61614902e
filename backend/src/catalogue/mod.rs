//! Catalogue: makes published runs findable. Embedded, the manifests themselves are the catalogue.

mod published;

pub use published::{Published, ReadError};
