//! What people read: standard output for results, standard error for trouble.

use serde::Serialize;
use shared::run::{RunReport, SeriesReport, SeriesState, Status};
use shared::snapshot::Snapshot;

/// Prints a line of the result.
pub(super) fn line(text: impl AsRef<str>) {
    use std::io::Write as _;
    // A reader that closed the pipe (`| head`) has seen enough.
    let _ = writeln!(std::io::stdout(), "{}", text.as_ref());
}

/// Prints one JSON object as the result.
pub(super) fn json<T: Serialize>(value: &T) {
    match serde_json::to_string(value) {
        Ok(text) => line(text),
        Err(error) => self::error(&error, "report this"),
    }
}

/// Prints what went wrong with all causes, and what to do.
pub(super) fn error(error: &dyn std::error::Error, advice: &str) {
    let mut message = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        message = format!("{message}: {inner}");
        cause = inner.source();
    }
    trouble(&message, advice);
}

/// Prints what went wrong and what to do.
pub(super) fn trouble(message: &str, advice: &str) {
    eprintln!("error: {message}");
    eprintln!("  next: {advice}");
}

/// Prints a word of caution.
pub(super) fn note(text: impl AsRef<str>) {
    eprintln!("{}", text.as_ref());
}

/// The summary of a run: how it ended, what each step did, which series need a look.
pub(super) fn summary(report: &RunReport, snapshot: Option<&Snapshot>) {
    for step in &report.steps {
        line(format!(
            "{:<10} {:>7} ms  {}",
            step.step.as_str(),
            step.milliseconds,
            step.summary
        ));
    }
    for series in &report.series {
        series_trouble(series);
    }
    for warning in &report.warnings {
        note(format!("note: {warning}"));
    }
    if let Some(snapshot) = snapshot {
        valuation(snapshot);
    }
    match (&report.failure, report.status) {
        (Some(failure), _) => trouble(&failure.message, &failure.advice),
        (None, Status::Partial) => {
            note("partial: some series failed, their last good data was used");
        }
        (None, _) if report.already_published => {
            line("nothing is new: this run was published before");
        }
        (None, _) => {}
    }
}

/// What became of one series.
pub(super) fn series(series: &SeriesReport) {
    let last = series
        .last_date
        .map(|day| day.to_string())
        .unwrap_or_default();
    line(format!(
        "{:<18} {:<10} to {last:<10} {:>6} new",
        series.series.as_str(),
        format!("{:?}", series.state).to_lowercase(),
        series.new_observations
    ));
    series_trouble(series);
}

fn series_trouble(series: &SeriesReport) {
    let id = &series.series;
    if let Some(failure) = &series.failure {
        let state = match series.state {
            SeriesState::Missing => "missing",
            _ => "stale",
        };
        note(format!("{id} ({state}): {}", failure.message));
        note(format!("  next: {}", failure.advice));
    }
    for refused in &series.rejected {
        note(format!(
            "{id}: {} rows refused: {}",
            refused.rows, refused.reason
        ));
    }
    for warning in &series.warnings {
        note(format!("{id}: {warning}"));
    }
}

/// What gold is worth, in four lines.
fn valuation(snapshot: &Snapshot) {
    let latest = &snapshot.latest;
    let label = if snapshot.synthetic {
        " (SYNTHETIC DATA)"
    } else {
        ""
    };
    line(String::new());
    line(format!(
        "{} on {}, {}{label}",
        snapshot.target_title, latest.date, snapshot.unit
    ));
    line(format!(
        "price {:.2}, valuation {:.2}: {} by {:.2} %",
        latest.price,
        latest.valuation,
        if latest.gap() > 0.0 {
            "overvalued"
        } else {
            "undervalued"
        },
        latest.gap_pct().abs()
    ));
    if let Some(band) = latest.interval_80 {
        line(format!(
            "80 % interval {:.2} to {:.2}",
            band.lower, band.upper
        ));
    }
    for score in &snapshot.scores {
        line(format!("RMSE {:>10.4}  {}", score.rmse, score.label));
    }
    line(format!(
        "skill against no-change {:.3}, Diebold–Mariano t {:.1}, p {:.1e}",
        snapshot.skill.skill, snapshot.skill.dm_t, snapshot.skill.dm_p
    ));
    if let Some(reason) = &snapshot.look_ahead {
        line(format!("look-ahead {reason}"));
    }
    line(format!("run {}", snapshot.run_id));
}
