//! Routes that look behind a number: why it moved.

use serde::{Deserialize, Serialize};

use super::{Get, with_query};
use crate::diff::RunDiff;

/// `GET /api/diff?from=&to=`: why the newest valuation of run `to` is not that of run `from`, in lines that add up.
///
/// Takes a while the first time: both datasets are made again.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct GetDiff {
    /// A published run: its id, or the unique beginning of one. Absent: the run before `to` of the same preset.
    pub from: Option<String>,
    /// The same; absent: the current run.
    pub to: Option<String>,
}

impl Get for GetDiff {
    const ROUTE: &'static str = "/api/diff";
    type Response = RunDiff;
    fn path(&self) -> String {
        let part =
            |name: &str, run: &Option<String>| run.as_ref().map(|run| format!("{name}={run}"));
        let parts = [part("from", &self.from), part("to", &self.to)];
        with_query(Self::ROUTE, &parts)
    }
}
