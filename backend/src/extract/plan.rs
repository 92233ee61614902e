//! What to ask for, decided before anything is sent. Pure.

use chrono::{Days, NaiveDate};
use shared::series::SeriesId;

use super::Window;
use crate::preset::{Preset, Request, SeriesDef, Source};

/// One request, the part of the history it asks for, and the series that read its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedRequest {
    /// Whom to ask for what.
    pub request: Request,
    /// From when on.
    pub window: Window,
    /// The series that it serves, in the preset's order.
    pub series: Vec<SeriesId>,
}

/// The requests that bring a preset's series up to date, in the preset's order; series of one answer share one request.
///
/// `watermark` tells how far a series is known: its newest reference date, or for a series with vintages the newest day
/// of publication. A series without watermark needs its whole history, and so does whatever shares its request. The
/// others are asked for from `overlap_days` before their watermark on, because vendors revise; vintages need no overlap,
/// because a revision is a new one.
pub fn plan(
    preset: &Preset,
    watermark: impl Fn(&SeriesId) -> Option<NaiveDate>,
) -> Vec<PlannedRequest> {
    let mut planned: Vec<PlannedRequest> = Vec::new();
    for series in &preset.series {
        let request = series.source.request();
        let window = window(series, watermark(&series.id));
        match planned.iter_mut().find(|known| known.request == request) {
            Some(known) => {
                known.window = wider(known.window, window);
                known.series.push(series.id.clone());
            }
            None => planned.push(PlannedRequest {
                request,
                window,
                series: vec![series.id.clone()],
            }),
        }
    }
    planned
}

fn window(series: &SeriesDef, watermark: Option<NaiveDate>) -> Window {
    let overlap = match series.source {
        Source::Fred { vintages: true, .. } => 0,
        Source::Fred { .. } | Source::AlphaVantage { .. } => series.overlap_days,
    };
    watermark
        .and_then(|day| day.checked_sub_days(Days::new(overlap)))
        .map_or(Window::Full, Window::Since)
}

fn wider(one: Window, other: Window) -> Window {
    match (one, other) {
        (Window::Since(one), Window::Since(other)) => Window::Since(one.min(other)),
        _ => Window::Full,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preset::load;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn ids(series: &[SeriesId]) -> Vec<&str> {
        series.iter().map(SeriesId::as_str).collect()
    }

    #[test]
    fn the_first_run_asks_for_everything_once_in_the_presets_order() {
        let preset = load("classic").unwrap();
        let planned = plan(&preset, |_| None);
        assert_eq!(planned.len(), 12);
        assert!(planned.iter().all(|p| p.window == Window::Full));
        assert_eq!(ids(&planned[0].series), ["sp500_open"]);
        assert_eq!(ids(&planned[11].series), ["gold_open"]);
    }

    #[test]
    fn later_runs_overlap_by_days_but_vintages_do_not() {
        let preset = load("classic").unwrap();
        let planned = plan(&preset, |_| Some(day("2024-09-20")));
        let of = |id: &str| {
            let found = planned.iter().find(|p| ids(&p.series) == [id]);
            found.unwrap().window
        };
        assert_eq!(of("gold_open"), Window::Since(day("2024-09-10")));
        assert_eq!(of("us_rates"), Window::Since(day("2024-07-02")));
        assert_eq!(of("gdp"), Window::Since(day("2024-09-20")));
    }

    /// A preset in which two series read one answer.
    fn with_shared_request() -> Preset {
        let mut preset = load("fair").unwrap();
        let mut low = preset.series[0].clone();
        low.id = "gold_low".parse().unwrap();
        low.overlap_days = 30;
        if let Source::AlphaVantage { field, .. } = &mut low.source {
            *field = Some("low".to_owned());
        }
        preset.series.push(low);
        preset
    }

    #[test]
    fn series_of_one_answer_share_a_request_with_the_widest_window() {
        let preset = with_shared_request();
        let planned = plan(&preset, |_| Some(day("2024-09-20")));
        assert_eq!(planned.len(), preset.series.len() - 1);
        assert_eq!(ids(&planned[0].series), ["gold_close", "gold_low"]);
        assert_eq!(planned[0].window, Window::Since(day("2024-08-21")));
        let known = |id: &SeriesId| (id.as_str() != "gold_low").then(|| day("2024-09-20"));
        assert_eq!(plan(&preset, known)[0].window, Window::Full);
    }
}
