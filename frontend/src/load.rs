//! One owner of loading: asks, aborts when the reader leaves, and shows failure with advice, emptiness or the data.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use send_wrapper::SendWrapper;
use shared::api::Get as Route;
use shared::problem::{Code, Problem};
use wasm_bindgen::JsValue;
use web_sys::AbortController;

use crate::components::Advice;
use crate::{api, browser};

/// How loading goes, whatever is loaded.
#[derive(Clone, Copy)]
struct State {
    has_data: RwSignal<bool>,
    problem: RwSignal<Option<Problem>>,
    again: Trigger,
}

/// What a route answered last, and whether it is being asked. Copied freely; lives as long as its page.
pub(crate) struct Source<T: Send + Sync + 'static> {
    data: RwSignal<Option<Arc<T>>>,
    state: State,
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

    /// The same for who does not wait for the next.
    pub(crate) fn data_untracked(self) -> Option<Arc<T>> {
        self.data.get_untracked()
    }

    /// Whether there has been a good answer.
    pub(crate) fn has_data(self) -> bool {
        self.state.has_data.get()
    }

    /// Asks again. What was there stays on the page until the answer comes.
    pub(crate) fn reload(self) {
        self.state.again.notify();
    }

    /// Drops the last answer.
    fn forget(self) {
        if self.data.try_set(None).is_none() {
            self.state.has_data.set(false);
        }
    }

    /// Takes an answer. An answer equal to the last one changes nothing, so that nothing is drawn again; one that comes
    /// when the page is closed is dropped.
    pub(crate) fn take(self, answer: Result<T, Problem>) {
        let Some(known) = self.data.try_get_untracked() else {
            return;
        };
        match answer {
            Ok(data) => {
                self.state.problem.set(None);
                if known.as_deref() != Some(&data) {
                    self.data.set(Some(Arc::new(data)));
                    self.state.has_data.set(true);
                }
            }
            Err(problem) => self.state.problem.set(Some(problem)),
        }
    }
}

/// Asks a route now, and again whenever a signal read by `request` changes. A question overtaken or left is aborted.
pub(crate) fn use_get<R>(request: impl Fn() -> R + 'static) -> Source<R::Response>
where
    R: Route + 'static,
    R::Response: PartialEq + Send + Sync + 'static,
{
    use_answer(request, |source, answer| {
        let answer = answer.and_then(|body| api::read(&body));
        // To read and to draw in one task would keep a phone's reader waiting for both.
        browser::next_task(move || source.take(answer));
    })
}

/// The same where something else than the route's type is made of the answer: `take` hands it to the source.
pub(crate) fn use_answer<R, T>(
    request: impl Fn() -> R + 'static,
    take: fn(Source<T>, Result<JsValue, Problem>),
) -> Source<T>
where
    R: Route + 'static,
    T: PartialEq + Send + Sync + 'static,
{
    let source = Source {
        data: RwSignal::new(None),
        state: State {
            has_data: RwSignal::new(false),
            problem: RwSignal::new(None),
            again: Trigger::new(),
        },
    };
    let path = Box::new(move || request().path());
    watch(
        path,
        source.state.again,
        Rc::new(move |answer| take(source, answer)),
        Rc::new(move || source.forget()),
    );
    source
}

type Take = Rc<dyn Fn(Result<JsValue, Problem>)>;

/// Asks whenever the path may have changed. What another path answered is no older answer to a question that fails: it is forgotten.
/// One for all routes: what is generic above is a few lines.
fn watch(path: Box<dyn Fn() -> String>, again: Trigger, take: Take, forget: Rc<dyn Fn()>) {
    let answered = Rc::new(RefCell::new(String::new()));
    Effect::new(move |_| {
        again.track();
        let asked = path();
        let (take, forget, answered) = (Rc::clone(&take), Rc::clone(&forget), Rc::clone(&answered));
        ask(asked.clone(), move |answer| {
            if answer.is_ok() {
                answered.replace(asked);
            } else if *answered.borrow() != asked {
                forget();
            }
            take(answer);
        });
    });
}

/// Asks once, and hands the answer to `take`, unless the asking effect has run again or ended before it came.
pub(crate) fn ask(path: String, take: impl FnOnce(Result<JsValue, Problem>) + 'static) {
    let Ok(abort) = AbortController::new() else {
        return;
    };
    let signal = abort.signal();
    let abort = SendWrapper::new(abort);
    on_cleanup(move || abort.abort());
    if let Some(body) = browser::first_answer(&path) {
        return browser::next_task(move || {
            if !signal.aborted() {
                take(Ok(body));
            }
        });
    }
    spawn_local(async move {
        let answer = api::get(&path, &signal).await;
        if !signal.aborted() {
            take(answer);
        }
    });
}

/// Shows a source: `ready` with its data; before that a calm line that says it is on its way, a failure with advice, or `empty`.
///
/// A failure to renew does not take the older data away: it stands above them.
#[component]
pub(crate) fn Load<T, V>(
    /// What is loaded.
    source: Source<T>,
    /// What it is called, after "the": `valuation`.
    name: &'static str,
    /// What to show when there is nothing to load.
    #[prop(into)]
    empty: ViewFn,
    /// The answer that means so.
    #[prop(default = Code::NothingPublished)]
    empty_on: Code,
    /// The data's view.
    ready: impl Fn(Arc<T>) -> V + Send + Sync + 'static,
) -> impl IntoView
where
    T: PartialEq + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let data = ViewFn::from(move || source.data().map(&ready));
    frame(source.state, name, empty, empty_on, data)
}

/// What is the same for every type of data.
fn frame(
    state: State,
    name: &'static str,
    empty: ViewFn,
    empty_on: Code,
    data: ViewFn,
) -> impl IntoView {
    let trouble = move || {
        let problem = state.problem.get()?;
        let retry = move || state.again.notify();
        if state.has_data.get() {
            let title = format!("The {name} could not be renewed; what follows is the last answer");
            return Some(view! { <Advice problem title retry /> }.into_any());
        }
        if problem.code == empty_on {
            return Some(empty.run());
        }
        let title = format!("The {name} could not be loaded: {}", kind(problem.code));
        Some(view! { <Advice problem title retry /> }.into_any())
    };
    let waiting = move || !state.has_data.get() && state.problem.read().is_none();
    view! {
        {trouble}
        <Show when=waiting>
            <div class="waiting" aria-busy="true" role="status">
                {format!("Loading the {name}…")}
            </div>
        </Show>
        {move || data.run()}
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
