//! The step: writes everything that does not change, then moves the one pointer that does.

use std::collections::BTreeMap;

use anyhow::anyhow;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use shared::card::{AuditCard, ModelCard};
use shared::catalogue::{Current, Manifest, PublishedRun, Table, TableFile};
use shared::run::{SeriesReport, SeriesState};
use shared::series::{Observation, SeriesId};

use super::card::{card, run_row};
use super::snapshot::snapshot;
use super::tables::{self, TableBytes};
use crate::assemble::Dataset;
use crate::columnar;
use crate::lake::{Key, Lake, LakeError, Put, sha256_hex};
use crate::preset::Preset;
use crate::train::Trained;
use crate::what_if::what_if;

/// Why nothing was published.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The lake refused a write.
    #[error(transparent)]
    Lake(#[from] LakeError),
    /// There is no valuation to publish.
    #[error("training gave no valuation")]
    NoValuation,
    /// The pointer in the lake is not what it should be.
    #[error("`current.json` in the lake is broken")]
    BrokenPointer(#[source] serde_json::Error),
    /// Something else lies where a file of the run belongs.
    #[error("`{key}` in the lake is not what this run writes there")]
    Foreign {
        /// The file.
        key: String,
        /// What is wrong with it.
        #[source]
        cause: anyhow::Error,
    },
    /// A fault in making a file.
    #[error("a file of the run could not be made")]
    Encode(#[source] anyhow::Error),
}

/// All that a run publishes.
pub struct Publication<'a> {
    /// The run.
    pub run_id: &'a str,
    /// SHA-256 of its inputs.
    pub input_sha256: &'a str,
    /// The day whose knowledge it used.
    pub as_of: NaiveDate,
    /// Its preset.
    pub preset: &'a Preset,
    /// Its grid.
    pub grid: &'a str,
    /// Its dataset.
    pub dataset: &'a Dataset,
    /// What training gave.
    pub trained: &'a Trained,
    /// What the search for look-ahead found.
    pub audit: Option<&'a AuditCard>,
    /// The observations that it could know.
    pub observations: &'a BTreeMap<SeriesId, Vec<Observation>>,
    /// What became of each series.
    pub series: &'a [SeriesReport],
    /// Whether the data is synthetic.
    pub synthetic: bool,
}

impl Publication<'_> {
    /// Whether some series failed, so that their last good data stands in.
    pub fn is_partial(&self) -> bool {
        self.series.iter().any(|s| s.state == SeriesState::Stale)
    }
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Files of the run, the manifest among them.
    pub files: usize,
    /// Rows in all tables.
    pub rows: u64,
}

/// Writes the run's files, the manifest last. None of them is visible before [`point_to`]. Killed anywhere, the same run
/// writes the same bytes again; what is there already is left alone.
pub async fn publish(
    publication: &Publication<'_>,
    lake: &dyn Lake,
) -> Result<Written, PublishError> {
    let run_id = publication.run_id.to_owned();
    let card = card(publication);
    let snapshot = snapshot(publication, &card)?;
    let what_if = encode(&what_if(publication, &card))?;
    let mut manifest = Manifest {
        run_id: run_id.clone(),
        as_of: publication.as_of,
        preset: publication.preset.name.clone(),
        synthetic: publication.synthetic,
        tables: BTreeMap::new(),
        model_sha256: card.model_sha256.clone(),
        what_if_sha256: Some(sha256_hex(&what_if)),
    };
    for table in all_tables(publication, &card).map_err(PublishError::Encode)? {
        let (name, file) = put_table(publication, table, lake).await?;
        manifest.tables.insert(name, file);
    }
    let model = Key::Model {
        run_id: run_id.clone(),
    };
    lake.put_new(&model, &publication.trained.model).await?;
    let key = |make: fn(String) -> Key| make(run_id.clone());
    put_json(lake, &key(|run_id| Key::ModelCard { run_id }), &card).await?;
    put_json(
        lake,
        &key(|run_id| Key::Preset { run_id }),
        publication.preset,
    )
    .await?;
    put_json(lake, &key(|run_id| Key::Snapshot { run_id }), &snapshot).await?;
    lake.put_new(&key(|run_id| Key::WhatIf { run_id }), &what_if)
        .await?;
    put_json(lake, &key(|run_id| Key::Manifest { run_id }), &manifest).await?;
    Ok(Written {
        files: manifest.tables.len() + 6,
        rows: manifest.tables.values().map(|file| file.rows).sum(),
    })
}

/// What became of the pointer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pointed {
    /// It has moved to the run.
    Moved,
    /// A run of a later day stays current; this one is found by its preset and day.
    Earlier,
    /// The run was known, and what is current stays so.
    Unchanged,
}

/// Makes a run known whose manifest is written, and moves the pointer to it unless a run of a later as-of day is current: who looks
/// at a day of the past does not take the newest answer from the others.
pub async fn point_to(
    manifest: &Manifest,
    at: DateTime<Utc>,
    lake: &dyn Lake,
) -> Result<Pointed, PublishError> {
    loop {
        let read = lake.get_tagged(&Key::Current).await?;
        let (mut current, tag) = match read {
            Some((bytes, tag)) => {
                let current: Current =
                    serde_json::from_slice(&bytes).map_err(PublishError::BrokenPointer)?;
                (current, Some(tag))
            }
            None => (Current::default(), None),
        };
        let before = current.clone();
        move_to(&mut current, manifest, at);
        if current == before {
            return Ok(Pointed::Unchanged);
        }
        let bytes = encode(&current)?;
        match lake.swap(&Key::Current, &bytes, tag.as_ref()).await {
            Ok(_) if current.run_id == manifest.run_id => return Ok(Pointed::Moved),
            Ok(_) => return Ok(Pointed::Earlier),
            // Another run moved it meanwhile: look again, so that neither's entry is lost.
            Err(LakeError::Changed(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

fn move_to(current: &mut Current, manifest: &Manifest, at: DateTime<Utc>) {
    if current.day_of(&manifest.run_id).is_none() {
        current.published.push(PublishedRun {
            run_id: manifest.run_id.clone(),
            as_of: manifest.as_of,
            preset: manifest.preset.clone(),
            published_at: at,
        });
    }
    // A day that is still to come was published under a wrong clock: it keeps nobody away.
    let counts = |day: &NaiveDate| *day <= at.date_naive();
    let is_later =
        |known: Option<NaiveDate>| known.filter(counts).is_some_and(|day| day > manifest.as_of);
    if !is_later(current.day_of(&current.run_id)) {
        current.run_id.clone_from(&manifest.run_id);
    }
    let of_preset = current.by_preset.get(&manifest.preset);
    if !is_later(of_preset.and_then(|run_id| current.day_of(run_id))) {
        current
            .by_preset
            .insert(manifest.preset.clone(), manifest.run_id.clone());
    }
}

fn all_tables(publication: &Publication<'_>, card: &ModelCard) -> anyhow::Result<Vec<TableBytes>> {
    let mut tables = vec![
        tables::observations(publication.observations)?,
        tables::complete_dataset(publication.dataset)?,
        tables::model_results(&publication.trained.valuations)?,
        tables::contributions(&publication.trained.contributions)?,
        tables::model_runs(&run_row(card, publication.synthetic)?)?,
    ];
    if publication.trained.walk.is_some() {
        tables.push(tables::walk_forward(&publication.trained.walk_rows)?);
    }
    Ok(tables)
}

async fn put_table(
    publication: &Publication<'_>,
    table: TableBytes,
    lake: &dyn Lake,
) -> Result<(Table, TableFile), PublishError> {
    let key = Key::Table {
        table: table.table,
        as_of: publication.as_of,
        run_id: publication.run_id.to_owned(),
    };
    let stored = match lake.put_new(&key, &table.bytes).await? {
        Put::Created => table.bytes,
        Put::Existed => found(&key, &table, lake).await?,
    };
    let file = TableFile {
        key: key.to_string(),
        rows: table.rows,
        bytes: stored.len() as u64,
        sha256: sha256_hex(&stored),
        columns: table.columns,
    };
    Ok((table.table, file))
}

/// The file that is there already. Another build may have come as far as this, and its Parquet library may pack otherwise: the
/// manifest promises what is there, if it is that table with as many rows.
async fn found(key: &Key, table: &TableBytes, lake: &dyn Lake) -> Result<Vec<u8>, PublishError> {
    let foreign = |cause| PublishError::Foreign {
        key: key.to_string(),
        cause,
    };
    let bytes = lake.get(key).await?;
    let bytes = bytes.ok_or_else(|| foreign(anyhow!("it is gone again")))?;
    if bytes == table.bytes {
        return Ok(bytes);
    }
    let batch = columnar::read(bytes.clone()).map_err(&foreign)?;
    let schema = batch.schema();
    let names = schema.fields().iter().map(|field| field.name());
    if batch.num_rows() as u64 != table.rows || !names.eq(table.columns.iter().map(|one| &one.name))
    {
        return Err(foreign(anyhow!("it has other rows or columns")));
    }
    Ok(bytes)
}

async fn put_json<T: Serialize>(lake: &dyn Lake, key: &Key, value: &T) -> Result<(), PublishError> {
    lake.put_new(key, &encode(value)?).await?;
    Ok(())
}

fn encode<T: Serialize>(value: &T) -> Result<Vec<u8>, PublishError> {
    serde_json::to_vec(value).map_err(|e| PublishError::Encode(e.into()))
}
