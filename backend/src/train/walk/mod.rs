//! Two members that walk forward through time, their combination, and how far it can be trusted.

mod linear;
mod members;
mod panel;
mod pass;
mod report;
mod trees;

mod band_scores;
mod evaluation;
mod ewma;
mod gap;
mod gate;
mod intervals;
mod refit;
mod regression;
mod ridge;
mod scale;
mod window;

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod tests;

pub(crate) use band_scores::interval_scores;
pub(crate) use evaluation::{Market, compare, evaluate};
pub(crate) use gap::gaps;
pub(crate) use gate::{GateRule, open};
pub(crate) use intervals::{newest_band, normal_bands};
pub(crate) use members::{Forecast, Members, WalkSettings};
pub(crate) use panel::{Panel, drivers, periods};
pub(super) use pass::pass;
pub(crate) use pass::{Pass, owned, previous, ship, walk_through};
pub(crate) use refit::{monthly_ridge, start_of_month};
pub(crate) use report::{PERIODS, fits, last_members, reading, report};
pub(crate) use scale::scales;
