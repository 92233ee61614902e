//! Which notices stand above the answer: a failed run, stale series, old data. Pure; tested on the host.

use chrono::{DateTime, TimeDelta, Utc};
use shared::run::{Failure, RunReport, SeriesState, Status};
use shared::series::SeriesId;
use shared::snapshot::{SeriesFreshness, Snapshot};

use crate::format;

/// A long weekend passes without a new price; more than this does not.
const OLD_AFTER: TimeDelta = TimeDelta::days(5);

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Something is less good than it should be.
    Warning,
    /// Something did not work.
    Failure,
}

/// One notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Notice {
    /// How bad it is.
    pub(crate) tone: Tone,
    /// What happened.
    pub(crate) title: String,
    /// Details and what to do, a sentence each.
    pub(crate) lines: Vec<String>,
}

/// The notices for a published run, worst first. `last` is the newest attempt, if it is known.
pub(crate) fn notices(
    snapshot: &Snapshot,
    last: Option<&RunReport>,
    now: DateTime<Utc>,
) -> Vec<Notice> {
    let failed = last
        .and_then(|report| failed_run(report, now))
        .map(|mut notice| {
            let day = format::date(snapshot.as_of);
            notice
                .lines
                .push(format!("Below is the last good run, as of {day}."));
            notice
        });
    let stale = troubled_series(snapshot, last);
    let old = old_data(snapshot, now);
    [failed, stale, old].into_iter().flatten().collect()
}

/// The notices for a run of an earlier day: that it is old, or what has become of newer ones, is no news of it.
pub(crate) fn notices_of_earlier(snapshot: &Snapshot) -> Vec<Notice> {
    troubled_series(snapshot, None).into_iter().collect()
}

/// The notice of an attempt that published nothing.
pub(crate) fn failed_run(report: &RunReport, now: DateTime<Utc>) -> Option<Notice> {
    if report.status != Status::Failed {
        return None;
    }
    let step = report.failure.as_ref().and_then(|failure| failure.step);
    let place = step.map_or(String::new(), |step| format!(" at the step {step}"));
    let age = format::ago(report.finished_at, now);
    Some(Notice {
        tone: Tone::Failure,
        title: format!("The last run failed {age}{place}"),
        lines: report.failure.iter().flat_map(cause_and_advice).collect(),
    })
}

/// What happened and what to do, as two sentences.
pub(crate) fn cause_and_advice(failure: &Failure) -> Vec<String> {
    [&failure.message, &failure.advice]
        .into_iter()
        .filter(|text| !text.is_empty())
        .map(|text| format::sentence(text))
        .collect()
}

/// Names every series that failed. The newest attempt knows why; without it the published states are told.
fn troubled_series(snapshot: &Snapshot, last: Option<&RunReport>) -> Option<Notice> {
    let report = last.filter(|report| report.status == Status::Partial);
    let troubled: Vec<(&SeriesId, SeriesState, Option<&Failure>)> = match report {
        Some(report) => report
            .series
            .iter()
            .map(|one| (&one.series, one.state, one.failure.as_ref()))
            .filter(|(_, state, _)| is_trouble(*state))
            .collect(),
        None => snapshot
            .series
            .iter()
            .map(|one| (&one.series, one.state, None))
            .filter(|(_, state, _)| is_trouble(*state))
            .collect(),
    };
    if troubled.is_empty() {
        return None;
    }
    let lines: Vec<String> = troubled
        .iter()
        .map(|(series, state, failure)| {
            let title = title_of(&snapshot.series, series);
            trouble_line(title, *state, *failure)
        })
        .collect();
    Some(Notice {
        tone: Tone::Warning,
        title: format!("Partial: {} series could not be refreshed", lines.len()),
        lines,
    })
}

fn trouble_line(title: &str, state: SeriesState, failure: Option<&Failure>) -> String {
    let used = match state {
        SeriesState::Missing => "no data at all",
        SeriesState::Stale | SeriesState::Fresh | SeriesState::Unchanged => {
            "its last good data is used"
        }
    };
    let why = failure.map(cause_and_advice).unwrap_or_default().join(" ");
    format!("{title}: {used}. {why}").trim_end().to_owned()
}

fn old_data(snapshot: &Snapshot, now: DateTime<Utc>) -> Option<Notice> {
    is_old(snapshot.newest_input_at, now).then(|| Notice {
        tone: Tone::Warning,
        title: format!(
            "Old data: the newest input came {}",
            format::ago(snapshot.newest_input_at, now)
        ),
        lines: vec!["Start a run to fetch what has come since.".to_owned()],
    })
}

/// Whether the newest input came so long ago that the reader should know.
pub(crate) fn is_old(newest: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    now - newest > OLD_AFTER
}

/// Whether a state should be named to the reader.
pub(crate) fn is_trouble(state: SeriesState) -> bool {
    match state {
        SeriesState::Stale | SeriesState::Missing => true,
        SeriesState::Fresh | SeriesState::Unchanged => false,
    }
}

/// Those in trouble first; apart from that, their order stays.
pub(crate) fn trouble_first<T>(
    series: Vec<T>,
    state: fn(&T) -> SeriesState,
) -> impl Iterator<Item = T> {
    let (trouble, well): (Vec<T>, Vec<T>) =
        series.into_iter().partition(|one| is_trouble(state(one)));
    trouble.into_iter().chain(well)
}

fn title_of<'a>(known: &'a [SeriesFreshness], series: &'a SeriesId) -> &'a str {
    known
        .iter()
        .find(|one| one.series == *series)
        .map_or(series.as_str(), |one| one.title.as_str())
}

#[cfg(test)]
mod tests;
