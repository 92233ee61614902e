//! The chart's legend, which also reads out one day: the newest, or the one under the pointer or the keys.

use std::sync::Arc;

use leptos::prelude::*;
use shared::valuation::Valuation;

use crate::format;
use crate::words::{Standing, interval, remark};

/// What each mark of the chart means, with its number on the day `index`.
#[component]
pub(super) fn Readout(
    /// The days, oldest first.
    rows: Arc<Vec<Valuation>>,
    /// Their unit.
    unit: String,
    /// The day's place among them.
    index: Memo<usize>,
) -> impl IntoView {
    move || {
        let row = rows.get(index.get())?;
        let unit = &unit;
        let gap = format::signed_percent(row.gap_pct());
        let side = Standing::of(row.gap_pct());
        Some(view! {
            <dl class="readout">
                <div class="readout-day">
                    <dt>"Day"</dt>
                    <dd>
                        {format::weekday_and_date(row.date)}
                        {remark(row).map(|text| view! { " " <small>{text}</small> })}
                    </dd>
                </div>
                <div>
                    <dt><i class="mark mark-price" aria-hidden="true"></i>"Price"</dt>
                    <dd>{format::money(row.price, unit)}</dd>
                </div>
                <div>
                    <dt><i class="mark mark-value" aria-hidden="true"></i>"Model's value"</dt>
                    <dd>{format::money(row.valuation, unit)}</dd>
                </div>
                {row.interval_80.map(|range| view! {
                    <div>
                        <dt><i class="mark mark-band" aria-hidden="true"></i>"80% interval"</dt>
                        <dd>{interval(range, unit)}</dd>
                    </div>
                })}
                <div>
                    <dt><i class="mark mark-gap" aria-hidden="true"></i>"Gap"</dt>
                    <dd class=side.class()>{side.arrow()} " " {gap}</dd>
                </div>
            </dl>
        })
    }
}
