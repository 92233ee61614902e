//! What if: the newest day of a run, written down so that page and API can value it at other levels of its drivers.

mod day;
mod inputs;
mod native;
mod scenarios;

pub(crate) use day::what_if;
pub(crate) use native::XgboostTrees;
