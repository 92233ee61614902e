//! A run's world: all that its newest valuation depends on, read from the lake.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use shared::card::ModelCard;
use shared::catalogue::{Manifest, Table};
use shared::series::{Observation, SeriesId};
use shared::valuation::{Information, Method, Valuation};

use super::DiffError;
use super::value::FittedModel;
use crate::assemble::{Dataset, assemble};
use crate::catalogue::{Published, ReadError};
use crate::clock::end_of_day;
use crate::lake::{Key, Lake, sha256_hex};
use crate::preset::Preset;
use crate::stage::read_known;

/// Observations by series, each sorted by date and `available_at`.
pub(super) type Observations = BTreeMap<SeriesId, Vec<Observation>>;

/// A run as the lake holds it.
pub(super) struct Files {
    manifest: Manifest,
    card: ModelCard,
    latest: Valuation,
    preset: Preset,
    observations: Observations,
    model: Vec<u8>,
}

/// A run, ready to be valued under other circumstances.
pub(super) struct World {
    /// The run.
    pub(super) run_id: String,
    /// The day whose knowledge it used.
    pub(super) as_of: NaiveDate,
    /// Its newest valuation, as published.
    pub(super) latest: Valuation,
    /// Its preset.
    pub(super) preset: Preset,
    /// Its model card.
    pub(super) card: ModelCard,
    /// What it could know.
    pub(super) observations: Observations,
    /// Its dataset, made again out of that.
    pub(super) dataset: Dataset,
    /// Its model.
    pub(super) model: FittedModel,
}

/// Reads a run's files; those of which the manifest holds a hash must match it.
pub(super) async fn load(
    published: &Published,
    lake: &dyn Lake,
    run_id: &str,
) -> Result<Files, DiffError> {
    let name = || run_id.to_owned();
    let preset = published.preset(run_id).await?;
    let preset = preset.ok_or_else(|| DiffError::NoPreset { run_id: name() })?;
    let key = Key::Manifest { run_id: name() };
    let manifest = published.manifest(run_id).await?;
    let manifest = manifest.ok_or_else(|| gone(&key))?;
    let key = Key::ModelCard { run_id: name() };
    let card = published.card(run_id).await?.ok_or_else(|| gone(&key))?;
    let key = Key::Snapshot { run_id: name() };
    let snapshot = published.snapshot(run_id).await?;
    let snapshot = snapshot.ok_or_else(|| gone(&key))?;
    let key = Key::Model { run_id: name() };
    let model = as_promised(lake, &key, Some(&manifest.model_sha256)).await?;
    let table = Table::Observations;
    let key = Key::Table {
        table,
        as_of: manifest.as_of,
        run_id: name(),
    };
    let promised = manifest.tables.get(&table).map(|file| &file.sha256);
    let bytes = as_promised(lake, &key, promised).await?;
    let observations = read_known(bytes).map_err(|error| broken(&key, format!("{error:#}")))?;
    Ok(Files {
        manifest,
        card,
        latest: snapshot.latest,
        preset,
        observations,
        model,
    })
}

async fn as_promised(
    lake: &dyn Lake,
    key: &Key,
    sha256: Option<&String>,
) -> Result<Vec<u8>, DiffError> {
    let bytes = lake.get(key).await?.ok_or_else(|| gone(key))?;
    if sha256.is_some_and(|promised| *promised != sha256_hex(&bytes)) {
        let message = "it is not what the run's manifest promises".to_owned();
        return Err(broken(key, message).into());
    }
    Ok(bytes)
}

fn gone(key: &Key) -> ReadError {
    broken(
        key,
        "the file is missing though the run was published".to_owned(),
    )
}

fn broken(key: &Key, message: String) -> ReadError {
    let key = key.to_string();
    ReadError::Broken { key, message }
}

impl Files {
    /// Makes the dataset again and reads the model. Takes a while.
    pub(super) fn assembled(self) -> Result<World, DiffError> {
        let run_id = self.manifest.run_id;
        let as_of = self.manifest.as_of;
        let information = information(&self.card);
        let known = end_of_day(as_of);
        let dataset = dataset_of(
            &run_id,
            &self.preset,
            &self.observations,
            known,
            information,
        )?;
        let scaler = self.card.scaler.clone();
        let model = match &self.card.walk {
            Some(walk) => {
                let is_open = self.latest.method != Method::NoChange;
                FittedModel::members(&self.model, walk.linear.clone(), is_open)
            }
            None => FittedModel::new(&self.model, scaler, &self.preset.train, &dataset),
        };
        let model = model.map_err(|cause| DiffError::Model {
            run_id: run_id.clone(),
            cause,
        })?;
        Ok(World {
            run_id,
            as_of,
            latest: self.latest,
            preset: self.preset,
            card: self.card,
            observations: self.observations,
            dataset,
            model,
        })
    }
}

impl World {
    /// The dataset of this run's preset out of other observations, as known at the end of a day (UTC).
    pub(super) fn dataset_from(
        &self,
        observations: &Observations,
        day: NaiveDate,
    ) -> Result<Dataset, DiffError> {
        let information = information(&self.card);
        dataset_of(
            &self.run_id,
            &self.preset,
            observations,
            end_of_day(day),
            information,
        )
    }

    /// What the run's own model says of a day of its own dataset; `None` where the day is no row, or has no value.
    pub(super) fn value(&self, day: NaiveDate) -> Option<f64> {
        self.model.value(&self.dataset, row_of(&self.dataset, day)?)
    }
}

fn dataset_of(
    run_id: &str,
    preset: &Preset,
    observations: &Observations,
    as_of: DateTime<Utc>,
    information: Information,
) -> Result<Dataset, DiffError> {
    assemble(preset, observations, as_of, information).map_err(|cause| DiffError::Assemble {
        run_id: run_id.to_owned(),
        cause,
    })
}

/// What the run's newest valuation could know.
fn information(card: &ModelCard) -> Information {
    let walk = card.walk.as_ref();
    walk.map_or(Information::Final, |walk| walk.information)
}

/// The row of a day.
pub(super) fn row_of(dataset: &Dataset, day: NaiveDate) -> Option<usize> {
    dataset.dates.binary_search(&day).ok()
}
