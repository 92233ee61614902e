//! The four pages: the valuation, an indicator by choice, the screener, and how good the model is.

use serde_json::json;

use super::Page;
use super::chart::{
    bars, card, cells_of, coloured_card, columns, date_slicer, each_point, heading, in_colour,
    indicator_slicer, lines, table,
};
use super::theme::{BASELINE, PRICE, VALUE};
use super::visual::{Shown, Visual, colour_by};
use Shown::{Column, Measure};

const DAY: Shown = Column("dates", "date");
const YEAR: Shown = Column("dates", "year");

/// The pages in order.
pub(crate) fn all() -> Vec<Page> {
    vec![valuation(), charts(), screener(), quality()]
}

/// What every page opens with: its title, the day whose knowledge it shows, and whether the data is real.
fn top(text: &str) -> Vec<Visual> {
    vec![
        heading(text, (20, 16, 600, 64)),
        coloured_card("data", "Data", "Data colour", 13, (640, 16, 370, 64))
            .alt("Whether the numbers come from the vendors or from a made-up market"),
        card("as_of", "Knowledge as of", 16, (1030, 16, 230, 64))
            .title("Knowledge as of")
            .alt("The day whose knowledge the run used"),
    ]
}

fn page(name: &'static str, title: &'static str, heading: &str, visuals: Vec<Visual>) -> Page {
    let mut all = top(heading);
    all.extend(visuals);
    Page {
        name,
        title,
        visuals: all,
    }
}

fn valuation() -> Page {
    let mut visuals = valuation_numbers();
    visuals.extend(valuation_charts());
    page("valuation", "Valuation", "Gold price valuation", visuals)
}

fn valuation_numbers() -> Vec<Visual> {
    vec![
        coloured_card(
            "verdict",
            "Verdict",
            "Verdict colour",
            22,
            (20, 96, 204, 96),
        )
        .title_by("Valued day")
        .alt("Overvalued, undervalued or fairly valued on the newest of the days chosen"),
        date_slicer((20, 208, 204, 104)),
        card("price", "Market price", 18, (20, 328, 204, 80))
            .title("Market price")
            .alt("The market's price on the newest of the days chosen"),
        card("value", "Model value", 18, (20, 424, 204, 80))
            .title("Model value")
            .alt("What the model says gold is worth on that day"),
        coloured_card(
            "difference",
            "Difference %",
            "Verdict colour",
            18,
            (20, 520, 204, 80),
        )
        .title("Difference")
        .alt("Price less valuation on that day, in percent of the valuation"),
        card("how_sure", "How sure", 11, (20, 616, 204, 88))
            .title("How sure")
            .alt("Whether the price of that day lies inside the model's own ranges"),
    ]
}

fn valuation_charts() -> [Visual; 3] {
    let pair = [Measure("Market price"), Measure("Model value")];
    let prices = lines("price_and_valuation", DAY, &pair, (240, 96, 700, 344))
        .title("Price and valuation")
        .alt("Line chart: the market's price and the model's value of gold, day by day");
    let prices = in_colour(
        prices,
        &[
            ("model_results", "Market price", PRICE),
            ("model_results", "Model value", VALUE),
        ],
    );
    let differences = columns(
        "differences",
        DAY,
        &[Measure("Difference %")],
        (240, 456, 700, 248),
    )
    .title("Difference: price above (red) or below (green) the valuation")
    .alt("Column chart: by how many percent of the valuation the price was above or below it, day by day")
    .looks_at(
        "dataPoint",
        json!({"fill": colour_by("Verdict colour")}),
        each_point(),
    );
    [
        prices,
        differences,
        bars(
            "why",
            Column("contributions", "feature"),
            "Feature contribution",
            (960, 96, 300, 608),
        )
        .title("What moved it")
        .alt("Bar chart: what each feature added to the newest valuation"),
    ]
}

fn charts() -> Page {
    let visuals = vec![
        indicator_slicer((20, 96, 300, 104)),
        date_slicer((20, 216, 300, 104)),
        card("newest", "Indicator tile", 16, (20, 336, 300, 96))
            .title_by("Indicator name")
            .alt("Newest value of the indicator and its one-day change"),
        card("newest_day", "Indicator day", 14, (20, 448, 300, 80))
            .title("Newest value of")
            .alt("The reference date of the newest value"),
        in_colour(
            lines(
                "history",
                DAY,
                &[Measure("Indicator value")],
                (340, 96, 920, 608),
            )
            .title_by("Indicator name")
            .alt("Line chart: the chosen indicator, day by day"),
            &[("observations", "Indicator value", PRICE)],
        ),
    ];
    page("charts", "Charts", "Charts: one indicator", visuals)
}

/// Tiles of the screener: four in a row.
const TILES: u32 = 12;
const TILES_IN_A_ROW: u32 = 4;

fn tile(slot: u32) -> Visual {
    let (row, column) = ((slot - 1) / TILES_IN_A_ROW, (slot - 1) % TILES_IN_A_ROW);
    let at = (20 + column * 312, 96 + row * 108, 304, 100);
    coloured_card(
        format!("tile_{slot:02}"),
        "Indicator tile",
        "One-day change colour",
        16,
        at,
    )
    .title_by("Indicator name")
    .alt(format!(
        "Tile {slot}: newest value and one-day change of the indicator that the title names"
    ))
    .only(Column("series", "slot"), slot)
}

fn screener() -> Page {
    let shown = [
        Column("series", "title"),
        Measure("Indicator day"),
        Measure("Indicator value"),
        Column("series", "unit"),
        Measure("One-day change %"),
        Column("series", "frequency"),
    ];
    let all = table("all_indicators", &shown, (20, 424, 1240, 280))
        .title("All indicators of the run")
        .alt("Table: newest day, value, unit and one-day change of every indicator of the run")
        .looks_at(
            "values",
            json!({"fontColor": colour_by("One-day change colour")}),
            cells_of("observations", "One-day change %"),
        );
    let visuals = (1..=TILES).map(tile).chain([all]).collect();
    page(
        "screener",
        "Screener",
        "Screener: one-day performance",
        visuals,
    )
}

fn quality() -> Page {
    let cards = [
        ("test_days", "Test days", "Days that the model never saw"),
        (
            "rmse",
            "RMSE of the model",
            "Root mean squared error of the valuation",
        ),
        (
            "rmse_no_change",
            "RMSE of no change",
            "Root mean squared error of the price of the day before",
        ),
        (
            "skill",
            "Skill against no change",
            "Skill: above zero the model beats the price of the day before",
        ),
        (
            "held_80",
            "Held by the 80 % range",
            "How often the 80 percent range held the price",
        ),
        (
            "held_95",
            "Held by the 95 % range",
            "How often the 95 percent range held the price",
        ),
    ];
    let mut visuals = vec![date_slicer((20, 96, 230, 104))];
    for (place, (name, measure, alt)) in (0..).zip(cards) {
        let at = (266 + place * 166, 96, 158, 104);
        visuals.push(card(name, measure, 18, at).title(measure).alt(alt));
    }
    visuals.extend(quality_charts());
    page(
        "quality",
        "Model quality",
        "How good is the model?",
        visuals,
    )
}

fn quality_charts() -> [Visual; 4] {
    let errors = [Measure("RMSE of the model"), Measure("RMSE of no change")];
    let held = [
        Measure("Held by the 80 % range"),
        Measure("Held by the 95 % range"),
    ];
    [
        in_colour(
            columns("errors_by_year", YEAR, &errors, (20, 216, 612, 240))
                .title("Error of the model and of no change, by year")
                .alt("Column chart: root mean squared error of the valuation and of the price of the day before, year by year"),
            &[
                ("model_results", "RMSE of the model", VALUE),
                ("model_results", "RMSE of no change", BASELINE),
            ],
        ),
        lines("coverage_by_year", YEAR, &held, (648, 216, 612, 240))
            .title("How often the ranges held the price, by year (promised: 80 % and 95 %)")
            .alt("Line chart: share of test days on which the 80 and 95 percent ranges held the price, year by year"),
        bars("scores", Column("scores", "rule"), "Score", (20, 472, 612, 232))
            .title("Errors as published: the model and the rules to beat, all test days")
            .alt("Bar chart: root mean squared error of the valuation, the model alone and each baseline, as the run published them"),
        table(
            "run",
            &[
                Column("model_runs", "preset"),
                Column("model_runs", "run_id"),
                Measure("Published RMSE"),
                Measure("Published skill"),
                Column("model_runs", "first_date"),
                Column("model_runs", "last_date"),
            ],
            (648, 472, 612, 232),
        )
        .title("The run")
        .alt("Table: preset, id, published error and skill, first and last day of the current run"),
    ]
}
