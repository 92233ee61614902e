//! What a published run says of itself, as an entry: a function of the run's files, and of the entry before.

use chrono::NaiveDate;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use shared::journal::JournalEntry;
use shared::series::SeriesId;
use shared::valuation::{Interval, Method};

use crate::catalogue::{Published, ReadError};
use crate::lake::{Key, Lake, sha256_hex};

// Of a run's files only what an entry holds: a journal outlives changes of all else in them.

#[derive(Deserialize)]
struct OfPreset {
    name: String,
    look_ahead: Option<String>,
    target: SeriesId,
}

#[derive(Deserialize)]
struct OfCard {
    input_sha256: String,
    model_sha256: String,
}

#[derive(Deserialize)]
struct OfSnapshot {
    as_of: NaiveDate,
    synthetic: bool,
    unit: String,
    latest: OfDay,
    history: Vec<OfDay>,
}

#[derive(Deserialize)]
struct OfDay {
    date: NaiveDate,
    price: Option<f64>,
    valuation: f64,
    interval_80: Option<Interval>,
    interval_95: Option<Interval>,
    method: Method,
}

/// The entry of a run at a place after an entry of this hash. `None` where the run keeps no preset: it was published before
/// there was a journal.
pub(super) async fn of_run(
    published: &Published,
    lake: &dyn Lake,
    run_id: &str,
    sequence: u64,
    previous_sha256: &str,
) -> Result<Option<JournalEntry>, ReadError> {
    let key = |make: fn(String) -> Key| make(run_id.to_owned());
    let preset = key(|run_id| Key::Preset { run_id });
    let Some(preset) = published.read::<OfPreset>(&preset).await? else {
        return Ok(None);
    };
    let manifest = key(|run_id| Key::Manifest { run_id });
    let manifest = lake.get(&manifest).await?.ok_or_else(|| gone(&manifest))?;
    let snapshot: OfSnapshot = part(published, &key(|run_id| Key::Snapshot { run_id })).await?;
    let card: OfCard = part(published, &key(|run_id| Key::ModelCard { run_id })).await?;
    let previous_price = price_before(&snapshot);
    let latest = snapshot.latest;
    Ok(Some(JournalEntry {
        sequence,
        previous_sha256: previous_sha256.to_owned(),
        run_id: run_id.to_owned(),
        as_of: snapshot.as_of,
        preset: preset.name,
        looks_ahead: preset.look_ahead.is_some(),
        synthetic: snapshot.synthetic,
        target: preset.target,
        unit: snapshot.unit,
        date: latest.date,
        previous_price,
        price: latest.price,
        valuation: latest.valuation,
        interval_80: latest.interval_80,
        interval_95: latest.interval_95,
        method: latest.method,
        input_sha256: card.input_sha256,
        model_sha256: card.model_sha256,
        manifest_sha256: sha256_hex(&manifest),
    }))
}

async fn part<T: DeserializeOwned>(published: &Published, key: &Key) -> Result<T, ReadError> {
    published.read(key).await?.ok_or_else(|| gone(key))
}

/// The price of the row before the newest. The history is the test part, which ends with the newest row.
fn price_before(snapshot: &OfSnapshot) -> Option<f64> {
    let before = snapshot.history.len().checked_sub(2)?;
    snapshot.history[before].price
}

/// The bytes of an entry in the one form that is hashed: JSON without spaces, fields in the type's order, numbers in the
/// shortest form that reads back as the same number.
pub(super) fn canonical(entry: &JournalEntry) -> serde_json::Result<Vec<u8>> {
    serde_json::to_vec(entry)
}

fn gone(key: &Key) -> ReadError {
    ReadError::Broken {
        key: key.to_string(),
        message: "the file is missing though the run was published".to_owned(),
    }
}
