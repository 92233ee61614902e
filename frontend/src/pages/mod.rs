//! The pages, one file each.

mod data;
mod model;
mod not_found;
mod nothing_yet;
mod runs;
mod valuation;

pub(crate) use data::DataPage;
pub(crate) use model::ModelPage;
pub(crate) use not_found::NotFoundPage;
pub(crate) use runs::RunsPage;
pub(crate) use valuation::ValuationPage;
