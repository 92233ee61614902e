//! The drawing library as Rust sees it; the other side is `js/chart.js`.

use js_sys::Float64Array;
use wasm_bindgen::prelude::*;
use web_sys::{AbortSignal, HtmlElement};

#[wasm_bindgen(module = "@assay/chart")]
extern "C" {
    /// Begins to fetch the library.
    pub(crate) fn preload();

    /// An empty chart in `host`, over days as midnights UTC in seconds; answers a [`Drawing`] once somebody wants to see it, or
    /// `undefined` if `left` fires first.
    #[wasm_bindgen(catch)]
    pub(super) async fn open(
        host: &HtmlElement,
        times: Float64Array,
        on_point: &Closure<dyn Fn(Option<u32>)>,
        left: &AbortSignal,
    ) -> Result<JsValue, JsValue>;
}

#[wasm_bindgen]
extern "C" {
    /// A chart on the page.
    pub(super) type Drawing;

    /// Adds a pane below the others; what is added next is drawn in it.
    #[wasm_bindgen(method)]
    pub(super) fn pane(
        this: &Drawing,
        prefix: &str,
        suffix: &str,
        digits: usize,
        signed: bool,
        height: f64,
    );

    /// Adds a line: `solid`, `dashed` or `steps`.
    #[wasm_bindgen(method)]
    pub(super) fn line(this: &Drawing, colour: &str, form: &str, values: Float64Array);

    /// Adds columns from zero.
    #[wasm_bindgen(method)]
    pub(super) fn columns(this: &Drawing, values: Float64Array);

    /// Adds the space between two lines.
    #[wasm_bindgen(method)]
    pub(super) fn band(this: &Drawing, colour: &str, lowers: Float64Array, uppers: Float64Array);

    /// Gives the days from index `from` to `to` another ground.
    #[wasm_bindgen(method)]
    pub(super) fn shade(this: &Drawing, colour: &str, from: usize, to: usize);

    /// Marks days at the bottom of the first pane.
    #[wasm_bindgen(method)]
    pub(super) fn mark(this: &Drawing, indices: &[u32]);

    /// Shows the days from index `first` to `last`.
    #[wasm_bindgen(method)]
    pub(super) fn show(this: &Drawing, first: usize, last: usize);

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
