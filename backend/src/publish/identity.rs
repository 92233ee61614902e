//! The name of a run: equal inputs give an equal name, so that running twice has the effect of once.

use chrono::NaiveDate;
use sha2::{Digest, Sha256};

use crate::assemble::Dataset;
use crate::preset::Preset;

/// All that a run's results depend on.
pub struct RunInput<'a> {
    /// The preset, whole.
    pub preset: &'a Preset,
    /// The grid's name.
    pub grid: &'a str,
    /// The day whose knowledge is used.
    pub as_of: NaiveDate,
    /// The dataset.
    pub dataset: &'a Dataset,
    /// The same rows as known at their cut-off, where they are valued twice.
    pub provisional: Option<&'a Dataset>,
    /// Ids of the series that failed and whose last good data is used: a reader must see that, so it is part of the result.
    pub stale: &'a [String],
}

/// A run's name and what it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// `2024-09-23-fair-0123456789ab`; ends with the beginning of the hash.
    pub run_id: String,
    /// SHA-256 of the inputs, in hex.
    pub input_sha256: String,
}

fn add_dataset(hash: &mut Sha256, dataset: &Dataset) {
    for (day, is_final) in dataset.dates.iter().zip(&dataset.is_final) {
        hash.update(day.to_string());
        hash.update([u8::from(*is_final)]);
    }
    let columns = dataset.columns.iter();
    for column in columns.chain([&dataset.target, &dataset.price]) {
        for value in column {
            hash.update(value.to_bits().to_le_bytes());
        }
    }
}

/// The identity of a run with these inputs.
pub fn run_id(input: &RunInput<'_>) -> Identity {
    let mut hash = Sha256::new();
    hash.update(env!("CARGO_PKG_VERSION"));
    hash.update(serde_json::to_vec(input.preset).unwrap_or_default());
    hash.update(input.grid);
    hash.update(input.as_of.to_string());
    hash.update(input.stale.join(","));
    for dataset in std::iter::once(input.dataset).chain(input.provisional) {
        add_dataset(&mut hash, dataset);
    }
    let input_sha256 = crate::lake::hex(&hash.finalize());
    let (day, preset) = (input.as_of, &input.preset.name);
    Identity {
        run_id: format!("{day}-{preset}-{}", &input_sha256[..12]),
        input_sha256,
    }
}
