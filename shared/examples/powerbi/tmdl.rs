//! The model as TMDL: one file a table, and what stands beside them.

use std::fmt::Write as _;

use serde_json::{Value, json};
use shared::catalogue::ColumnType;

use super::expressions::Expression;
use super::files::Files;
use super::measures::Measure;
use super::model::{Column, Model, ModelTable, RELATIONSHIPS, Rows};

const FOLDER: &str = "Assay.SemanticModel";

/// What Power BI calls the model's items in a workspace. Never changed: a published item is found by it.
const MODEL_ID: &str = "3f6c0b5e-7f0e-4c55-9d7a-5a7d7c1f4a01";

/// Writes the semantic model.
pub(crate) fn write(model: &Model, files: &mut Files) {
    let mut put = |name: &str, text: String| files.insert(format!("{FOLDER}/{name}"), text);
    put(".platform", platform("SemanticModel", MODEL_ID));
    put(
        "definition.pbism",
        pretty(&json!({
            "$schema": "https://developer.microsoft.com/json-schemas/fabric/item/semanticModel/definitionProperties/1.0.0/schema.json",
            "version": "4.2",
            "settings": {}
        })),
    );
    put(
        "definition/database.tmdl",
        "database\n\tcompatibilityLevel: 1567\n".to_owned(),
    );
    put("definition/model.tmdl", header(model));
    put(
        "definition/expressions.tmdl",
        model
            .expressions
            .iter()
            .map(expression)
            .collect::<Vec<_>>()
            .join("\n"),
    );
    put("definition/relationships.tmdl", relationships());
    for table in &model.tables {
        put(
            &format!("definition/tables/{}.tmdl", table.name),
            table_file(model, table),
        );
    }
}

/// The file that tells Fabric what an item is.
pub(crate) fn platform(kind: &str, id: &str) -> String {
    pretty(&json!({
        "$schema": "https://developer.microsoft.com/json-schemas/fabric/gitIntegration/platformProperties/2.0.0/schema.json",
        "metadata": {"type": kind, "displayName": "Assay"},
        "config": {"version": "2.0", "logicalId": id}
    }))
}

/// JSON with two spaces, keys in order of their letters and a last line feed.
pub(crate) fn pretty(value: &Value) -> String {
    format!("{:#}\n", sorted(value))
}

/// Whether `serde_json` keeps keys in order of insertion depends on what else is built with it; this order does not.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut pairs: Vec<_> = members.iter().collect();
            pairs.sort_by_key(|(key, _)| *key);
            pairs
                .into_iter()
                .map(|(key, member)| (key.clone(), sorted(member)))
                .collect()
        }
        Value::Array(items) => items.iter().map(sorted).collect(),
        plain => plain.clone(),
    }
}

fn header(model: &Model) -> String {
    let names: Vec<&str> = model.tables.iter().map(|table| table.name).collect();
    let queries = model.expressions.iter().map(|one| one.name).chain(
        model
            .tables
            .iter()
            .filter(|table| matches!(table.rows, Rows::Query(_)))
            .map(|table| table.name),
    );
    let order = json!(queries.collect::<Vec<_>>());
    // Time intelligence would add a hidden calendar for each date column; `dates` is the one calendar.
    format!(
        "model Model\n\tculture: en-US\n\tdefaultPowerBIDataSourceVersion: powerBI_V3\n\tsourceQueryCulture: en-US\n\tdiscourageImplicitMeasures\n\
         \tdataAccessOptions\n\t\tlegacyRedirects\n\t\treturnErrorValuesAsNull\n\n\
         annotation __PBI_TimeIntelligenceEnabled = 0\n\nannotation PBI_QueryOrder = {order}\n\n{}\n",
        names
            .iter()
            .map(|name| format!("ref table {name}"))
            .collect::<Vec<_>>()
            .join("\n")
    )
}

fn expression(one: &Expression) -> String {
    let body = match one.text.split_once('\n') {
        None => format!(" {}", one.text),
        Some(_) => format!("\n{}", indented(&one.text, 2)),
    };
    format!(
        "/// {}\nexpression {} ={body}\n\n\tannotation PBI_NavigationStepName = Navigation\n\n\tannotation PBI_ResultType = {}\n",
        one.description, one.name, one.result
    )
}

fn relationships() -> String {
    let one = |joined: &super::model::Relationship| {
        format!(
            "relationship {}\n\tfromColumn: {}.{}\n\ttoColumn: {}.{}\n",
            joined.name, joined.from.0, joined.from.1, joined.to.0, joined.to.1
        )
    };
    RELATIONSHIPS.iter().map(one).collect::<Vec<_>>().join("\n")
}

fn table_file(model: &Model, table: &ModelTable) -> String {
    let mut text = format!("/// {}\ntable {}\n", table.description, table.name);
    if table.name == "dates" {
        text += "\tdataCategory: Time\n";
    }
    for measure in model
        .measures
        .iter()
        .filter(|measure| measure.table == table.name)
    {
        text += &measure_of(measure);
    }
    let calculated = matches!(table.rows, Rows::Calculated(_));
    for column in &table.columns {
        text += &column_of(column, calculated);
    }
    let (kind, source) = match &table.rows {
        Rows::Query(query) => ("m", query),
        Rows::Calculated(expression) => ("calculated", expression),
    };
    let _ = write!(
        text,
        "\n\tpartition {} = {kind}\n\t\tmode: import\n\t\tsource =\n{}\n",
        table.name,
        indented(source, 4)
    );
    if !calculated {
        text += "\n\tannotation PBI_NavigationStepName = Navigation\n\n\tannotation PBI_ResultType = Table\n";
    }
    text
}

fn measure_of(measure: &Measure) -> String {
    let body = if measure.dax.contains('\n') {
        format!("\n{}", indented(&measure.dax, 3))
    } else {
        format!(" {}", measure.dax)
    };
    let mut text = format!(
        "\n\t/// {}\n\tmeasure {} ={body}\n",
        measure.description,
        name(&measure.name)
    );
    if let Some(format) = &measure.format {
        let _ = writeln!(text, "\t\tformatString: {format}");
    }
    if measure.hidden {
        text += "\t\tisHidden\n";
    }
    let _ = writeln!(text, "\t\tdisplayFolder: {}", measure.folder);
    text
}

fn column_of(column: &Column, calculated: bool) -> String {
    let (kind, format) = match column.kind {
        ColumnType::Date => ("dateTime", Some("yyyy-mm-dd")),
        ColumnType::Timestamp => ("dateTime", Some("yyyy-mm-dd hh:nn:ss")),
        ColumnType::Double => ("double", None),
        ColumnType::BigInt => ("int64", Some("0")),
        ColumnType::Text => ("string", None),
        ColumnType::Boolean => ("boolean", None),
    };
    let mut text = format!(
        "\n\t/// {}\n\tcolumn {}\n\t\tdataType: {kind}\n",
        column.description, column.name
    );
    if column.key {
        text += "\t\tisKey\n";
    }
    if column.hidden {
        text += "\t\tisHidden\n";
    }
    if let Some(format) = format {
        let _ = writeln!(text, "\t\tformatString: {format}");
    }
    text += "\t\tsummarizeBy: none\n";
    if calculated {
        let _ = writeln!(
            text,
            "\t\tisNameInferred\n\t\tsourceColumn: [{}]",
            column.name
        );
    } else {
        let _ = writeln!(text, "\t\tsourceColumn: {}", column.name);
    }
    if let Some(other) = column.sort_by {
        let _ = writeln!(text, "\t\tsortByColumn: {other}");
    }
    if column.kind == ColumnType::Date {
        text += "\n\t\tannotation UnderlyingDateTimeDataType = Date\n";
    }
    text
}

/// A name as TMDL writes it: quoted where it is not one word of letters, digits and `_`.
fn name(text: &str) -> String {
    let plain = text
        .chars()
        .all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    if plain {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "''"))
    }
}

/// `text` with each line that has something on it moved right by so many tabs.
fn indented(text: &str, tabs: usize) -> String {
    let lines = text.lines().map(|line| {
        if line.trim().is_empty() {
            String::new()
        } else {
            format!("{}{line}", "\t".repeat(tabs))
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}
