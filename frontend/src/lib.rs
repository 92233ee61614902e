//! Assay's dashboard: says what gold is worth, why, and how sure the model is.

#![expect(
    unreachable_pub,
    reason = "Leptos' `#[component]` writes `pub` items of its own"
)]
#![expect(
    clippy::needless_pass_by_value,
    reason = "a component owns its properties"
)]

mod address;
mod api;
mod app;
mod browser;
mod chart;
mod components;
mod figures;
mod format;
mod live;
mod load;
mod notice;
mod pages;
mod record;
mod url_state;
mod waterfall;
mod words;

#[cfg(test)]
mod example;

use wasm_bindgen::JsValue;
use web_sys::Element;

/// Starts the dashboard in the browser.
pub fn start() {
    console_error_panic_hook::set_once();
    app::start();
}

/// Reads a model card (`shared::card::ModelCard`) and draws the sections of the model page into one element. It is a
/// program of its own (`bin/record.rs`), because a card's many types are a tenth of the dashboard's program, and one page
/// needs them.
pub fn draw_record(card: JsValue) -> Result<Element, JsValue> {
    record::draw(&serde_wasm_bindgen::from_value(card)?)
}
