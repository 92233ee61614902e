//! The drawing library as Rust sees it; the other side is `js/chart.js`.

use js_sys::Float64Array;
use wasm_bindgen::prelude::*;
use web_sys::HtmlElement;

#[wasm_bindgen(module = "@assay/chart")]
extern "C" {
    /// Begins to fetch the library.
    pub(crate) fn preload();

    /// Draws into `host`; answers a [`Drawing`].
    #[wasm_bindgen(catch)]
    #[expect(
        clippy::too_many_arguments,
        reason = "an array a column is what crosses over cheaply"
    )]
    pub(super) async fn open(
        host: &HtmlElement,
        symbol: &str,
        times: Float64Array,
        prices: Float64Array,
        valuations: Float64Array,
        lowers: Float64Array,
        uppers: Float64Array,
        on_point: &Closure<dyn Fn(Option<u32>)>,
    ) -> Result<JsValue, JsValue>;
}

#[wasm_bindgen]
extern "C" {
    /// A chart on the page.
    pub(super) type Drawing;

    /// Shows the days from index `first` to the newest.
    #[wasm_bindgen(method)]
    pub(super) fn show(this: &Drawing, first: usize);

    /// Puts the crosshair on a day, moving it into view.
    #[wasm_bindgen(method)]
    pub(super) fn select(this: &Drawing, index: usize);

    /// Takes the crosshair away.
    #[wasm_bindgen(method)]
    pub(super) fn unselect(this: &Drawing);

    /// Frees everything.
    #[wasm_bindgen(method)]
    pub(super) fn close(this: &Drawing);
}
