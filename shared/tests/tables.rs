//! `infra/tables.json` is the catalogue as JSON: the AWS template's tables are made from it without compiling anything.

use serde_json::{Value, json};
use shared::catalogue::Table;

fn catalogue() -> Value {
    let tables: Vec<Value> = Table::ALL
        .into_iter()
        .map(|table| {
            // A run's features are its preset's: they are added to the table in AWS when a run is registered.
            json!({ "name": table.name(), "folder": table.folder(), "columns": table.columns(&[]) })
        })
        .collect();
    json!({ "tables": tables, "partitions": Table::partition_columns() })
}

#[test]
fn the_template_s_tables_are_the_catalogue() {
    let written: Value = serde_json::from_str(include_str!("../../infra/tables.json")).unwrap();
    let wanted = catalogue();
    assert_eq!(
        written, wanted,
        "put this into infra/tables.json, then run `scripts/deploy-check --write`:\n{wanted:#}"
    );
}
