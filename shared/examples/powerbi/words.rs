//! What each table and column is, for people who read the model.

const TABLES: [(&str, &str); 9] = [
    (
        "observations",
        "Every indicator's values as last reported, one row a series and date.",
    ),
    (
        "complete_dataset",
        "What the model was trained on: one row a day and feature, the target among them.",
    ),
    (
        "model_results",
        "Price, valuation, ranges and difference, one row a day.",
    ),
    (
        "contributions",
        "What each feature added to each day's value.",
    ),
    (
        "walk_forward",
        "What both members of a walk-forward said of each day, as known at the close and in the end. Empty where the preset does not walk.",
    ),
    ("model_runs", "The current run: preset, parameters, scores."),
    ("series", "The indicators of the run, with their titles."),
    (
        "scores",
        "The error of the model and of each rule to beat, over all test days, as published.",
    ),
    (
        "dates",
        "One row a day, from the first to the last of all tables.",
    ),
];

/// Columns that mean the same wherever they stand, and those of one table, which are looked for first.
const COLUMNS: [(&str, &str, &str); 58] = [
    ("dates", "date", "The day."),
    (
        "scores",
        "rule",
        "The rule: the valuation, the model alone, no change, exponential means.",
    ),
    (
        "scores",
        "kind",
        "Whether the rule is the model's or a baseline.",
    ),
    (
        "scores",
        "rmse",
        "Root mean squared error over the test days, in the unit of the price.",
    ),
    ("series", "series", "The name in tables and SQL."),
    ("series", "unit", "The unit of its values."),
    (
        "observations",
        "date",
        "The day, or the first day of the period, that the value speaks about.",
    ),
    ("observations", "value", "The value, in the series' unit."),
    (
        "complete_dataset",
        "value",
        "The feature's value, or the target's.",
    ),
    (
        "complete_dataset",
        "feature",
        "The feature's name, or target.",
    ),
    (
        "walk_forward",
        "gap_pct",
        "The valuation gap in percent, where there is one.",
    ),
    (
        "model_runs",
        "scores",
        "Errors of the model's rules, as JSON.",
    ),
    ("", "date", "The day that is valued."),
    ("", "series", "The series' name."),
    (
        "",
        "available_at",
        "The instant (UTC) from which the value could be known.",
    ),
    (
        "",
        "vintage",
        "The day on which the vendor first reported the value.",
    ),
    (
        "",
        "source",
        "SHA-256 of the vendor's answer that it was read from.",
    ),
    (
        "",
        "price",
        "The market's price, in the unit of the preset's target.",
    ),
    ("", "previous_price", "The price of the row before."),
    (
        "",
        "valuation",
        "What the model says gold is worth, in the unit of the price.",
    ),
    (
        "",
        "lower_80",
        "Lower end of the range that should hold the price four days in five.",
    ),
    (
        "",
        "upper_80",
        "Upper end of the range that should hold the price four days in five.",
    ),
    (
        "",
        "lower_95",
        "Lower end of the range that should hold the price nineteen days in twenty.",
    ),
    (
        "",
        "upper_95",
        "Upper end of the range that should hold the price nineteen days in twenty.",
    ),
    ("", "gap", "Price less valuation."),
    ("", "gap_pct", "The gap in percent of the valuation."),
    (
        "",
        "method",
        "How the value came about: model, ema, linear or no_change.",
    ),
    (
        "",
        "split",
        "Whether the model was fitted on the day (train) or never saw it (test).",
    ),
    (
        "",
        "information",
        "What the value could know: provisional at the close, or final.",
    ),
    ("", "feature", "The feature or driver, or base."),
    (
        "",
        "contribution",
        "What it added to the model's output, in the output's unit.",
    ),
    ("", "preset", "The preset of the run."),
    ("", "parameters", "XGBoost's parameters, as JSON."),
    ("", "baselines", "Errors of the rules to beat, as JSON."),
    ("", "first_date", "First day of the dataset."),
    ("", "last_date", "Last day of the dataset."),
    ("", "rows", "Rows of the dataset."),
    (
        "",
        "rmse",
        "Root mean squared error of the valuation over the test days.",
    ),
    (
        "",
        "no_change_rmse",
        "The same error of the price of the day before.",
    ),
    (
        "",
        "skill",
        "1 less the model's squared log error over that of no change.",
    ),
    (
        "",
        "synthetic",
        "Whether any input came from Assay's made-up market.",
    ),
    (
        "",
        "linear_pct",
        "The linear member's forecast of the day's move, in percent.",
    ),
    (
        "",
        "trees_pct",
        "The trees' forecast of the day's move, in percent.",
    ),
    (
        "",
        "combined_pct",
        "Both members' forecast of the day's move, in percent.",
    ),
    (
        "",
        "takes_over",
        "Whether the linear member alone values the day.",
    ),
    (
        "",
        "is_open",
        "Whether the members had shown skill, so that they may value the day.",
    ),
    (
        "",
        "above_maximum",
        "Whether the price before was above all that the model was trained on.",
    ),
    (
        "",
        "gap_value",
        "The value that the valuation gap is measured from.",
    ),
    (
        "",
        "gap_band",
        "Where the gap stands among those of the last three years.",
    ),
    ("", "residual_pct", "The day's error, in percent."),
    (
        "",
        "residual_20_pct",
        "The error over the last 20 days, in percent.",
    ),
    ("", "as_of", "The day whose knowledge the run used."),
    ("", "run_id", "The run."),
    ("", "title", "The series, for people."),
    ("", "frequency", "How often it has a value."),
    (
        "",
        "slot",
        "Its place in lists: series with most dates first.",
    ),
    ("", "year", "The calendar year."),
    ("", "month", "The first day of the month."),
];

/// What a table is; empty where nothing is written, which a test finds.
pub(crate) fn table(name: &str) -> &'static str {
    let found = TABLES.iter().find(|(table, _)| *table == name);
    found.map_or("", |(_, words)| words)
}

/// What a column is; empty where nothing is written, which a test finds.
pub(crate) fn column(table: &str, name: &str) -> &'static str {
    let of = |owner: &str| {
        let found = COLUMNS
            .iter()
            .find(|(table, column, _)| *table == owner && *column == name);
        found.map(|(_, _, words)| *words)
    };
    of(table).or_else(|| of("")).unwrap_or_default()
}
