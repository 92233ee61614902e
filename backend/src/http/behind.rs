//! Behind the numbers: what is known of each series, what its checks refused, and the vendor's own words.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use chrono::NaiveDate;
use shared::api::{Get, GetChecks, GetRejected, RAW_ROUTE};
use shared::catalogue::Table;
use shared::checks::{RejectedRows, SeriesChecks};
use shared::run::{Rejected, RunReport};
use shared::series::{SeriesId, Vendor};
use shared::snapshot::SeriesFreshness;

use super::cache::Caching;
use super::endpoint::{AS_OF, Endpoint, Got};
use super::error::ApiError;
use super::openapi::Operation;
use super::rows::ask;
use super::series::bad_name;
use super::state::{AppState, missing};
use super::valuation::rows_of;
use crate::catalogue::ReadError;
use crate::extract::{RawError, read_raw};
use crate::lake::Key;
use crate::preset::SeriesDef;
use crate::stage::{found, read_state};

/// Attempts among which the newest that tells of a series is looked for.
const ATTEMPTS: usize = 30;
/// Refused rows that one answer carries.
const ROWS: usize = 1_000;
/// Bytes of a vendor's answer that are sent; the largest known is a quarter of that.
const RAW_BYTES: usize = 5 * 1024 * 1024;

/// The routes of this file.
pub(super) fn endpoints() -> Vec<Endpoint> {
    let told = Operation::new("get", "raw", "A vendor's answer as it came")
        .sends("text/plain", "The answer, cut after 5 MiB");
    vec![
        Endpoint::get::<GetChecks>(
            get(checks),
            "checks",
            "Every series of a run: its source, its next value, what the checks found",
        )
        .query::<NaiveDate>("as_of", AS_OF)
        .cached(Caching::Revalidate),
        Endpoint::get::<GetRejected>(
            get(rejected),
            "rejected",
            "Rows of a series that checks refused, each with the reason",
        )
        .path::<SeriesId>("series", "The series"),
        Endpoint::new(RAW_ROUTE, get(raw), told)
            .path::<String>(
                "sha256",
                "Its SHA-256 in hex, the `source` of an observation",
            )
            .cached(Caching::Forever),
    ]
}

/// Every series of a run: source, next value, checks.
pub(super) async fn checks(
    State(state): State<AppState>,
    asked: Result<Query<GetChecks>, QueryRejection>,
) -> Got<GetChecks> {
    let Query(GetChecks { as_of }) = asked?;
    let run_id = state.run(None, as_of).await?;
    let snapshot = state.snapshot(&run_id).await?;
    let preset = state.published.preset(&run_id).await?;
    let preset = preset.ok_or_else(|| ApiError::NotFound {
        message: format!(
            "the run `{run_id}` was published by a version that did not keep its preset"
        ),
        advice: "start a run: its series come with their checks".to_owned(),
    })?;
    let (table, own) = rows_of(&state, Table::Observations, as_of).await?;
    let own = own.map_or_else(String::new, |own| format!("WHERE {own} "));
    let sql = format!(
        "SELECT series, count(*) AS vintages, count(DISTINCT date) AS dates FROM {table} {own}GROUP BY series"
    );
    let counts = ask(&state, GetChecks::ROUTE, sql, |row| {
        Ok((
            row.get::<SeriesId>("series")?,
            (row.get("dates")?, row.get("vintages")?),
        ))
    })
    .await?;
    let counts = BTreeMap::from_iter(counts);
    let mut attempts = state.published.attempts(ATTEMPTS).await?;
    attempts.retain(|attempt| attempt.preset == preset.name && attempt.as_of <= snapshot.as_of);
    let line = |def: &SeriesDef| {
        let freshness = snapshot.series.iter().find(|one| one.series == def.id);
        let (dates, vintages) = counts.get(&def.id).copied().unwrap_or_default();
        SeriesChecks {
            dates,
            vintages,
            ..known(def, freshness, &attempts)
        }
    };
    Ok(Json(preset.series.iter().map(line).collect()))
}

fn known(
    def: &SeriesDef,
    freshness: Option<&SeriesFreshness>,
    attempts: &[RunReport],
) -> SeriesChecks {
    let told = attempts.iter().find_map(|attempt| {
        let report = attempt
            .series
            .iter()
            .find(|report| report.series == def.id)?;
        Some((attempt.attempt_id.clone(), report.clone()))
    });
    let (attempt_id, report) = told.unzip();
    let next = freshness.and_then(|one| def.next_after(one.last_date?));
    SeriesChecks {
        series: def.id.clone(),
        vendor: def.source.vendor(),
        source: def.source.words(),
        frequency: def.frequency,
        publication: def.publication_words(),
        next_date: next.map(|(date, _)| date),
        next_expected: next.map(|(_, at)| at),
        dates: 0,
        vintages: 0,
        checks: found(def, report.as_ref()),
        attempt_id,
        report,
    }
}

/// The newest rows of a series that checks refused.
pub(super) async fn rejected(
    State(state): State<AppState>,
    path: Result<Path<String>, PathRejection>,
) -> Got<GetRejected> {
    let Path(name) = path?;
    let series: SeriesId = name.parse().map_err(|error| bad_name(&error))?;
    let (staged, _) = read_state(state.published.lake().as_ref()).await?;
    let stage = staged
        .series
        .get(&series)
        .ok_or_else(|| ApiError::NotFound {
            message: format!("no answer about a series `{series}` has been staged"),
            advice: "take a name from /api/series".to_owned(),
        })?;
    let mut rows = Vec::new();
    if let Some(sha256) = &stage.rejected {
        let key = Key::Rejected {
            series: series.clone(),
            sha256: sha256.clone(),
        };
        let found = state.published.read::<Vec<Rejected>>(&key).await?;
        rows = found.ok_or_else(|| missing(&key))?;
    }
    let total = rows.len();
    rows.truncate(ROWS);
    Ok(Json(RejectedRows {
        series,
        total,
        rows,
    }))
}

/// A vendor's answer as it came. As plain text, whatever it is: a page inside it must not run here.
pub(super) async fn raw(
    State(state): State<AppState>,
    path: Result<Path<String>, PathRejection>,
) -> Result<Response, ApiError> {
    let Path(sha256) = path?;
    let unknown = || ApiError::NotFound {
        message: format!("no kept answer is called `{sha256}`"),
        advice: "take a `source` from /api/series/{series}".to_owned(),
    };
    if !is_hash(&sha256) {
        return Err(unknown());
    }
    for vendor in [Vendor::AlphaVantage, Vendor::Fred] {
        match read_raw(state.published.lake().as_ref(), vendor, &sha256).await {
            Ok(body) => return Ok(as_text(vendor, &sha256, body)),
            Err(RawError::Missing(_)) => {}
            Err(RawError::Lake(error)) => return Err(ReadError::from(error).into()),
            Err(error @ RawError::Damaged(_)) => {
                let (key, message) = (sha256, error.to_string());
                return Err(ReadError::Broken { key, message }.into());
            }
        }
    }
    Err(unknown())
}

fn is_hash(text: &str) -> bool {
    let digit = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
    text.len() == 64 && text.chars().all(digit)
}

fn as_text(vendor: Vendor, sha256: &str, mut body: Vec<u8>) -> Response {
    let whole = body.len();
    if whole > RAW_BYTES {
        body.truncate(RAW_BYTES);
        let note = format!("\n\n[cut here by Assay: the whole answer has {whole} bytes]\n");
        body.extend(note.into_bytes());
    }
    let name = format!("inline; filename=\"{vendor}-{}.txt\"", &sha256[..12]);
    let headers = [
        (CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, name),
    ];
    (headers, body).into_response()
}
