//! A line without axes: the shape of a series' newest values. Pure but for its drawing.

use leptos::prelude::*;
use shared::what_if::Point;

/// The drawing's own units.
const WIDTH: f64 = 120.0;
const HEIGHT: f64 = 28.0;
/// Keeps the line's ends inside.
const MARGIN: f64 = 2.0;

/// The line as the points of an SVG polyline; empty where there are fewer than two values.
pub(super) fn line(values: &[Point]) -> String {
    if values.len() < 2 {
        return String::new();
    }
    let numbers = || values.iter().map(|point| point.value);
    let low = numbers().fold(f64::INFINITY, f64::min);
    let high = numbers().fold(f64::NEG_INFINITY, f64::max);
    let spread = if high > low { high - low } else { 1.0 };
    let last = (values.len() - 1) as f64;
    let place = |(index, value): (usize, f64)| {
        let x = MARGIN + (WIDTH - 2.0 * MARGIN) * index as f64 / last;
        let y = HEIGHT - MARGIN - (HEIGHT - 2.0 * MARGIN) * (value - low) / spread;
        format!("{x:.1},{y:.1}")
    };
    let places: Vec<String> = numbers().enumerate().map(place).collect();
    places.join(" ")
}

/// The line, for the eye only: value and change beside it say what matters.
pub(super) fn spark(values: &[Point]) -> impl IntoView + use<> {
    let points = line(values);
    (!points.is_empty()).then(|| {
        let frame = format!("0 0 {WIDTH} {HEIGHT}");
        view! {
            <svg class="spark" viewBox=frame preserveAspectRatio="none" aria-hidden="true">
                <polyline points=points fill="none" vector-effect="non-scaling-stroke" />
            </svg>
        }
    })
}
