//! The steps of a run on one line of time. Pure.

use shared::run::StepReport;

/// Where a step lies on the line, in percent of the whole.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Span {
    /// Its beginning.
    pub(super) left: f64,
    /// How long it took.
    pub(super) width: f64,
}

/// One a step: they follow each other without pause.
pub(super) fn spans(steps: &[StepReport]) -> Vec<Span> {
    let whole: u64 = steps.iter().map(|step| step.milliseconds).sum();
    let percent = |milliseconds: u64| 100.0 * milliseconds as f64 / whole.max(1) as f64;
    let mut passed = 0;
    let span = |step: &StepReport| {
        let left = percent(passed);
        passed += step.milliseconds;
        let width = percent(step.milliseconds);
        Span { left, width }
    };
    steps.iter().map(span).collect()
}

#[cfg(test)]
mod tests {
    use shared::run::Step;

    use super::*;

    fn step(step: Step, milliseconds: u64) -> StepReport {
        StepReport {
            step,
            milliseconds,
            summary: String::new(),
        }
    }

    #[test]
    fn each_step_begins_where_the_one_before_ends() {
        let steps = [
            step(Step::Extract, 100),
            step(Step::Stage, 0),
            step(Step::Train, 300),
        ];
        let ends = spans(&steps)
            .into_iter()
            .map(|span| (span.left, span.width));
        assert_eq!(
            ends.collect::<Vec<_>>(),
            [(0.0, 25.0), (25.0, 0.0), (25.0, 75.0)]
        );
    }

    #[test]
    fn a_run_that_took_no_time_is_no_division_by_zero() {
        let spans = spans(&[step(Step::Extract, 0)]);
        assert_eq!((spans[0].left, spans[0].width), (0.0, 0.0));
    }
}
