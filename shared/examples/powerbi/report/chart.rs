//! The kinds of visuals that the pages are made of, with the looks that they share.

use serde_json::{Value, json};

use super::visual::{Place, Shown, Visual, colour, colour_by, number, truth, words};

/// Words that stand on the page.
pub(crate) fn heading(text: &str, at: Place) -> Visual {
    let paragraphs = json!([{"textRuns": [{
        "value": text,
        "textStyle": {"fontWeight": "bold", "fontSize": "20pt"}
    }]}]);
    Visual::new("heading", "textbox", at)
        .alt(format!("Page title: {text}"))
        .looks("general", json!({"paragraphs": paragraphs}))
}

/// One measure, large.
pub(crate) fn card(name: impl Into<String>, measure: &'static str, size: u32, at: Place) -> Visual {
    plain_card(name, measure, at).looks(
        "labels",
        json!({"fontSize": number(size), "labelDisplayUnits": number(1)}),
    )
}

/// The same in a colour that another measure gives.
pub(crate) fn coloured_card(
    name: impl Into<String>,
    measure: &'static str,
    colour: &str,
    size: u32,
    at: Place,
) -> Visual {
    plain_card(name, measure, at).looks(
        "labels",
        json!({"fontSize": number(size), "labelDisplayUnits": number(1), "color": colour_by(colour)}),
    )
}

fn plain_card(name: impl Into<String>, measure: &'static str, at: Place) -> Visual {
    Visual::new(name, "card", at)
        .shows("Values", &[Shown::Measure(measure)])
        .looks("categoryLabels", json!({"show": truth(false)}))
        .looks("wordWrap", json!({"show": truth(true)}))
}

/// The days shown, from and to.
pub(crate) fn date_slicer(at: Place) -> Visual {
    Visual::new("days", "slicer", at)
        .title("Days")
        .alt("Slicer: first and last day shown on this page")
        .shows("Values", &[Shown::Column("dates", "date")])
        .looks("data", json!({"mode": words("Between")}))
        .looks("header", json!({"show": truth(false)}))
}

/// One indicator of many.
pub(crate) fn indicator_slicer(at: Place) -> Visual {
    Visual::new("indicator", "slicer", at)
        .title("Indicator")
        .alt("Slicer: the one indicator that the chart shows")
        .shows("Values", &[Shown::Column("series", "title")])
        .looks("data", json!({"mode": words("Dropdown")}))
        .looks("header", json!({"show": truth(false)}))
        .looks(
            "selection",
            json!({"strictSingleSelect": truth(true), "singleSelect": truth(true)}),
        )
}

/// Measures over a column, as lines.
pub(crate) fn lines(name: &str, over: Shown, measures: &[Shown], at: Place) -> Visual {
    let axis = json!({"showAxisTitle": truth(false)});
    Visual::new(name, "lineChart", at)
        .shows("Category", &[over])
        .shows("Y", measures)
        .looks("categoryAxis", axis.clone())
        .looks("valueAxis", axis)
        .looks(
            "legend",
            json!({"show": truth(measures.len() > 1), "position": words("Top")}),
        )
}

/// Measures over a column, as columns side by side.
pub(crate) fn columns(name: &str, over: Shown, measures: &[Shown], at: Place) -> Visual {
    let axis = json!({"showAxisTitle": truth(false)});
    Visual::new(name, "clusteredColumnChart", at)
        .shows("Category", &[over])
        .shows("Y", measures)
        .looks("categoryAxis", axis.clone())
        .looks("valueAxis", axis)
        .looks(
            "legend",
            json!({"show": truth(measures.len() > 1), "position": words("Top")}),
        )
}

/// A measure over a column, as bars with their numbers.
pub(crate) fn bars(name: &str, over: Shown, measure: &'static str, at: Place) -> Visual {
    let axis = json!({"showAxisTitle": truth(false)});
    Visual::new(name, "clusteredBarChart", at)
        .shows("Category", &[over])
        .shows("Y", &[Shown::Measure(measure)])
        .looks("categoryAxis", axis.clone())
        .looks("valueAxis", axis)
        .looks("labels", json!({"show": truth(true)}))
}

/// A table of these columns.
pub(crate) fn table(name: &str, shown: &[Shown], at: Place) -> Visual {
    Visual::new(name, "tableEx", at)
        .shows("Values", shown)
        .looks("total", json!({"totals": truth(false)}))
}

/// Each point in the colour that a measure gives for it.
pub(crate) fn each_point() -> Value {
    json!({"data": [{"dataViewWildcard": {"matchingOption": 1}}]})
}

/// The cells of one column.
pub(crate) fn cells_of(table: &str, name: &str) -> Value {
    json!({"data": [{"dataViewWildcard": {"matchingOption": 1}}], "metadata": format!("{table}.{name}")})
}

/// A series of a chart in one colour.
pub(crate) fn in_colour(visual: Visual, series: &[(&str, &str, &str)]) -> Visual {
    series.iter().fold(visual, |visual, (table, measure, hex)| {
        visual.looks_at(
            "dataPoint",
            json!({"fill": colour(hex)}),
            json!({"metadata": format!("{table}.{measure}")}),
        )
    })
}
