//! How final the day's value is, as a badge that explains itself; and how rich or cheap the price is.

use std::sync::Arc;

use leptos::prelude::*;
use shared::snapshot::Snapshot;
use shared::valuation::Information;
use shared::walk::GapReading;

use crate::{format, words};

/// `Provisional` or `Final`, with what that means on demand.
#[component]
pub(crate) fn InformationBadge(
    /// The run.
    snapshot: Arc<Snapshot>,
) -> impl IntoView {
    let known = snapshot.latest.information;
    let (mark, word) = words::information(known);
    let class = match known {
        Information::Provisional => "badge badge-provisional",
        Information::Final => "badge",
    };
    view! {
        <details class="explained">
            <summary>
                <span class=class><span aria-hidden="true">{mark}</span> " " {word}</span>
                " value of " {format::date(snapshot.latest.date)}
            </summary>
            <p>{words::information_in_full(&snapshot)}</p>
        </details>
    }
}

/// The headline gap on the scale of its bands, and what the day's moves leave unexplained. Absent where a preset has none.
#[component]
pub(crate) fn GapCard(
    /// The run.
    snapshot: Arc<Snapshot>,
) -> impl IntoView {
    let reading = snapshot.gap?;
    let bands = words::BANDS.map(|band| {
        let is_here = reading.band == Some(band);
        let current = is_here.then_some("true");
        view! {
            <li aria-current=current>
                {is_here.then(|| view! { <span aria-hidden="true">"▼ "</span> })}
                {words::band(band)}
            </li>
        }
    });
    Some(view! {
        <section class="card" aria-labelledby="gap">
            <header class="card-header">
                <h2 id="gap">"Rich or cheap?"</h2>
                <p class="hint">{words::NO_FORECAST}</p>
            </header>
            <ol class="bands" aria-label="From very cheap to very rich; the current one is marked">{bands.collect_view()}</ol>
            <Readings reading />
            <p>{words::gap(&reading, &snapshot.unit)}</p>
            <details>
                <summary>"How these are read"</summary>
                <p>
                    "The value at the top starts from yesterday's price and says what today's drivers make of it. The gap here \
                    forgets yesterday's price: it compares gold's distance from its own 30-day mean with what the drivers' \
                    distances from theirs speak for, so that the two may have other signs. Residuals compare each day's price \
                    with that day's value, made as the one at the top. All are logarithmic. None of them says where the price goes next."
                </p>
            </details>
        </section>
    })
}

#[component]
fn Readings(reading: GapReading) -> impl IntoView {
    let percent = format::signed_percent;
    let sum = reading
        .residual_20_pct
        .map_or(format::NONE.to_owned(), percent);
    view! {
        <dl class="figures">
            <div>
                <dt>"Gap without yesterday's price"</dt>
                <dd>
                    {percent(reading.gap_pct)}
                    <small>{reading.band.map_or("band not known yet", words::band)}</small>
                </dd>
            </div>
            <div>
                <dt>"Unexplained today"</dt>
                <dd>{percent(reading.residual_pct)} <small>"the day's residual"</small></dd>
            </div>
            <div>
                <dt>"Unexplained in 20 days"</dt>
                <dd>{sum} <small>"sum of residuals"</small></dd>
            </div>
        </dl>
    }
}
