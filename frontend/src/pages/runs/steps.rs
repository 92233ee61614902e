//! A difference between two runs as steps of a waterfall from one valuation to the other. Pure.

use shared::diff::{Cause, Line, RunDiff};
use shared::series::SeriesId;

/// One step; places are on the scale of all steps, in percent.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Bar {
    /// What the step is.
    pub(super) label: String,
    /// How far it goes, in the target's unit.
    pub(super) amount: f64,
    /// The left end.
    pub(super) left: f64,
    /// The width.
    pub(super) width: f64,
}

/// The steps that change anything, and the series whose changed values change nothing.
pub(super) fn bars(diff: &RunDiff) -> (Vec<Bar>, Vec<String>) {
    let (idle, told): (Vec<&Line>, Vec<&Line>) = diff.lines.iter().partition(|line| is_idle(line));
    let names = idle.iter().filter_map(|line| line.series.as_ref());
    let names = names.map(SeriesId::to_string).collect();
    let mut height = 0.0;
    let mut ends = vec![0.0];
    for line in &told {
        height += line.amount;
        ends.push(height);
    }
    let lowest = ends.iter().copied().fold(f64::INFINITY, f64::min);
    let highest = ends.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let length = (highest - lowest).max(f64::EPSILON);
    let bars = told.iter().zip(ends.windows(2)).map(|(line, ends)| Bar {
        label: label(line),
        amount: line.amount,
        left: 100.0 * (ends[0].min(ends[1]) - lowest) / length,
        width: 100.0 * line.amount.abs() / length,
    });
    (bars.collect(), names)
}

/// Most series are late for their day: those that changed nothing would bury the rest.
fn is_idle(line: &Line) -> bool {
    line.series.is_some() && line.amount == 0.0
}

fn label(line: &Line) -> String {
    let cause = match line.cause {
        Cause::RevisedData => "Revised data",
        Cause::CodeVersion => "Program",
        Cause::Model => "Model",
        Cause::Parameters => "Parameters",
        Cause::NewData => "New day",
        Cause::Rest => "Rest",
    };
    match &line.series {
        Some(series) => format!("{cause}, `{series}`: {}", line.what),
        None => format!("{cause}: {}", line.what),
    }
}

#[cfg(test)]
mod tests {
    use shared::diff::Side;

    use super::*;

    fn side(run_id: &str, valuation: f64) -> Side {
        Side {
            run_id: run_id.to_owned(),
            as_of: "2024-09-23".parse().unwrap(),
            preset: "fair".to_owned(),
            grid: "deployed".to_owned(),
            date: "2024-09-23".parse().unwrap(),
            valuation,
        }
    }

    fn line(cause: Cause, series: Option<&str>, amount: f64, what: &str) -> Line {
        Line {
            cause,
            series: series.map(|name| name.parse().unwrap()),
            amount,
            what: what.to_owned(),
        }
    }

    #[test]
    fn steps_follow_each_other_and_idle_series_are_only_named() {
        let diff = RunDiff {
            from: side("one", 240.0),
            to: side("two", 243.0),
            unit: "USD per share".to_owned(),
            change: 3.0,
            lines: vec![
                line(Cause::RevisedData, Some("cpi"), -1.0, "2 values revised"),
                line(Cause::RevisedData, Some("vix"), 0.0, "1 value came later"),
                line(Cause::NewData, None, 4.0, "all else"),
                line(Cause::Rest, None, 0.0, "interaction and rest"),
            ],
            notes: Vec::new(),
        };
        let (steps, idle) = bars(&diff);
        assert_eq!(idle, ["vix"]);
        let told: Vec<_> = steps
            .iter()
            .map(|bar| (bar.label.as_str(), bar.left, bar.width))
            .collect();
        assert_eq!(
            told,
            [
                ("Revised data, `cpi`: 2 values revised", 0.0, 25.0),
                ("New day: all else", 0.0, 100.0),
                ("Rest: interaction and rest", 100.0, 0.0),
            ]
        );
        let sum: f64 = steps.iter().map(|bar| bar.amount).sum();
        assert_eq!(sum.to_bits(), diff.change.to_bits());
    }
}
