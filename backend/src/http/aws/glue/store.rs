//! Databases, tables and partitions that clients made. They are kept as they were given, and gone with the process.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use super::super::wire::{AwsError, instant};
use crate::catalogue::DATABASE;

/// What a client gave: the members of an input object.
pub(super) type Input = Map<String, Value>;

/// Everything that was made.
#[derive(Default)]
pub(super) struct Store {
    databases: BTreeMap<String, Database>,
}

/// A database.
pub(super) struct Database {
    input: Input,
    created: DateTime<Utc>,
    tables: BTreeMap<String, Table>,
}

/// A table with its partitions by their values.
pub(super) struct Table {
    database: String,
    pub(super) input: Input,
    created: DateTime<Utc>,
    pub(super) updated: DateTime<Utc>,
    pub(super) version: u64,
    pub(super) partitions: BTreeMap<Vec<String>, Partition>,
}

/// A partition.
pub(super) struct Partition {
    pub(super) input: Input,
    pub(super) created: DateTime<Utc>,
}

/// The name in an input; Glue keeps names in lower case.
pub(super) fn name_of(input: &Input) -> Result<String, AwsError> {
    let name = input
        .get("Name")
        .and_then(Value::as_str)
        .unwrap_or_default();
    if name.is_empty() {
        return Err(AwsError::new("InvalidInputException", "Name is missing"));
    }
    Ok(name.to_lowercase())
}

pub(super) fn exists(what: &str) -> AwsError {
    AwsError::new("AlreadyExistsException", format!("{what} already exists."))
}

impl Store {
    /// Adds a database.
    pub(super) fn create(&mut self, mut input: Input, now: DateTime<Utc>) -> Result<(), AwsError> {
        let name = name_of(&input)?;
        if name == DATABASE || self.databases.contains_key(&name) {
            return Err(exists("Database"));
        }
        input.insert("Name".to_owned(), json!(name));
        let database = Database {
            input,
            created: now,
            tables: BTreeMap::new(),
        };
        self.databases.insert(name, database);
        Ok(())
    }

    /// All databases.
    pub(super) fn databases(&self) -> Vec<Value> {
        self.databases.values().map(Database::describe).collect()
    }

    /// A database to read.
    pub(super) fn database(&self, name: &str) -> Result<&Database, AwsError> {
        let found = self.databases.get(&name.to_lowercase());
        found.ok_or_else(|| no_database(name))
    }

    /// A database to change; the lake's cannot be.
    pub(super) fn database_mut(&mut self, name: &str) -> Result<&mut Database, AwsError> {
        if name.eq_ignore_ascii_case(DATABASE) {
            let message = format!(
                "database {DATABASE} shows what is published in the lake and cannot be changed; use another one"
            );
            return Err(AwsError::new("AccessDeniedException", message));
        }
        let found = self.databases.get_mut(&name.to_lowercase());
        found.ok_or_else(|| no_database(name))
    }
}

impl Database {
    /// As Glue tells it.
    pub(super) fn describe(&self) -> Value {
        let mut described = Value::Object(self.input.clone());
        described["CreateTime"] = instant(self.created);
        described
    }

    /// All tables.
    pub(super) fn tables(&self) -> Vec<Value> {
        self.tables.values().map(Table::describe).collect()
    }

    /// A table to read.
    pub(super) fn table(&self, name: &str) -> Result<&Table, AwsError> {
        let found = self.tables.get(&name.to_lowercase());
        found.ok_or_else(|| no_table(name))
    }

    /// A table to change.
    pub(super) fn table_mut(&mut self, name: &str) -> Result<&mut Table, AwsError> {
        let found = self.tables.get_mut(&name.to_lowercase());
        found.ok_or_else(|| no_table(name))
    }

    /// Adds a table.
    pub(super) fn create(&mut self, mut input: Input, now: DateTime<Utc>) -> Result<(), AwsError> {
        let name = name_of(&input)?;
        if self.tables.contains_key(&name) {
            return Err(exists("Table"));
        }
        input.insert("Name".to_owned(), json!(name));
        let table = Table {
            database: name_of(&self.input)?,
            input,
            created: now,
            updated: now,
            version: 0,
            partitions: BTreeMap::new(),
        };
        self.tables.insert(name, table);
        Ok(())
    }
}

impl Table {
    /// As Glue tells it.
    pub(super) fn describe(&self) -> Value {
        let mut described = Value::Object(self.input.clone());
        described["DatabaseName"] = json!(self.database);
        described["CreateTime"] = instant(self.created);
        described["UpdateTime"] = instant(self.updated);
        described["VersionId"] = json!(self.version.to_string());
        described
    }

    /// All partitions, sorted by their values.
    pub(super) fn partitions(&self) -> Vec<Value> {
        let show = |partition: &Partition| {
            let mut described = Value::Object(partition.input.clone());
            described["DatabaseName"] = json!(self.database);
            described["TableName"] = self.input["Name"].clone();
            described["CreationTime"] = instant(partition.created);
            described
        };
        self.partitions.values().map(show).collect()
    }
}

fn no_database(name: &str) -> AwsError {
    AwsError::not_found(format!("Database {name} not found."))
}

fn no_table(name: &str) -> AwsError {
    AwsError::not_found(format!("Table {name} not found."))
}
