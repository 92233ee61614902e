//! Which model it is and how good it is: its record next to simple rules, year by year, and how it was found.
//!
//! The card is read and drawn by a program of its own (`crate::draw_record`), which is fetched with this page.

use leptos::html::Div;
use leptos::prelude::*;
use leptos::task::spawn_local;
use send_wrapper::SendWrapper;
use shared::api::GetModelCard;
use shared::problem::{Code, Problem};
use wasm_bindgen::prelude::*;
use web_sys::Element;

use super::nothing_yet::NothingYet;
use crate::browser;
use crate::components::Labels;
use crate::live::Live;
use crate::load::{Load, use_answer};

#[wasm_bindgen(module = "@assay/record")]
extern "C" {
    /// Begins to fetch the program.
    fn preload();

    /// `crate::draw_record`, in the other program.
    #[wasm_bindgen(catch)]
    async fn draw(card: JsValue) -> Result<JsValue, JsValue>;
}

/// The record as it is put into the page. The browser has one thread, and Leptos asks for `Send`.
#[derive(Clone)]
struct Drawn(SendWrapper<Element>);

impl PartialEq for Drawn {
    fn eq(&self, other: &Self) -> bool {
        self.0.is_equal_node(Some(other.0.as_ref()))
    }
}

/// `/model`.
#[component]
pub(crate) fn ModelPage() -> impl IntoView {
    browser::set_title("Model");
    preload();
    let live = Live::get();
    let source = use_answer::<GetModelCard, Drawn>(
        move || {
            live.track_end();
            GetModelCard
        },
        |source, answer| match answer {
            Ok(card) => spawn_local(async move { source.take(drawn(card).await) }),
            Err(problem) => source.take(Err(problem)),
        },
    );
    let labels = move || {
        let synthetic = live.status.data()?.synthetic;
        Some(view! { <Labels synthetic look_ahead=None /> })
    };
    view! {
        <h1>"Model"</h1>
        {labels}
        <Load
            source
            name="model card"
            empty=|| view! { <NothingYet /> }
            ready=|record| view! { <Record record=Drawn::clone(&record) /> }
        />
    }
}

#[component]
fn Record(record: Drawn) -> impl IntoView {
    let place = NodeRef::<Div>::new();
    Effect::new(move |_| {
        if let Some(place) = place.get() {
            place.replace_children_with_node_1(record.0.as_ref());
        }
    });
    view! { <div class="sections" node_ref=place></div> }
}

async fn drawn(card: JsValue) -> Result<Drawn, Problem> {
    let element = draw(card).await.map_err(|_| {
        Problem::new(
            Code::Internal,
            "the part of the page that reads model cards did not load, or does not understand this card",
            "reload the page: it may be older than the server",
        )
    })?;
    Ok(Drawn(SendWrapper::new(element.unchecked_into())))
}
