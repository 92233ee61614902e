//! The run that is going, step by step, below the header of every page; and in a word how it ended.

use leptos::prelude::*;
use shared::run::{Status, Step};

use crate::format;
use crate::live::{Live, Run};

/// Shows nothing while no run is going or has just ended.
#[component]
pub(crate) fn RunProgress() -> impl IntoView {
    let live = Live::get();
    let shown = move || *live.run.read() != Run::Idle;
    // Heard, not seen: a change of step is news, each unit of work is not.
    let news = Memo::new(move |_| match &*live.run.read() {
        Run::Idle => String::new(),
        Run::Starting => "A run has started".to_owned(),
        Run::Working { step, .. } => format!("The run is at the step {step}"),
        Run::Ended(status) => ending(*status).to_owned(),
    });
    view! {
        <div class="visually-hidden" role="status">{news}</div>
        <Show when=shown>
            <section class="progress" aria-label="Progress of the run">
                {move || match live.run.get() {
                    Run::Ended(status) => view! { <Ended status live /> }.into_any(),
                    run => view! { <Going run /> }.into_any(),
                }}
            </section>
        </Show>
    }
}

#[component]
fn Going(run: Run) -> impl IntoView {
    let (at, done, message, left) = match run {
        Run::Working {
            step,
            done,
            message,
            seconds_left,
        } => (Some(step), done, message, seconds_left),
        _ => (None, None, "The run is starting".to_owned(), None),
    };
    let steps = Step::ALL.map(|step| step_view(step, at)).collect_view();
    let label = "Work done in this step";
    // Without a value the bar says "at work" and no share.
    let bar = match done {
        Some((done, total)) => {
            view! { <progress max=total.to_string() value=done.to_string() aria-label=label></progress> }.into_any()
        }
        None => view! { <progress aria-label=label></progress> }.into_any(),
    };
    let left =
        left.map(|seconds| format!("about {} left in this step", format::time_left(seconds)));
    view! {
        <ol class="steps">{steps}</ol>
        {bar}
        <p>{message} " " {left.map(|left| view! { <span class="quiet">"· " {left}</span> })}</p>
    }
}

fn step_view(step: Step, at: Option<Step>) -> impl IntoView {
    let (class, mark, current) = match at {
        Some(now) if step < now => ("done", "✓ ", None),
        Some(now) if step == now => ("now", "● ", Some("step")),
        _ => ("later", "", None),
    };
    view! {
        <li class=class aria-current=current>
            <span aria-hidden="true">{mark}</span>
            {step.as_str()}
        </li>
    }
}

#[component]
fn Ended(status: Status, live: Live) -> impl IntoView {
    view! {
        <p class="ended">
            {ending(status)} ". " <a href="/runs">"See its report"</a>
            <button
                type="button"
                class="close"
                aria-label="Close"
                on:click=move |_| live.run.set(Run::Idle)
            >
                "✕"
            </button>
        </p>
    }
}

fn ending(status: Status) -> &'static str {
    match status {
        Status::Success => "✓ The run is done",
        Status::Partial => "! The run is done, but some series could not be refreshed",
        Status::Failed => "✕ The run failed; the page shows the last good one",
    }
}
