//! What changes the databases in memory, with the refusals that a careful caller must know how to take.

use std::collections::btree_map::Entry;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::wire::AwsError;
use super::LARGEST;
use super::store::{Input, Partition, Store, name_of};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct NewDatabase {
    database_input: Input,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct TableChange {
    database_name: String,
    table_input: Input,
    version_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct NewPartitions {
    database_name: String,
    table_name: String,
    partition_input_list: Vec<Input>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct PartitionChanges {
    database_name: String,
    table_name: String,
    entries: Vec<PartitionChange>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PartitionChange {
    partition_value_list: Vec<String>,
    partition_input: Input,
}

pub(super) fn create_database(
    store: &mut Store,
    asked: NewDatabase,
    now: DateTime<Utc>,
) -> Result<Value, AwsError> {
    store.create(asked.database_input, now)?;
    Ok(json!({}))
}

pub(super) fn create_table(
    store: &mut Store,
    asked: TableChange,
    now: DateTime<Utc>,
) -> Result<Value, AwsError> {
    let database = store.database_mut(&asked.database_name)?;
    database.create(asked.table_input, now)?;
    Ok(json!({}))
}

/// The whole table is replaced, but for its partitions. A version that is not the newest is somebody's older view of it.
pub(super) fn update_table(
    store: &mut Store,
    asked: TableChange,
    now: DateTime<Utc>,
) -> Result<Value, AwsError> {
    let database = store.database_mut(&asked.database_name)?;
    let name = name_of(&asked.table_input)?;
    let table = database.table_mut(&name)?;
    let seen = asked.version_id;
    if seen.is_some_and(|seen| seen != table.version.to_string()) {
        let message = "Update table failed due to concurrent modifications.";
        return Err(AwsError::new("ConcurrentModificationException", message));
    }
    table.input = asked.table_input;
    table.input.insert("Name".to_owned(), json!(name));
    table.version += 1;
    table.updated = now;
    Ok(json!({}))
}

/// Partitions that are there stay as they are and are told.
pub(super) fn create_partitions(
    store: &mut Store,
    asked: NewPartitions,
    now: DateTime<Utc>,
) -> Result<Value, AwsError> {
    few_enough(asked.partition_input_list.len())?;
    let table = store
        .database_mut(&asked.database_name)?
        .table_mut(&asked.table_name)?;
    let width = table
        .input
        .get("PartitionKeys")
        .and_then(Value::as_array)
        .map_or(0, Vec::len);
    let mut errors = Vec::new();
    for input in asked.partition_input_list {
        let values = values_of(&input);
        if values.len() != width {
            let message = format!(
                "The number of partition keys do not match the number of partition values: {width}"
            );
            return Err(AwsError::new("InvalidInputException", message));
        }
        match table.partitions.entry(values) {
            Entry::Occupied(taken) => errors.push(refused(
                taken.key(),
                "AlreadyExistsException",
                "Partition already exists.",
            )),
            Entry::Vacant(place) => {
                let created = now;
                place.insert(Partition { input, created });
            }
        }
    }
    Ok(json!({ "Errors": errors }))
}

/// Partitions that are not there are told.
pub(super) fn update_partitions(
    store: &mut Store,
    asked: PartitionChanges,
    now: DateTime<Utc>,
) -> Result<Value, AwsError> {
    few_enough(asked.entries.len())?;
    let table = store
        .database_mut(&asked.database_name)?
        .table_mut(&asked.table_name)?;
    let mut errors = Vec::new();
    for change in asked.entries {
        let Some(known) = table.partitions.remove(&change.partition_value_list) else {
            let values = &change.partition_value_list;
            errors.push(refused(
                values,
                "EntityNotFoundException",
                "Partition not found.",
            ));
            continue;
        };
        let mut input = change.partition_input;
        input
            .entry("Values")
            .or_insert(json!(change.partition_value_list));
        let partition = Partition {
            created: known.created,
            input,
        };
        table
            .partitions
            .insert(values_of(&partition.input), partition);
    }
    table.updated = now;
    let mut answer = json!({});
    if !errors.is_empty() {
        answer["Errors"] = json!(errors);
    }
    Ok(answer)
}

fn values_of(input: &Input) -> Vec<String> {
    let values = input.get("Values").and_then(Value::as_array);
    let values = values.into_iter().flatten().filter_map(Value::as_str);
    values.map(str::to_owned).collect()
}

fn few_enough(count: usize) -> Result<(), AwsError> {
    if (1..=LARGEST).contains(&count) {
        return Ok(());
    }
    let message = format!("1 to {LARGEST} partitions at once; there are {count}");
    Err(AwsError::new("InvalidInputException", message))
}

fn refused(values: &[String], code: &str, message: &str) -> Value {
    json!({
        "PartitionValues": values,
        "PartitionValueList": values,
        "ErrorDetail": { "ErrorCode": code, "ErrorMessage": message },
    })
}
