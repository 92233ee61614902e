//! Stage: parse, check, normalise to observations; what a check refuses is kept with its reason.

mod check;
mod date_shift;
mod found;
mod merge;
mod parse_alpha_vantage;
mod parse_fred;
mod row;
mod run;
mod series;
mod state;
mod table;
mod tail;

pub use found::{check_of, found};
pub use row::{ParseError, Parsed, Row};
pub(crate) use run::unwritable;
pub use run::{Staged, load_staged, stage};
pub use state::{SeriesStage, StagingState, read_state, staged_observations};
pub use table::{read_known, read_observations, write_observations};

#[cfg(test)]
mod tests;
