//! The answer: what gold costs, what the model says it is worth, by how much they differ, how sure, as of when.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use shared::headline::Headline;
use shared::snapshot::Snapshot;

use super::gauge::Gauge;
use super::notices::Labels;
use super::standing::InformationBadge;
use crate::format;
use crate::words::{self, Standing};

/// All that a reader must know within ten seconds.
#[component]
pub(crate) fn Answer(
    /// The run.
    snapshot: Arc<Snapshot>,
    /// The browser's clock.
    now: ReadSignal<DateTime<Utc>>,
) -> impl IntoView {
    let headline = Headline::of(&snapshot);
    let class = headline.side.map_or("", Standing::class);
    let caveats = headline.caveats.into_iter();
    // js/first.js has put the same heading there, so that nothing moves when this takes its place.
    view! {
        <section class="answer" aria-labelledby="answer">
            <Labels synthetic=snapshot.synthetic look_ahead=snapshot.look_ahead.clone() />
            <h1 id="answer">
                {headline.subject} " is "
                <span class=format!("standing {class}")>
                    <span class="arrow" aria-hidden="true">{headline.arrow}</span>
                    {headline.standing}
                </span>
            </h1>
            {headline.lately.map(|text| view! { <p class="lately">{text}</p> })}
            <InformationBadge snapshot=Arc::clone(&snapshot) />
            {caveats.map(|text| view! { <p class="caveat">{text}</p> }).collect_view()}
            <div class="answer-grid">
                <Figures snapshot=Arc::clone(&snapshot) now />
                <Sureness snapshot />
            </div>
        </section>
    }
}

#[component]
fn Figures(snapshot: Arc<Snapshot>, now: ReadSignal<DateTime<Utc>>) -> impl IntoView {
    let latest = &snapshot.latest;
    let label = words::value_label(latest.method);
    let price = format::amount(latest.price, &snapshot.unit);
    // Without a valuation the difference is the day's move: neither dear nor cheap.
    let (gap, class) = if words::is_held_back(latest.method) {
        ("Move", Standing::Fair.class())
    } else {
        ("Gap", Standing::of(latest.gap_pct()).class())
    };
    view! {
        <div class="card">
            <dl class="figures">
                <div>
                    <dt><i class="mark mark-price" aria-hidden="true"></i>"Price"</dt>
                    <dd>{price.number}</dd>
                </div>
                <div>
                    <dt><i class="mark mark-value" aria-hidden="true"></i>{label}</dt>
                    <dd>{format::money(latest.valuation, &snapshot.unit)}</dd>
                </div>
                <div>
                    <dt>{gap}</dt>
                    <dd class=class>
                        {format::signed_money(latest.gap(), &snapshot.unit)}
                        <small>{format::signed_percent(latest.gap_pct())}</small>
                    </dd>
                </div>
            </dl>
            <p class="hint">
                {(!price.unit.is_empty()).then(|| format!("Dollars {}. ", price.unit))}
                {format!("{gap}: the price minus that value.")}
            </p>
            <Facts snapshot=Arc::clone(&snapshot) now />
        </div>
    }
}

#[component]
fn Sureness(snapshot: Arc<Snapshot>) -> impl IntoView {
    let latest = snapshot.latest.clone();
    let sentence = words::sureness(&latest);
    view! {
        <div class="card">
            <h2>"How sure"</h2>
            <Gauge valuation=latest unit=snapshot.unit.clone() />
            <p>{sentence}</p>
            {words::coverage(&snapshot.coverage).map(|text| view! { <p class="hint">{text}</p> })}
        </div>
    }
}

#[component]
fn Facts(snapshot: Arc<Snapshot>, now: ReadSignal<DateTime<Utc>>) -> impl IntoView {
    let newest = snapshot.newest_input_at;
    view! {
        <dl class="facts">
            <div>
                <dt>"Valued day"</dt>
                <dd>{format::weekday_and_date(snapshot.latest.date)}</dd>
            </div>
            <div>
                <dt>"As of"</dt>
                <dd>{format::date(snapshot.as_of)}</dd>
            </div>
            <div>
                <dt>"Newest input known"</dt>
                <dd>
                    {move || format::ago(newest, now.get())} " "
                    <span class="quiet">{format!("({})", format::instant(newest))}</span>
                </dd>
            </div>
            <div>
                <dt>"Preset"</dt>
                <dd>{snapshot.preset_title.clone()}</dd>
            </div>
        </dl>
    }
}
