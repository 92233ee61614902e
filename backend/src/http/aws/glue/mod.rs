//! The local Glue: the published runs as a database that can be read, and other databases that live in memory.

mod crawler;
mod lake;
mod store;
mod write;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Deserialize;
use serde_json::{Value, json};

use super::wire::{AwsError, page, read};
use crate::catalogue::{DATABASE, LakeCatalogue};
use crate::clock::Clock;
use crawler::Crawlers;
use store::Store;

/// Things of one page, as in Glue.
const LARGEST: usize = 100;

/// What Glue was told, and what the lake has.
pub(super) struct Glue {
    catalogue: LakeCatalogue,
    clock: Arc<dyn Clock>,
    store: Mutex<Store>,
    crawlers: Mutex<Crawlers>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Paged {
    next_token: Option<String>,
    max_results: Option<usize>,
}

impl Paged {
    /// One page of `items` under the name that the operation has for them.
    fn answer(&self, name: &str, items: &[Value]) -> Result<Value, AwsError> {
        let most = self.max_results.unwrap_or(LARGEST).clamp(1, LARGEST);
        let paged = page(items, self.next_token.as_deref(), most);
        let (items, next) = paged.map_err(|e| AwsError::new("InvalidInputException", e.message))?;
        let mut answer = json!({ name: items });
        if let Some(next) = next {
            answer["NextToken"] = json!(next);
        }
        Ok(answer)
    }
}

/// A database, a table of it, a partition of that: as much as an operation names.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Named {
    #[serde(default)]
    database_name: String,
    #[serde(default)]
    table_name: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    partition_values: Vec<String>,
    expression: Option<String>,
    #[serde(flatten)]
    paged: Paged,
}

impl Glue {
    /// Knows the lake and nothing else.
    pub(super) fn new(catalogue: LakeCatalogue, clock: Arc<dyn Clock>) -> Self {
        Self {
            catalogue,
            clock,
            store: Mutex::default(),
            crawlers: Mutex::default(),
        }
    }

    /// Answers one operation.
    pub(super) async fn call(&self, operation: &str, body: Value) -> Result<Value, AwsError> {
        match operation {
            "GetDatabase" => self.database(&read(body)?),
            "GetDatabases" => self.databases(&read(body)?),
            "GetTable" => self.table(&read(body)?).await,
            "GetTables" => self.tables(&read(body)?).await,
            "GetPartition" => self.partition(&read(body)?).await,
            "GetPartitions" => self.partitions(&read(body)?).await,
            "CreateDatabase" => {
                write::create_database(&mut self.store(), read(body)?, self.clock.now())
            }
            "CreateTable" => write::create_table(&mut self.store(), read(body)?, self.clock.now()),
            "UpdateTable" => write::update_table(&mut self.store(), read(body)?, self.clock.now()),
            "BatchCreatePartition" => {
                write::create_partitions(&mut self.store(), read(body)?, self.clock.now())
            }
            "BatchUpdatePartition" => {
                write::update_partitions(&mut self.store(), read(body)?, self.clock.now())
            }
            "StartCrawler" => {
                let asked: Named = read(body)?;
                self.crawlers().start(&asked.name)
            }
            "GetCrawler" => {
                let asked: Named = read(body)?;
                self.crawlers().get(&asked.name)
            }
            _ => Err(AwsError::unknown_operation(&format!("AWSGlue.{operation}"))),
        }
    }

    fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn crawlers(&self) -> MutexGuard<'_, Crawlers> {
        self.crawlers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn database(&self, asked: &Named) -> Result<Value, AwsError> {
        let database = match asked.name.as_str() {
            DATABASE => lake::database(),
            name => self.store().database(name)?.describe(),
        };
        Ok(json!({ "Database": database }))
    }

    fn databases(&self, asked: &Paged) -> Result<Value, AwsError> {
        let mut all = vec![lake::database()];
        all.extend(self.store().databases());
        asked.answer("DatabaseList", &all)
    }

    async fn table(&self, asked: &Named) -> Result<Value, AwsError> {
        let table = match asked.database_name.as_str() {
            DATABASE => lake::table(&self.catalogue, &asked.name).await?,
            name => self.store().database(name)?.table(&asked.name)?.describe(),
        };
        Ok(json!({ "Table": table }))
    }

    async fn tables(&self, asked: &Named) -> Result<Value, AwsError> {
        let mut all = match asked.database_name.as_str() {
            DATABASE => lake::tables(&self.catalogue).await?,
            name => self.store().database(name)?.tables(),
        };
        if let Some(expression) = &asked.expression {
            let wanted = super::athena::whole(expression)?;
            all.retain(|table| {
                table["Name"]
                    .as_str()
                    .is_some_and(|name| wanted.is_match(name))
            });
        }
        asked.paged.answer("TableList", &all)
    }

    async fn partitions(&self, asked: &Named) -> Result<Value, AwsError> {
        if asked
            .expression
            .as_deref()
            .is_some_and(|text| !text.is_empty())
        {
            let message =
                "Expression is not understood here; ask for all partitions and choose among them";
            return Err(AwsError::new("InvalidInputException", message));
        }
        let all = self.all_partitions(asked).await?;
        asked.paged.answer("Partitions", &all)
    }

    async fn partition(&self, asked: &Named) -> Result<Value, AwsError> {
        let all = self.all_partitions(asked).await?;
        let wanted = json!(asked.partition_values);
        let found = all
            .into_iter()
            .find(|partition| partition["Values"] == wanted);
        let partition = found.ok_or_else(|| AwsError::not_found("Cannot find partition."))?;
        Ok(json!({ "Partition": partition }))
    }

    async fn all_partitions(&self, asked: &Named) -> Result<Vec<Value>, AwsError> {
        match asked.database_name.as_str() {
            DATABASE => lake::partitions(&self.catalogue, &asked.table_name).await,
            name => Ok(self
                .store()
                .database(name)?
                .table(&asked.table_name)?
                .partitions()),
        }
    }
}
