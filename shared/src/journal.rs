//! The journal: every published valuation, once, each entry holding the hash of the one before.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::series::SeriesId;
use crate::valuation::{Interval, Method};

/// `journal/{sequence}.json`: what a published run said of its newest day. Written once, never changed.
///
/// Every field but the first two follows from the run's own files, so that equal inputs give an equal entry. The bytes are
/// hashed: a field that is added one day has to be left out of the entries that were written without it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct JournalEntry {
    /// Its place: 1, 2, 3, …
    pub sequence: u64,
    /// SHA-256 of the bytes of the entry before it, in hex; 64 zeros in the first.
    pub previous_sha256: String,
    /// The run.
    pub run_id: String,
    /// The day whose knowledge the run used.
    pub as_of: NaiveDate,
    /// Its preset.
    pub preset: String,
    /// Whether the preset uses values before they could be known: such an entry proves no skill.
    pub looks_ahead: bool,
    /// Whether any input was synthetic.
    pub synthetic: bool,
    /// The series whose value is the price.
    pub target: SeriesId,
    /// Unit of price, valuation and intervals.
    pub unit: String,
    /// The day that is valued.
    pub date: NaiveDate,
    /// The price of the row before, which is what “no change” says.
    pub previous_price: Option<f64>,
    /// The price of the day as the run knew it.
    pub price: Option<f64>,
    /// The valuation.
    pub valuation: f64,
    /// Where the price should be four days in five.
    pub interval_80: Option<Interval>,
    /// Where the price should be nineteen days in twenty.
    pub interval_95: Option<Interval>,
    /// How the valuation came about.
    pub method: Method,
    /// SHA-256 of the run's inputs, in hex.
    pub input_sha256: String,
    /// SHA-256 of the model file, in hex.
    pub model_sha256: String,
    /// SHA-256 of the run's manifest, in hex; the manifest holds those of the tables.
    pub manifest_sha256: String,
}

/// What became of a journalled valuation.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EntryScore {
    /// The price of the day as it is known now.
    pub price: f64,
    /// That price minus the valuation, relative to the valuation, in percent.
    pub error_pct: f64,
    /// Whether the price lies in the interval for four days in five; absent where there is none.
    pub inside_80: Option<bool>,
    /// Whether the price lies in the interval for nineteen days in twenty.
    pub inside_95: Option<bool>,
    /// The error of “no change”: that price minus the price of the row before, relative to the latter, in percent.
    pub no_change_error_pct: Option<f64>,
}

/// One line of the journal: an entry, its hash, and what became of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct JournalLine {
    /// The entry.
    pub entry: JournalEntry,
    /// SHA-256 of its bytes, in hex: what the next entry holds.
    pub sha256: String,
    /// Its score; absent as long as the price of the day is not known.
    pub score: Option<EntryScore>,
}

/// The scores of one preset's entries.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PresetScore {
    /// The preset.
    pub preset: String,
    /// Whether it uses values before they could be known.
    pub looks_ahead: bool,
    /// Its entries.
    pub entries: usize,
    /// Those whose price is known.
    pub scored: usize,
    /// Mean of the errors' sizes, in percent.
    pub mean_error_pct: Option<f64>,
    /// The same for “no change”, over the entries that have a price before.
    pub no_change_mean_error_pct: Option<f64>,
    /// Share of the prices in their interval for four days in five; it should be 0.8.
    pub inside_80: Option<f64>,
    /// Share of the prices in their interval for nineteen days in twenty; it should be 0.95.
    pub inside_95: Option<f64>,
}

/// The whole journal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Journal {
    /// Its entries, oldest first.
    pub lines: Vec<JournalLine>,
    /// The scores, one a preset.
    pub scores: Vec<PresetScore>,
    /// The first entry that does not fit into the chain of hashes, if there is one.
    pub fault: Option<JournalFault>,
}

/// The first entry of a journal that is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct JournalFault {
    /// Its place.
    pub sequence: u64,
    /// What differs.
    pub message: String,
}
