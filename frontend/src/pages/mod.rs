//! The pages, one folder each; those of one file are a file.

mod data;
mod drivers;
mod model;
mod not_found;
mod nothing_yet;
mod runs;
mod sql;
mod valuation;
mod what_if;

pub(crate) use data::DataPage;
pub(crate) use drivers::DriversPage;
pub(crate) use model::ModelPage;
pub(crate) use not_found::NotFoundPage;
pub(crate) use runs::RunsPage;
pub(crate) use sql::SqlPage;
pub(crate) use valuation::ValuationPage;
pub(crate) use what_if::WhatIfPage;
