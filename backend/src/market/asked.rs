//! A request together with what its answer depends on: the day, the plan and the faults that it meets.

use chrono::NaiveDate;

use super::faults::Fault;
use super::request::Request;
use super::rows::Rows;

/// What is asked, and under which circumstances.
pub(super) struct Asked<'a> {
    /// The request.
    pub(super) request: &'a Request,
    /// The market's day: nothing later is visible.
    pub(super) today: NaiveDate,
    /// Whether the key is on the free plan.
    pub(super) free_plan: bool,
    /// The faults that this request meets.
    pub(super) faults: &'a [Fault],
}

impl Asked<'_> {
    /// Alters rows by the data faults among those of the request.
    pub(super) fn alter(&self, mut rows: Rows) -> Rows {
        for fault in self.faults {
            fault.alter(&mut rows, self.today);
        }
        rows
    }
}
