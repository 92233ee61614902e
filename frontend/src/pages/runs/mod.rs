//! Every attempt to run, newest first, with its report; two published runs compared; a run started with choices.

mod compare;
mod start;
mod steps;
mod timeline;

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use shared::api::GetRuns;
use shared::run::{RunReport, SeriesReport, Status, StepReport};

use self::compare::Compare;
use self::start::StartDialog;
use self::timeline::{Span, spans};
use super::nothing_yet::NothingYet;
use crate::browser;
use crate::components::{Text, state_of_series};
use crate::format;
use crate::live::Live;
use crate::load::{Load, use_get};
use crate::notice::{cause_and_advice, trouble_first};

/// `/runs`.
#[component]
pub(crate) fn RunsPage() -> impl IntoView {
    browser::set_title("Runs");
    let live = Live::get();
    let now = browser::use_now();
    let source = use_get(move || {
        live.track_end();
        GetRuns
    });
    view! {
        <div class="card-header">
            <h1>"Runs"</h1>
            <StartDialog />
        </div>
        <Load
            source
            name="list of runs"
            empty=|| view! { <NothingYet /> }
            ready=move |runs| attempts(&runs, now)
        />
    }
}

fn attempts(runs: &[RunReport], now: ReadSignal<DateTime<Utc>>) -> AnyView {
    if runs.is_empty() {
        return view! { <NothingYet /> }.into_any();
    }
    let published = compare::published(runs);
    let compared = (published.len() > 1).then(|| view! { <Compare published /> });
    let runs = runs
        .iter()
        .map(|run| view! { <Attempt run=run.clone() now /> });
    view! {
        {compared}
        <ol class="runs">{runs.collect_view()}</ol>
    }
    .into_any()
}

#[component]
fn Attempt(run: RunReport, now: ReadSignal<DateTime<Utc>>) -> impl IntoView {
    let (class, mark, word) = match run.status {
        Status::Success => ("good", "✓", "Success"),
        Status::Partial => ("warn", "!", "Partial"),
        Status::Failed => ("bad", "✕", "Failed"),
    };
    let took = (run.finished_at - run.started_at).num_milliseconds();
    let took = format::duration(u64::try_from(took).unwrap_or_default());
    let (started, failed) = (run.started_at, run.status == Status::Failed);
    let about = format!(
        "{} preset, {} grid, as of {}",
        run.preset,
        run.grid,
        format::date(run.as_of)
    );
    view! {
        <li class="card">
            <details open=failed>
                <summary>
                    <span class=format!("state {class}")><span aria-hidden="true">{mark}</span> " " {word}</span>
                    <span class="run-when">
                        {move || format::ago(started, now.get())} " "
                        <small>{format::instant(started)}</small>
                    </span>
                    <span class="run-about">
                        {about} " " <small>{format!("took {took}")}</small>
                        {run.synthetic.then(|| view! { " " <strong class="label label-synthetic">"Synthetic data"</strong> })}
                    </span>
                </summary>
                <Report run />
            </details>
        </li>
    }
}

#[component]
fn Report(run: RunReport) -> impl IntoView {
    let failure = run.failure.iter().flat_map(cause_and_advice);
    let marks = [
        run.look_ahead
            .as_ref()
            .map(|why| format!("Looks ahead by design: {why}")),
        run.already_published
            .then(|| "The same run had been published before, so nothing was written.".to_owned()),
    ];
    let said: Vec<String> = failure
        .chain(marks.into_iter().flatten())
        .chain(run.warnings.iter().map(|text| format::sentence(text)))
        .collect();
    let said = said
        .into_iter()
        .map(|text| view! { <li><Text text /></li> });
    let spans = spans(&run.steps);
    let steps = run
        .steps
        .into_iter()
        .zip(spans)
        .map(step_line)
        .collect_view();
    let series = trouble_first(run.series, |one| one.state)
        .map(series_line)
        .collect_view();
    view! {
        <ul class="said">{said.collect_view()}</ul>
        <h2>"Steps"</h2>
        <table class="steps-table"><tbody>{steps}</tbody></table>
        <h2>"Series"</h2>
        <table class="series">
            <thead>
                <tr>
                    <th scope="col">"Series"</th>
                    <th scope="col">"New"</th>
                    <th scope="col">"Rejected"</th>
                    <th scope="col">"State"</th>
                </tr>
            </thead>
            <tbody>{series}</tbody>
        </table>
        <p class="hint">"Attempt " <code>{run.attempt_id}</code> {run.run_id.map(|id| view! { ", run " <code>{id}</code> })}</p>
    }
}

fn step_line((step, span): (StepReport, Span)) -> impl IntoView {
    let [left, width] = [span.left, span.width].map(|part| format!("{part:.2}%"));
    view! {
        <tr>
            <th scope="row">{step.step.as_str()}</th>
            <td>{format::duration(step.milliseconds)}</td>
            <td class="when"><i aria-hidden="true" style:left=left style:width=width></i></td>
            <td class="text">{format::sentence(&step.summary)}</td>
        </tr>
    }
}

fn series_line(one: SeriesReport) -> impl IntoView {
    let (class, mark, word) = state_of_series(one.state);
    let rejected: usize = one.rejected.iter().map(|count| count.rows).sum();
    let reasons: Vec<String> = one
        .rejected
        .iter()
        .map(|count| format!("{} {}", count.rows, count.reason))
        .collect();
    let notes: Vec<String> = one
        .failure
        .iter()
        .flat_map(cause_and_advice)
        .chain(one.warnings.iter().map(|text| format::sentence(text)))
        .collect();
    view! {
        <tr>
            <th scope="row">
                <a href=format!("/data?series={}", one.series)><code>{one.series.to_string()}</code></a> " "
                <small>{one.vendor.title()} ", " {format::count(one.requests as usize, "request")}</small> " "
                {(!notes.is_empty()).then(|| view! { <small class="note"><Text text=notes.join(" ") /></small> })}
            </th>
            <td>{format::grouped(one.new_observations as f64, 0)}</td>
            <td>{rejected} " " <small>{format::list(&reasons)}</small></td>
            <td><span class=format!("state {class}")><span aria-hidden="true">{mark}</span> " " {word}</span></td>
        </tr>
    }
}
