//! Presets: the built-in ones work, and wrong ones say what is wrong with them.

use super::*;

/// The smallest preset that works, with one line replaced.
fn preset_with(from: &str, to: &str) -> Result<Preset, PresetError> {
    let text = r#"
name = "mine"
title = "Mine"
target = "gold"
rows = { kind = "target_days", cut_off = { at = "16:00 America/New_York" } }

[[series]]
id = "gold"
title = "Gold"
unit = "USD"
source = { vendor = "fred", id = "GOLD" }
frequency = "daily"
publication = { at = "16:00 America/New_York" }

[[feature]]
name = "move"
label = "Move"
of = "gold"
op = { log_return = {} }
lag = 1

[train]
output = "percent_return"
test_rows = 10
folds = 2
seed = 1
extrapolation = "none"
intervals = false

[[train.grids.small.searches]]
max_depth = [2]
"#;
    assert!(text.contains(from), "`{from}` is in the text");
    parse("mine", &text.replace(from, to))
}

fn message(result: Result<Preset, PresetError>) -> String {
    result.unwrap_err().to_string()
}

#[test]
fn built_in_presets_are_well_formed() {
    for name in built_in_names() {
        let preset = load(name).unwrap();
        assert_eq!(preset.name, name);
        assert!(preset.train.grids.contains_key("deployed"), "{name}");
    }
}

#[test]
fn classic_has_the_originals_columns_in_their_order() {
    let preset = load("classic").unwrap();
    let labels: Vec<&str> = preset
        .visible_features()
        .map(|f| f.label.as_str())
        .collect();
    let originals = [
        "sp500 open",
        "nasdaq open",
        "us_rates_%",
        "CPI",
        "usd_chf",
        "eur_usd",
        "GDP",
        "silver open",
        "oil open",
        "platinum open",
        "palladium open",
        "gold EMA_30",
    ];
    assert_eq!(labels, originals);
}

#[test]
fn classic_searches_what_the_original_searched() {
    let preset = load("classic").unwrap();
    let sizes: Vec<usize> = preset.train.grids["full"]
        .searches
        .iter()
        .map(|axes| axes.values().map(Vec::len).product())
        .collect();
    assert_eq!(sizes, [216, 1728]);
}

#[test]
fn an_unknown_preset_lists_the_known_ones() {
    let message = message(load("fancy"));
    assert!(
        message.starts_with(
            "there is no preset `fancy`: built in are fair, fair-free, study, classic"
        )
    );
}

#[test]
fn an_unknown_series_is_named() {
    assert_eq!(
        message(preset_with("of = \"gold\"", "of = \"silver\"")),
        "the preset `mine` cannot work: the feature `move` is made from `silver`, which is neither a series nor a feature of it"
    );
}

#[test]
fn a_feature_that_depends_on_itself_is_shown_with_its_circle() {
    let circle = "of = \"mean\"\nop = \"level\"\n\n[[feature]]\nname = \"mean\"\nlabel = \"Mean\"\nof = \"move\"";
    assert_eq!(
        message(preset_with("of = \"gold\"", circle)),
        "the preset `mine` cannot work: a feature depends on itself: move → mean → move"
    );
}

#[test]
fn a_misspelt_setting_is_refused_with_its_place() {
    let message = message(preset_with("lag = 1", "lags = 1"));
    assert!(message.contains("unknown field `lags`"), "{message}");
    assert!(message.contains("line 20"), "{message}");
}
