//! The price on the scale of the intervals: how unusual the gap is, seen at a glance.

use leptos::prelude::*;
use shared::valuation::{Interval, Valuation};

use crate::words;

/// The share of the scale that is left free at each end.
const MARGIN: f64 = 0.06;

/// Places of values on a scale, in percent of its length.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Scale {
    from: f64,
    length: f64,
}

impl Scale {
    /// A scale that holds the interval and the price, with a margin.
    fn holding(range: Interval, price: f64) -> Self {
        let (lower, upper) = (range.lower.min(price), range.upper.max(price));
        let free = MARGIN * (upper - lower);
        Self {
            from: lower - free,
            length: (upper - lower + 2.0 * free).max(f64::EPSILON),
        }
    }

    fn place(self, value: f64) -> f64 {
        100.0 * (value - self.from) / self.length
    }
}

/// Two bands, the model's value and the price. Absent where the preset gives no intervals.
#[component]
pub(crate) fn Gauge(
    /// The day.
    valuation: Valuation,
    /// Its unit.
    unit: String,
) -> impl IntoView {
    let (likely, nearly_sure) = (valuation.interval_80?, valuation.interval_95?);
    let scale = Scale::holding(nearly_sure, valuation.price);
    let percent = move |value: f64| format!("{:.2}%", scale.place(value));
    let band = move |range: Interval, class| {
        let width = scale.place(range.upper) - scale.place(range.lower);
        view! { <i class=class style:left=percent(range.lower) style:width=format!("{width:.2}%")></i> }
    };
    Some(view! {
        <div class="gauge" aria-hidden="true">
            {band(nearly_sure, "gauge-95")}
            {band(likely, "gauge-80")}
            <i class="gauge-value" style:left=percent(valuation.valuation)></i>
            <i class="gauge-price" style:left=percent(valuation.price)></i>
        </div>
        <dl class="intervals">
            <div>
                <dt><i class="mark mark-80" aria-hidden="true"></i>"80% interval"</dt>
                <dd>{words::interval(likely, &unit)}</dd>
            </div>
            <div>
                <dt><i class="mark mark-95" aria-hidden="true"></i>"95% interval"</dt>
                <dd>{words::interval(nearly_sure, &unit)}</dd>
            </div>
        </dl>
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9
    }

    #[test]
    fn a_price_outside_the_interval_stays_on_the_scale() {
        let range = Interval {
            lower: 100.0,
            upper: 110.0,
        };
        let scale = Scale::holding(range, 120.0);
        assert!(close(scale.place(100.0), 100.0 * 1.2 / 22.4));
        assert!(close(scale.place(120.0), 100.0 * 21.2 / 22.4));
        assert!(scale.place(110.0) < scale.place(120.0));
    }

    #[test]
    fn an_interval_without_width_divides_by_no_zero() {
        let point = Interval {
            lower: 100.0,
            upper: 100.0,
        };
        assert!(Scale::holding(point, 100.0).place(100.0).is_finite());
    }
}
