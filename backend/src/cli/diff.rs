//! `assay diff`.

use shared::diff::{Line, RunDiff, Side};
use shared::series::SeriesId;

use super::args::DiffArgs;
use super::{Exit, print};
use crate::backend::Backend;
use crate::diff::{DiffError, diff as compare};

/// Explains the step from one run's newest valuation to another's.
pub(super) async fn diff(backend: &Backend, args: &DiffArgs) -> Exit {
    match compare(&backend.lake(), &args.from, &args.to).await {
        Ok(found) if args.json => print::json(&found),
        Ok(found) => text(&found).iter().for_each(print::line),
        Err(error) => {
            print::error(&error, error.advice());
            return match error {
                DiffError::Unknown { .. } | DiffError::Ambiguous { .. } => Exit::Usage,
                _ => Exit::Failed,
            };
        }
    }
    Exit::Good
}

/// The diff as people read it.
fn text(found: &RunDiff) -> Vec<String> {
    let side = |word: &str, side: &Side| {
        format!(
            "{word:<5} {:>12.4} on {}  {}",
            side.valuation, side.date, side.run_id
        )
    };
    let mut lines = vec![side("from", &found.from), side("to", &found.to)];
    let (idle, told): (Vec<&Line>, Vec<&Line>) = found.lines.iter().partition(|line| is_idle(line));
    lines.extend(told.into_iter().map(part));
    if !idle.is_empty() {
        let series = idle.iter().filter_map(|line| line.series.as_ref());
        let names: Vec<&str> = series.map(SeriesId::as_str).collect();
        let names = names.join(", ");
        lines.push(format!(
            "  without effect: changed or late values of {names}"
        ));
    }
    lines.push(format!("= {:+14.4} {}", found.change, found.unit));
    lines.extend(found.notes.iter().map(|note| format!("note: {note}")));
    lines
}

/// Whether it tells of a series whose values changed nothing: these lines are many, since most series are late for their day.
fn is_idle(line: &Line) -> bool {
    line.series.is_some() && line.amount == 0.0
}

fn part(line: &Line) -> String {
    let cause = serde_json::to_value(line.cause).unwrap_or_default();
    let cause = cause.as_str().unwrap_or_default().replace('_', " ");
    let series = line.series.as_ref().map(|series| format!("{series}: "));
    format!(
        "  {:+14.4} {cause:<13} {}{}",
        line.amount,
        series.unwrap_or_default(),
        line.what
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::diff::Cause;

    #[test]
    fn amounts_stand_above_their_sum() {
        let side = |run_id: &str, date: &str, valuation| Side {
            run_id: run_id.to_owned(),
            as_of: date.parse().unwrap(),
            preset: "fair".to_owned(),
            grid: "deployed".to_owned(),
            date: date.parse().unwrap(),
            valuation,
        };
        let found = RunDiff {
            from: side("one", "2024-09-20", 240.0),
            to: side("two", "2024-09-23", 241.5),
            unit: "USD per share".to_owned(),
            change: 1.5,
            lines: vec![
                Line {
                    cause: Cause::RevisedData,
                    series: Some("cpi".parse().unwrap()),
                    amount: -0.25,
                    what: "2 values revised".to_owned(),
                },
                Line {
                    cause: Cause::RevisedData,
                    series: Some("vix".parse().unwrap()),
                    amount: 0.0,
                    what: "1 value came later".to_owned(),
                },
                Line {
                    cause: Cause::Rest,
                    series: None,
                    amount: 1.75,
                    what: "interaction and rest".to_owned(),
                },
            ],
            notes: vec!["different days".to_owned()],
        };
        assert_eq!(
            text(&found),
            [
                "from      240.0000 on 2024-09-20  one",
                "to        241.5000 on 2024-09-23  two",
                "         -0.2500 revised data  cpi: 2 values revised",
                "         +1.7500 rest          interaction and rest",
                "  without effect: changed or late values of vix",
                "=        +1.5000 USD per share",
                "note: different days",
            ]
        );
    }
}
