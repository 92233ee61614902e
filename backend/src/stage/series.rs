//! Stages one series: its answers, what the lake knows of it, and the checks between them.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use shared::run::{Failure, Rejected, SeriesReport, SeriesState};
use shared::series::Observation;

use super::check::{Checked, Context, check};
use super::merge::{Origin, merge};
use super::row::{ParseError, Parsed};
use super::state::SeriesStage;
use super::{parse_alpha_vantage, parse_fred, tail};
use crate::extract::{Answer, Extraction};
use crate::preset::{SeriesDef, Source};

/// A series after staging, before anything is written.
pub(super) struct StagedSeries {
    /// All observations, sorted by date and `available_at`.
    pub(super) observations: Vec<Observation>,
    /// Rows that were refused this time.
    pub(super) rejected: Vec<Rejected>,
    /// How many of those wait for somebody to say what they mean.
    held_back: usize,
    /// Unit and interval as the vendor names them now.
    pub(super) unit: Option<String>,
    pub(super) interval: Option<String>,
    /// What became of it.
    pub(super) report: SeriesReport,
}

/// Stages a series on top of what the lake knows (`known`, with its state); `today` is the day of the run (UTC).
pub(super) fn stage_series(
    def: &SeriesDef,
    extraction: Option<&Extraction>,
    known: Vec<Observation>,
    before: Option<&SeriesStage>,
    today: NaiveDate,
) -> StagedSeries {
    let mut staged = StagedSeries {
        observations: known,
        rejected: Vec::new(),
        held_back: 0,
        unit: before.and_then(|stage| stage.unit.clone()),
        interval: before.and_then(|stage| stage.interval.clone()),
        report: empty_report(def, extraction.map_or(0, |e| e.requests_sent)),
    };
    let failure = match extraction.map(|extraction| &extraction.outcome) {
        None => None,
        Some(Err(error)) => Some(error.failure()),
        Some(Ok(answers)) => take_answers(def, answers, &mut staged, before, today).err(),
    };
    finish_report(&mut staged, def, failure, today);
    staged
}

/// Takes all answers or none: the first that cannot be trusted ends it, and the series stays as it was.
fn take_answers(
    def: &SeriesDef,
    answers: &[Answer],
    staged: &mut StagedSeries,
    before: Option<&SeriesStage>,
    today: NaiveDate,
) -> Result<(), Failure> {
    let mut observations = staged.observations.clone();
    let parsed = parse_all(def, answers)?;
    let archive_start = parsed
        .iter()
        .flat_map(|p| &p.rows)
        .filter_map(|row| row.vintage)
        .min();
    let archive_start = archive_start.filter(|_| before.is_none());
    for (answer, parsed) in answers.iter().zip(parsed) {
        same_kind(def, &parsed, before)?;
        let newest = newest_values(&observations);
        let Checked {
            points,
            rejected,
            held_back,
            warnings,
        } = check(&parsed, &context(def, &newest, today, &answer.sha256));
        let origin = Origin {
            publication: &def.publication,
            fetched_at: answer.fetched_at,
            source: answer.sha256.as_str().into(),
            archive_start,
        };
        staged.report.new_observations += merge(&mut observations, &points, &origin);
        staged.report.warnings.extend(warnings);
        // An answer without a single plausible row speaks of something else than the series did.
        let implausible = if points.is_empty() { rejected.len() } else { 0 };
        staged.held_back += held_back.max(implausible);
        staged.rejected.extend(rejected);
        staged.unit = parsed.unit.or(staged.unit.take());
        staged.interval = parsed.interval.or(staged.interval.take());
    }
    staged.observations = observations;
    Ok(())
}

fn context<'a>(
    def: &'a SeriesDef,
    known: &'a BTreeMap<NaiveDate, f64>,
    today: NaiveDate,
    source: &'a str,
) -> Context<'a> {
    Context {
        def,
        known,
        today,
        source,
    }
}

fn parse_all(def: &SeriesDef, answers: &[Answer]) -> Result<Vec<Parsed>, Failure> {
    let parse = |answer: &Answer| match &def.source {
        Source::AlphaVantage {
            function, field, ..
        } => parse_alpha_vantage::parse(function, field.as_deref(), &answer.body),
        Source::Fred { vintages, .. } => parse_fred::parse(*vintages, &answer.body),
    };
    let parsed: Result<Vec<Parsed>, ParseError> = answers.iter().map(parse).collect();
    parsed.map_err(|error| Failure {
        step: None,
        message: error.to_string(),
        advice: "the vendor may have changed its format; the raw answer is kept in the lake"
            .to_owned(),
        retry: false,
    })
}

/// Refuses an answer that speaks of another unit or interval than before, or whose rows are too far apart.
fn same_kind(
    def: &SeriesDef,
    parsed: &Parsed,
    before: Option<&SeriesStage>,
) -> Result<(), Failure> {
    let changed = |what: &str, was: Option<&String>, is: Option<&String>| {
        match (was, is) {
        (Some(was), Some(is)) if was != is => Err(Failure {
            step: None,
            message: format!("the vendor's {what} changed from `{was}` to `{is}`"),
            advice: "if that is right, give the series a new id in the preset, so that the two never mix"
                .to_owned(),
            retry: false,
        }),
        _ => Ok(()),
    }
    };
    changed(
        "unit",
        before.and_then(|b| b.unit.as_ref()),
        parsed.unit.as_ref(),
    )?;
    changed(
        "interval",
        before.and_then(|b| b.interval.as_ref()),
        parsed.interval.as_ref(),
    )?;
    match tail::typical_distance(&parsed.rows) {
        Some(days) if days > 3 * def.frequency.days() => Err(Failure {
            step: None,
            message: format!("its rows are {days} days apart, too far for a series that should be {:?}", def.frequency).to_lowercase(),
            advice: "the vendor may have changed the frequency; compare the series' definition with the vendor's page"
                .to_owned(),
            retry: false,
        }),
        _ => Ok(()),
    }
}

/// The newest value of each date.
fn newest_values(observations: &[Observation]) -> BTreeMap<NaiveDate, f64> {
    observations.iter().map(|o| (o.date, o.value)).collect()
}

fn empty_report(def: &SeriesDef, requests: u32) -> SeriesReport {
    SeriesReport {
        series: def.id.clone(),
        vendor: def.source.vendor(),
        state: SeriesState::Unchanged,
        requests,
        new_observations: 0,
        rejected: Vec::new(),
        last_date: None,
        failure: None,
        warnings: Vec::new(),
    }
}

fn finish_report(
    staged: &mut StagedSeries,
    def: &SeriesDef,
    failure: Option<Failure>,
    today: NaiveDate,
) {
    let held_back = held_back(staged.held_back);
    let report = &mut staged.report;
    if failure.is_some() {
        report.new_observations = 0;
    }
    let failure = failure.or(held_back);
    report.rejected = tail::count_reasons(&staged.rejected);
    report.last_date = staged.observations.last().map(|o| o.date);
    report.state = match (&failure, report.last_date, report.new_observations) {
        (_, None, _) => SeriesState::Missing,
        (Some(_), Some(_), _) => SeriesState::Stale,
        (None, Some(_), 0) => SeriesState::Unchanged,
        (None, Some(_), _) => SeriesState::Fresh,
    };
    report.failure = failure.or_else(|| nothing_left(report));
    report
        .warnings
        .extend(tail::gaps(&staged.observations, def));
    report
        .warnings
        .extend(tail::late(report.last_date, def, today));
    report.warnings.dedup();
}

/// Rows that look like a split or a changed unit make a series stale: it will not advance until somebody acts.
fn held_back(rows: usize) -> Option<Failure> {
    (rows > 0).then(|| Failure {
        step: None,
        message: format!("{rows} rows look like a split or a changed unit, and are held back"),
        advice: "compare with the vendor's page: declare a split with `splits` in the preset, or give a series in another unit a new id"
            .to_owned(),
        retry: false,
    })
}

/// A series of which nothing is left has failed, even if no single step says so.
fn nothing_left(report: &SeriesReport) -> Option<Failure> {
    (report.state == SeriesState::Missing).then(|| Failure {
        step: None,
        message: "no usable row came, and none was known before".to_owned(),
        advice: if report.rejected.is_empty() {
            "ask the vendor for it: `assay extract`, or `assay run` for every step"
        } else {
            "look at the refused rows in the report, and at the series' definition in the preset"
        }
        .to_owned(),
        retry: false,
    })
}
