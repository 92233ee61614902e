//! Rows between the generator and the wire: what the data faults alter.

use chrono::NaiveDate;

/// A row about to be written.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    /// Its date.
    pub(super) date: NaiveDate,
    /// Its numbers as texts: one value; or open, high, low, close; or these and the volume.
    pub(super) values: Vec<String>,
    /// FRED: first and last day of its real-time period.
    pub(super) realtime: Option<(NaiveDate, NaiveDate)>,
}

impl Row {
    /// A row of Alpha Vantage.
    pub(super) fn new(date: NaiveDate, values: Vec<String>) -> Self {
        Self {
            date,
            values,
            realtime: None,
        }
    }

    /// Its prices: all values but a volume.
    pub(super) fn prices_mut(&mut self) -> &mut [String] {
        let count = self.values.len().min(4);
        self.values.get_mut(..count).unwrap_or_default()
    }

    /// Its volume, if it has one.
    pub(super) fn volume_mut(&mut self) -> Option<&mut String> {
        self.values.get_mut(4)
    }
}

/// Rows about to be written.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Rows {
    /// The rows in the order of the answer.
    pub(super) list: Vec<Row>,
    /// Whether the newest comes first.
    pub(super) descending: bool,
    /// The unit that the answer names, if it names one.
    pub(super) unit: Option<String>,
}

impl Rows {
    /// Alpha Vantage's order, newest first, out of ascending rows.
    pub(super) fn newest_first(ascending: impl DoubleEndedIterator<Item = Row>) -> Self {
        Self {
            list: ascending.rev().collect(),
            descending: true,
            unit: None,
        }
    }

    /// Indices of the newest rows, newest first.
    pub(super) fn newest(&self, count: usize) -> Vec<usize> {
        let count = count.min(self.list.len());
        if self.descending {
            (0..count).collect()
        } else {
            (self.list.len() - count..self.list.len()).rev().collect()
        }
    }
}
