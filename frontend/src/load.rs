//! One owner of loading: asks, aborts when the reader leaves, and shows failure with advice, emptiness or the data.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use send_wrapper::SendWrapper;
use shared::api::Get as Route;
use shared::problem::{Code, Problem};
use wasm_bindgen::JsValue;
use web_sys::AbortController;

use crate::api;
use crate::components::Advice;

/// What a route answered last, and whether it is being asked. Copied freely; lives as long as its page.
pub(crate) struct Source<T: Send + Sync + 'static> {
    data: RwSignal<Option<Arc<T>>>,
    problem: RwSignal<Option<Problem>>,
    again: Trigger,
}

impl<T: Send + Sync + 'static> Clone for Source<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Source<T> {}

impl<T: PartialEq + Send + Sync + 'static> Source<T> {
    /// The newest good answer, if there has been one.
    pub(crate) fn data(self) -> Option<Arc<T>> {
        self.data.get()
    }

    /// Whether there has been a good answer.
    pub(crate) fn has_data(self) -> bool {
        self.data.read().is_some()
    }

    /// Asks again. What was there stays on the page until the answer comes.
    pub(crate) fn reload(self) {
        self.again.notify();
    }

    /// Takes an answer. An answer equal to the last one changes nothing, so that nothing is drawn again.
    fn take(self, answer: Result<T, Problem>) {
        match answer {
            Ok(data) => {
                self.problem.set(None);
                let known = self.data.read_untracked().as_deref() == Some(&data);
                if !known {
                    self.data.set(Some(Arc::new(data)));
                }
            }
            Err(problem) => self.problem.set(Some(problem)),
        }
    }
}

/// Asks a route now, and again whenever a signal read by `request` changes. A question overtaken or left is aborted.
pub(crate) fn use_get<R>(request: impl Fn() -> R + 'static) -> Source<R::Response>
where
    R: Route + 'static,
    R::Response: PartialEq + Send + Sync + 'static,
{
    let source = Source {
        data: RwSignal::new(None),
        problem: RwSignal::new(None),
        again: Trigger::new(),
    };
    Effect::new(move |_| {
        source.again.track();
        let path = request().path();
        ask(
            path,
            Box::new(move |answer| source.take(answer.and_then(|body| api::read(&body)))),
        );
    });
    source
}

/// Asks once, and hands the answer to `take`, unless the asking effect has run again or ended before it came.
fn ask(path: String, take: Box<dyn FnOnce(Result<JsValue, Problem>)>) {
    let Ok(abort) = AbortController::new() else {
        return;
    };
    let signal = abort.signal();
    let abort = SendWrapper::new(abort);
    on_cleanup(move || abort.abort());
    spawn_local(async move {
        let answer = api::get(&path, &signal).await;
        if !signal.aborted() {
            take(answer);
        }
    });
}

/// Shows a source: `ready` with its data; before that a calm placeholder, a failure with advice, or `empty`.
///
/// A failure to renew does not take the older data away: it stands above them.
#[component]
pub(crate) fn Load<T, V>(
    /// What is loaded.
    source: Source<T>,
    /// What it is called, after "the": `valuation`.
    name: &'static str,
    /// What to show when nothing has been published yet.
    #[prop(into)]
    empty: ViewFn,
    /// The data's view.
    ready: impl Fn(Arc<T>) -> V + Send + Sync + 'static,
) -> impl IntoView
where
    T: PartialEq + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let has_data = Memo::new(move |_| source.has_data());
    let trouble = move || {
        let problem = source.problem.get()?;
        if has_data.get() {
            let what = format!("The {name} could not be renewed; what follows is the last answer");
            return Some(
                view! { <Advice problem title=what retry=move || source.reload() /> }.into_any(),
            );
        }
        if problem.code == Code::NothingPublished {
            return Some(empty.run());
        }
        let what = format!("The {name} could not be loaded: {}", kind(problem.code));
        Some(view! { <Advice problem title=what retry=move || source.reload() /> }.into_any())
    };
    let waiting = move || !has_data.get() && source.problem.read().is_none();
    view! {
        {trouble}
        <Show when=waiting>
            <div class="placeholder" aria-busy="true" role="status">
                {format!("Loading the {name}…")}
            </div>
        </Show>
        {move || source.data().map(&ready)}
    }
}

/// Each kind of failure in a few words.
fn kind(code: Code) -> &'static str {
    match code {
        Code::Unreachable => "the server does not answer",
        Code::NothingPublished => "nothing has been published yet",
        Code::NotFound => "it does not exist",
        Code::BadRequest => "the request is wrong",
        Code::BadSql => "the SQL is wrong",
        Code::QueryTooLarge => "the query asks for too much",
        Code::RunInProgress => "a run is going",
        Code::Unauthorized => "a token is needed",
        Code::ForeignOrigin => "the server does not accept this address",
        Code::BrokenLake => "a file of the lake cannot be read",
        Code::Internal => "something is broken",
    }
}
