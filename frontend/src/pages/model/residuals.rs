//! What the model left unexplained on each test day, and whether that looks like noise.

use std::sync::Arc;

use leptos::prelude::*;
use shared::api::GetHistory;
use shared::valuation::{Split, Valuation};

use crate::address::Address;
use crate::chart::{Layer, Pane, Plot, Scale, Shape, TimeChart};
use crate::format;
use crate::live::Live;
use crate::load::{Load, use_get};

/// Days in view at first: about five years.
const SHOWN: usize = 1_260;

/// The residuals of the run that the page shows.
#[component]
pub(super) fn Residuals() -> impl IntoView {
    let (live, address) = (Live::get(), Address::get());
    let source = use_get(move || {
        live.track_end();
        GetHistory {
            as_of: address.as_of(),
            ..GetHistory::default()
        }
    });
    view! {
        <section class="card" aria-labelledby="residuals">
            <h2 id="residuals">"What is left unexplained"</h2>
            <Load source name="history" empty=|| () ready=|rows| chart(&rows) />
        </section>
    }
}

fn chart(rows: &[Valuation]) -> impl IntoView + use<> {
    let tested = rows.iter().filter(|row| row.split == Split::Test);
    let (days, values): (Vec<_>, Vec<_>) = tested.map(|row| (row.date, residual(row))).unzip();
    let days_tested = days.len();
    let last = days_tested.saturating_sub(1);
    let told = told(&values);
    let layer = Layer {
        name: "Residual".to_owned(),
        colour: "over",
        shape: Shape::Columns(values),
    };
    let scale = Scale {
        suffix: "%",
        digits: 2,
        signed: true,
        ..Scale::default()
    };
    let plot = Arc::new(Plot {
        days,
        panes: vec![Pane {
            scale,
            height: 1.0,
            layers: vec![layer],
        }],
        ..Plot::default()
    });
    let view = Signal::stored((last.saturating_sub(SHOWN - 1), last));
    let more = (days_tested > SHOWN)
        .then_some(" The newest five years are in view; drag the chart for those before.");
    view! {
        <p>"A residual is 100 · ln(price / value) of a test day. Noise around zero is what a good model leaves." {more}</p>
        <TimeChart plot view label="Residuals by day" summary=told />
    }
}

/// In percent; above zero the price was higher than the value.
fn residual(row: &Valuation) -> f64 {
    100.0 * (row.price / row.valuation).ln()
}

/// Mean, spread, large ones, and whether one day's residual tells the next one's.
fn told(values: &[f64]) -> String {
    if values.len() < 3 {
        return "There are too few test days to say anything of residuals.".to_owned();
    }
    let rows = values.len() as f64;
    let mean = values.iter().sum::<f64>() / rows;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    let deviation = (squares / rows).sqrt();
    let beyond = values
        .iter()
        .filter(|value| (**value - mean).abs() > 2.0 * deviation);
    let pairs = values.windows(2);
    let together: f64 = pairs.map(|pair| (pair[0] - mean) * (pair[1] - mean)).sum();
    let memory = if squares > 0.0 {
        together / squares
    } else {
        0.0
    };
    // 1.96 / √n: the 95% band of an autocorrelation where there is none.
    let tells = if memory.abs() > 1.96 / rows.sqrt() {
        "more than chance gives: one day's residual tells something of the next one's"
    } else {
        "no more than chance gives"
    };
    format!(
        "Over {} the residuals have a mean of {} and a standard deviation of {}; {} lie beyond two of them (of normal noise \
         5% do). The correlation of neighbours is {}, {tells}.",
        format::count(values.len(), "test day"),
        format::signed_percent(mean),
        format::percent(deviation),
        format::share(beyond.count() as f64 / rows),
        format::grouped(memory, 2).replace('-', "\u{2212}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::row;

    #[test]
    fn a_residual_is_the_log_of_price_over_value() {
        let above = residual(&row(20, 101.0, 100.0));
        assert!((above - 0.995_033).abs() < 1e-6, "{above}");
    }

    #[test]
    fn residuals_that_swing_every_day_are_no_noise() {
        let swinging: Vec<f64> = (0..100)
            .map(|day| if day % 2 == 0 { 1.0 } else { -1.0 })
            .collect();
        assert_eq!(
            told(&swinging),
            "Over 100 test days the residuals have a mean of 0.00% and a standard deviation of 1.00%; 0% lie beyond two of \
             them (of normal noise 5% do). The correlation of neighbours is \u{2212}0.99, more than chance gives: one day's \
             residual tells something of the next one's."
        );
        assert!(told(&[1.0, 2.0]).starts_with("There are too few"));
    }
}
