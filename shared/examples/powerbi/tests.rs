//! The files in `powerbi/` are those that the generator makes, and what it makes hangs together.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use shared::catalogue::Table;

use super::files::{Files, Folder};
use super::model::{Model, RELATIONSHIPS, Rows};
use super::{generate, read};

const ADVICE: &str = "run `cargo run -p shared --example powerbi` and commit what it writes";

fn files() -> Files {
    Folder::of_this_clone().read(generate).unwrap()
}

fn model() -> Model {
    Folder::of_this_clone().read(read).unwrap()
}

/// The model of a manifest with this measure alone.
fn with_measure(text: &str) -> Result<Model, String> {
    read(&format!("[[measure]]\n{text}"), &[]).map_err(|fault| fault.to_string())
}

#[test]
fn what_is_committed_is_what_is_generated() {
    let folder = Folder::of_this_clone();
    let wanted = files();
    let names: BTreeSet<String> = wanted.keys().cloned().collect();
    assert_eq!(folder.names().unwrap(), names, "{ADVICE}");
    for (name, text) in &wanted {
        let found = folder.text(name).unwrap_or_default();
        assert!(found == *text, "powerbi/{name} is not up to date: {ADVICE}");
    }
}

#[test]
fn every_table_and_column_of_the_catalogue_is_in_the_model() {
    let model = model();
    for table in Table::ALL {
        let found = model.table(table.name()).unwrap();
        let names: Vec<&str> = found
            .columns
            .iter()
            .map(|column| column.name.as_str())
            .collect();
        let mut fields = table.columns(&[]);
        if table == Table::CompleteDataset {
            fields.retain(|field| field.name != "target");
        }
        fields.extend(Table::partition_columns());
        for field in fields {
            assert!(
                names.contains(&field.name.as_str()),
                "{table} lacks {}",
                field.name
            );
        }
    }
}

#[test]
fn everything_says_what_it_is() {
    let model = model();
    let mut silent = Vec::new();
    for table in &model.tables {
        if table.description.is_empty() {
            silent.push(table.name.to_owned());
        }
        let without = table
            .columns
            .iter()
            .filter(|column| column.description.is_empty());
        silent.extend(without.map(|column| format!("{}[{}]", table.name, column.name)));
    }
    assert_eq!(
        silent,
        Vec::<String>::new(),
        "without a description in words.rs"
    );
    for measure in &model.measures {
        assert!(measure.description.ends_with('.'), "{}", measure.name);
        assert!(!measure.description.contains('\n'), "{}", measure.name);
    }
}

#[test]
fn neither_dax_nor_sql_stands_alone() {
    let head = "name = \"X\"\ntable = \"scores\"\nfolder = \"F\"\ndescription = \"D.\"\n";
    let fault = |more: &str| with_measure(&format!("{head}{more}")).err().unwrap();
    assert!(fault("dax = \"1\"").contains("missing field `sql`"));
    assert!(fault("sql = \"SELECT 1\"").contains("missing field `dax`"));
    assert_eq!(
        fault("dax = \"1\"\nsql = \"SELECT ${Y}\""),
        "X: there is no measure `Y`"
    );
    assert_eq!(
        fault("dax = \"1\"\nsql = \"SELECT ${X}\""),
        "X: a measure's SQL needs itself"
    );
    let model = with_measure(&format!("{head}dax = \"1\"\nsql = \"SELECT 1\"")).unwrap();
    assert_eq!(model.measures[0].sql_file(), "-- X: D.\nSELECT 1\n");
}

#[test]
fn a_measure_bears_no_name_that_is_taken_and_stands_in_a_table() {
    let fault = |name: &str, table: &str| {
        let text = format!(
            "name = \"{name}\"\ntable = \"{table}\"\nfolder = \"F\"\ndescription = \"D.\"\ndax = \"1\"\nsql = \"SELECT 1\""
        );
        with_measure(&text).err()
    };
    assert_eq!(fault("RMSE", "scores").unwrap(), "the name `RMSE` is taken");
    assert_eq!(
        fault("X", "nowhere").unwrap(),
        "the model has no table `nowhere`"
    );
    assert_eq!(fault("RMSE", "series"), None);
}

/// Words in square brackets, each with the word that stands right before it.
fn references(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('[') {
        let (name, tail) = after.split_once(']').unwrap();
        let is_word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        let start = before
            .rfind(|letter| !is_word(letter))
            .map_or(0, |at| at + 1);
        found.push((before[start..].to_owned(), name.to_owned()));
        rest = tail;
    }
    found
}

#[test]
fn dax_speaks_of_columns_and_measures_that_are_there() {
    let model = model();
    let calculated = model.tables.iter().filter_map(|table| match &table.rows {
        Rows::Calculated(dax) => Some((table.name, dax.as_str())),
        Rows::Query(_) => None,
    });
    let measures = model
        .measures
        .iter()
        .map(|one| (one.name.as_str(), one.dax.as_str()));
    for (owner, dax) in measures.chain(calculated) {
        for (table, name) in references(dax) {
            // What DAX names itself: the column of a list, and the calendar's.
            let of_dax = table.is_empty() && ["Value", "Date"].contains(&name.as_str());
            let known = if table.is_empty() {
                of_dax || model.measure(&name).is_ok()
            } else {
                model
                    .table(&table)
                    .is_ok_and(|of| of.columns.iter().any(|column| column.name == name))
            };
            assert!(known, "{owner} speaks of {table}[{name}]");
        }
    }
    for joined in &RELATIONSHIPS {
        for (table, name) in [joined.from, joined.to] {
            let columns = &model.table(table).unwrap().columns;
            assert!(
                columns.iter().any(|column| column.name == name),
                "{table}[{name}]"
            );
        }
    }
}

#[test]
fn dax_has_no_variable_that_is_a_table_and_closes_what_it_opens() {
    let model = model();
    for measure in &model.measures {
        for line in measure.dax.lines() {
            if let Some(rest) = line.trim().strip_prefix("VAR ") {
                let name = rest.split(' ').next().unwrap();
                assert!(model.table(name).is_err(), "{}: VAR {name}", measure.name);
            }
        }
        let count = |letter| measure.dax.matches(letter).count();
        assert_eq!(count('('), count(')'), "{}", measure.name);
        assert_eq!(count('"') % 2, 0, "{}", measure.name);
    }
}

/// The visuals of each page, in the order of their tab stops.
fn visuals() -> BTreeMap<String, Vec<Value>> {
    let mut pages: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for (name, text) in files() {
        if let Some((page, _)) = name.split_once("/visuals/") {
            let visual: Value = serde_json::from_str(&text).unwrap();
            pages.entry(page.to_owned()).or_default().push(visual);
        }
    }
    for visuals in pages.values_mut() {
        visuals.sort_by_key(|visual| visual["position"]["tabOrder"].as_u64());
    }
    pages
}

#[test]
fn every_visual_can_be_read_aloud_and_reached_by_the_tab_key() {
    let pages = visuals();
    assert_eq!(pages.len(), 4);
    for (page, visuals) in pages {
        let stops: BTreeSet<_> = visuals
            .iter()
            .map(|visual| visual["position"]["tabOrder"].as_u64())
            .collect();
        assert_eq!(
            stops.len(),
            visuals.len(),
            "{page}: two visuals at one tab stop"
        );
        assert_eq!(visuals[0]["name"], "heading", "{page}");
        let kinds: Vec<_> = visuals.iter().map(|visual| &visual["name"]).collect();
        assert!(
            kinds.iter().any(|name| **name == "data"),
            "{page} does not say synthetic"
        );
        for visual in &visuals {
            let container = &visual["visual"]["visualContainerObjects"];
            let alt = &container["general"][0]["properties"]["altText"]["expr"]["Literal"]["Value"];
            let alt = alt.as_str().unwrap_or_default();
            assert!(alt.len() > 10, "{page}: {} has no alt text", visual["name"]);
        }
    }
}

#[test]
fn visuals_stand_on_their_page_and_beside_each_other() {
    for (page, visuals) in visuals() {
        let place = |visual: &Value| {
            ["x", "y", "width", "height"].map(|side| visual["position"][side].as_u64().unwrap())
        };
        for (index, visual) in visuals.iter().enumerate() {
            let [x, y, width, height] = place(visual);
            assert!(
                x + width <= 1280 && y + height <= 720,
                "{page}: {}",
                visual["name"]
            );
            for other in &visuals[..index] {
                let [left, top, wide, high] = place(other);
                let apart =
                    x + width <= left || left + wide <= x || y + height <= top || top + high <= y;
                assert!(
                    apart,
                    "{page}: {} lies on {}",
                    visual["name"], other["name"]
                );
            }
        }
    }
}

#[test]
fn a_series_has_one_title_in_all_presets() {
    let series = |title: &str| {
        format!(
            "[[series]]\nid = \"gold\"\ntitle = \"{title}\"\nunit = \"USD\"\nfrequency = \"daily\"\n"
        )
    };
    let fault = super::titles::read(&[series("Gold"), series("Silver")]).unwrap_err();
    assert_eq!(
        fault.to_string(),
        "the presets describe the series `gold` differently"
    );
    assert_eq!(
        super::titles::read(&[series("Gold"), series("Gold")])
            .unwrap()
            .len(),
        1
    );
}
