//! The theme: dark teal, as the original report was, with contrasts that can be read.

use serde_json::{Value, json};

/// The page's ground.
pub(crate) const GROUND: &str = "#0E2E34";
/// What visuals stand on.
const SURFACE: &str = "#163F47";
/// Text.
const INK: &str = "#F2F7F7";
/// Labels and axes.
const QUIET: &str = "#C3D0D2";
/// The market's price.
pub(crate) const PRICE: &str = "#6FB7FF";
/// The model's value.
pub(crate) const VALUE: &str = "#E9C46A";
/// Rules to beat.
pub(crate) const BASELINE: &str = "#9DB2B5";

/// The theme's file.
pub(crate) fn theme() -> Value {
    let text = |size: u32, colour: &str| json!({"fontSize": size, "fontFace": "Segoe UI", "color": colour});
    json!({
        "name": "Assay",
        "dataColors": [PRICE, VALUE, BASELINE, "#86D99B", "#FF9B90", "#C9A6F5", "#7FE0D6", "#F5A76C"],
        "good": "#86D99B",
        "neutral": QUIET,
        "bad": "#FF9B90",
        "background": SURFACE,
        "foreground": INK,
        "tableAccent": VALUE,
        "textClasses": {
            "callout": text(28, INK),
            "title": text(12, INK),
            "header": text(12, INK),
            "label": text(10, QUIET)
        },
        "visualStyles": {"*": {"*": any_visual()}, "page": {"*": page()}}
    })
}

fn solid(hex: &str) -> Value {
    json!({"solid": {"color": hex}})
}

fn any_visual() -> Value {
    json!({
        "background": [{"show": true, "color": solid(SURFACE), "transparency": 0}],
        "border": [{"show": true, "color": solid("#2C5A63"), "radius": 8}],
        "title": [{"fontColor": solid(INK), "fontSize": 12}],
        "categoryAxis": [{"labelColor": solid(QUIET), "gridlineColor": solid("#2C5A63")}],
        "valueAxis": [{"labelColor": solid(QUIET), "gridlineColor": solid("#2C5A63")}],
        "legend": [{"labelColor": solid(INK)}],
        "labels": [{"color": solid(INK)}],
        "visualHeader": [{"background": solid(SURFACE), "foreground": solid(QUIET)}]
    })
}

fn page() -> Value {
    json!({
        "background": [{"color": solid(GROUND), "transparency": 0}],
        "outspace": [{"color": solid(GROUND), "transparency": 0}]
    })
}
