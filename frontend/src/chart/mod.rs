//! Charts over days: drawn, told in a sentence, walked by keys, and as a table.

mod bindings;
mod canvas;
mod keys;
mod plot;
mod readout;
mod table;
mod time;
mod valuation;

pub(crate) use bindings::preload;
pub(crate) use plot::{Layer, Pane, Plot, Scale, Shape, align};
pub(crate) use time::TimeChart;
pub(crate) use valuation::ValuationChart;
