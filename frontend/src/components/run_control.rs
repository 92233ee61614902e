//! The button that starts a run, and the small form for the token where the server wants one.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::api::{PostRun, StartRun};
use shared::problem::{Code, Problem};

use super::text::Text;
use crate::api;
use crate::browser;
use crate::format::sentence;
use crate::live::{Live, Run};

/// The field that takes the token.
const TOKEN: &str = "token";

/// Starts a run of the configured preset. The token is kept as long as the page, and nowhere else.
#[component]
pub(crate) fn RunControl() -> impl IntoView {
    let live = Live::get();
    let token = RwSignal::new(String::new());
    let problem = RwSignal::new(None::<Problem>);
    let asks_token = Memo::new(move |_| {
        let problem = problem.read();
        problem.as_ref().is_some_and(api::asks_token)
    });
    let going = move || live.run.read().is_going();
    let start = move || {
        if live.run.read_untracked().is_going() {
            return;
        }
        live.run.set(Run::Starting);
        spawn_local(start_run(live, token, problem));
    };
    view! {
        <div class="run-control">
            <button
                type="button"
                class="primary"
                aria-disabled=move || going().to_string()
                on:click=move |_| start()
            >
                {move || if going() { "Running…" } else { "Run now" }}
            </button>
            <Show when=move || problem.read().is_some()>
                <div class="run-problem" role="alert">
                    <Refusal problem />
                    <Show when=move || asks_token.get()>
                        <TokenForm token start />
                    </Show>
                </div>
            </Show>
        </div>
    }
}

async fn start_run(live: Live, token: RwSignal<String>, problem: RwSignal<Option<Problem>>) {
    let given = token.get_untracked();
    let given = (!given.is_empty()).then_some(given.as_str());
    match api::post::<PostRun>(&StartRun::default(), given).await {
        Ok(started) => {
            problem.set(None);
            live.follow(started.attempt_id);
        }
        Err(refused) if refused.code == Code::RunInProgress => {
            problem.set(None);
            live.join();
        }
        Err(refused) => {
            live.run.set(Run::Idle);
            problem.set(Some(refused));
        }
    }
}

#[component]
fn Refusal(problem: RwSignal<Option<Problem>>) -> impl IntoView {
    let text = move || {
        let problem = problem.read();
        problem.as_ref().map(|one| {
            let (what, advice) = (sentence(&one.message), sentence(&one.advice));
            format!("The run could not be started. {what} {advice}")
        })
    };
    view! {
        <p>{move || text().map(|text| view! { <Text text /> })}</p>
        <button type="button" class="close" aria-label="Close" on:click=move |_| problem.set(None)>
            "✕"
        </button>
    }
}

#[component]
fn TokenForm(token: RwSignal<String>, start: impl Fn() + Copy + 'static) -> impl IntoView {
    Effect::new(|_| browser::focus(TOKEN));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        start();
    };
    view! {
        <form on:submit=submit>
            <label for=TOKEN>"Token"</label>
            <input id=TOKEN type="password" autocomplete="off" required bind:value=token />
            <button type="submit">"Start"</button>
        </form>
    }
}
