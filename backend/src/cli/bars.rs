//! Progress bars on standard error, where that is a terminal.

use std::sync::Mutex;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use shared::run::{Progress, Step};

use crate::progress::Reporter;

/// A reporter that draws one bar a step; it draws nothing where standard error is no terminal.
pub(super) fn reporter() -> Reporter {
    let current: Mutex<Option<(Step, ProgressBar)>> = Mutex::new(None);
    Reporter::new(move |event| {
        let Ok(mut current) = current.lock() else {
            return;
        };
        match event {
            Progress::Started { .. } => {}
            Progress::Finished { .. } => {
                if let Some((_, bar)) = current.take() {
                    bar.finish_and_clear();
                }
            }
            Progress::Working {
                step,
                done,
                total,
                message,
                seconds_left,
            } => {
                if current.as_ref().is_none_or(|(drawn, _)| *drawn != step) {
                    if let Some((_, before)) = current.take() {
                        before.finish_and_clear();
                    }
                    *current = Some((step, bar(step)));
                }
                if let Some((_, bar)) = &*current {
                    bar.set_length(total);
                    bar.set_position(done);
                    bar.set_message(with_time_left(message, seconds_left));
                }
            }
        }
    })
}

fn bar(step: Step) -> ProgressBar {
    let style = ProgressStyle::with_template("{prefix:<10} {bar:30} {pos}/{len} {msg}");
    let bar = ProgressBar::new(0).with_prefix(step.as_str());
    bar.enable_steady_tick(Duration::from_millis(200));
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

fn with_time_left(message: String, seconds_left: Option<f64>) -> String {
    match seconds_left {
        Some(seconds) if seconds >= 1.0 => format!("{message}, about {seconds:.0} s left"),
        _ => message,
    }
}
