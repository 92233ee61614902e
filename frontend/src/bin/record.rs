//! What the model page loads beside the dashboard's program: it reads a model card and draws what the page shows of it.

use wasm_bindgen::prelude::*;
use web_sys::Element;

/// Takes a model card as the API answers it; gives the page's sections.
#[wasm_bindgen]
pub fn draw(card: JsValue) -> Result<Element, JsValue> {
    frontend::draw_record(card)
}

fn main() {}
