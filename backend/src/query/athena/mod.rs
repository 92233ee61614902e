//! Answers SQL with Athena. Twin of the embedded engine.

mod fault;
mod kept;
mod rows;
mod statement;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use aws_sdk_athena::types::TableMetadata;
use shared::api::TableSchema;
use shared::catalogue::{Column, Table};
use shared::query::{Answer, Cost, Query};
use tokio::time::timeout;

use super::{Limits, QueryEngine, QueryError, too_slow, within};
use crate::backend::cloud::Aws;
use crate::catalogue::{CATALOG, REGISTERED, view_name};
use kept::{Kept, Reuse};
use statement::Statement;

/// List price of a terabyte that is scanned, in USD: that of most regions (<https://aws.amazon.com/athena/pricing/>).
pub const USD_PER_TERABYTE: f64 = 5.0;

const MEGABYTE: u64 = 1024 * 1024;

/// What Athena bills at least.
const LEAST_MEGABYTES: u64 = 10;

/// Stopping a statement may take as long, beyond the question's limit.
const TO_STOP: Duration = Duration::from_secs(2);

/// Where and as what questions are asked.
#[derive(Clone, Debug, PartialEq)]
pub struct AthenaSettings {
    /// The database of the tables.
    pub database: String,
    /// The workgroup; it says where results lie and how many bytes one question may scan.
    pub workgroup: String,
    /// Price of a terabyte that is scanned, in USD.
    pub usd_per_terabyte: f64,
}

/// SQL by Athena, one workgroup and database. Answers are kept for as long as the tables do not change.
pub struct AthenaEngine {
    aws: Arc<Aws>,
    settings: AthenaSettings,
    kept: Kept,
}

impl AthenaEngine {
    /// An engine that asks `aws`; nothing is asked yet.
    pub fn new(aws: Arc<Aws>, settings: AthenaSettings) -> Self {
        Self {
            aws,
            settings,
            kept: Kept::default(),
        }
    }

    /// All that an answer depends on. `None` where nothing says whether the tables changed: then no answer is kept.
    async fn reuse(&self, sql: &str, parameters: &[String]) -> Result<Option<Reuse>, QueryError> {
        let athena = self.aws.athena().await;
        let view = view_name(Table::ModelRuns);
        let found = athena
            .get_table_metadata()
            .catalog_name(CATALOG)
            .database_name(&self.settings.database)
            .table_name(&view)
            .work_group(&self.settings.workgroup)
            .send()
            .await;
        let described = match found {
            Ok(found) => found.table_metadata,
            // Before the first run there is no view; the question itself then says what is missing.
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(aws_sdk_athena::operation::get_table_metadata::GetTableMetadataError::is_metadata_exception) =>
            {
                None
            }
            Err(error) => return Err(fault::of_call("athena:GetTableMetadata", &view, &error)),
        };
        let parameter = |table: TableMetadata| table.parameters?.remove(REGISTERED);
        Ok(described.and_then(parameter).map(|registered| Reuse {
            sql: sql.to_owned(),
            parameters: parameters.to_vec(),
            registered,
            database: self.settings.database.clone(),
            workgroup: self.settings.workgroup.clone(),
        }))
    }

    async fn answer(
        &self,
        sql: &str,
        parameters: &[String],
        limits: Limits,
    ) -> Result<Answer, QueryError> {
        let begun = Instant::now();
        let reuse = self.reuse(sql, parameters).await?;
        let known = reuse.as_ref().and_then(|reuse| self.kept.get(reuse));
        if let Some(mut answer) = known.filter(|answer| fits(answer, limits)) {
            answer.cost = Cost {
                bytes_scanned: Some(0),
                usd: Some(0.0),
                ..Cost::default()
            };
            return Ok(answer);
        }
        let athena = self.aws.athena().await;
        let mut statement = Statement::start(athena, &self.settings, sql, parameters).await?;
        let left = limits.time.saturating_sub(begun.elapsed());
        let Ok(scanned) = timeout(left, statement.wait()).await else {
            // Lambda's process stands still once the reader has an answer: what is to be stopped is stopped before.
            statement.stop().await;
            return Err(too_slow(limits.time));
        };
        let scanned = scanned?;
        let (columns, rows, truncated) = rows::read(athena, statement.id(), limits).await?;
        let answer = Answer {
            columns,
            rows,
            truncated,
            cost: self.cost(scanned),
        };
        if let Some(reuse) = reuse {
            self.kept.put(reuse, &answer);
        }
        Ok(answer)
    }

    /// Bytes are billed by the megabyte, ten at least.
    fn cost(&self, scanned: u64) -> Cost {
        let megabytes = scanned.div_ceil(MEGABYTE).max(LEAST_MEGABYTES);
        let terabytes = megabytes as f64 / MEGABYTE as f64;
        Cost {
            bytes_scanned: Some(scanned),
            usd: Some(terabytes * self.settings.usd_per_terabyte),
            ..Cost::default()
        }
    }
}

#[async_trait]
impl QueryEngine for AthenaEngine {
    /// Who stops waiting, or reaches the limit of time, stops the statement: it would be billed to its end.
    async fn run_bound(
        &self,
        query: &Query,
        parameters: &[String],
        limits: Limits,
    ) -> Result<Answer, QueryError> {
        let answering = Box::pin(self.answer(&query.sql, parameters, limits));
        within(limits.time + TO_STOP, answering).await
    }

    async fn tables(&self) -> Result<Vec<TableSchema>, QueryError> {
        let database = &self.settings.database;
        let athena = self.aws.athena().await;
        let mut pages = athena
            .list_table_metadata()
            .catalog_name(CATALOG)
            .database_name(database)
            .work_group(&self.settings.workgroup)
            .into_paginator()
            .send();
        let mut tables = Vec::new();
        while let Some(page) = pages.next().await {
            let page =
                page.map_err(|e| fault::of_call("athena:ListTableMetadata", database, &e))?;
            tables.extend(
                page.table_metadata_list
                    .unwrap_or_default()
                    .into_iter()
                    .map(schema),
            );
        }
        Ok(tables)
    }
}

/// Whether a kept answer is what the same question would bring within these limits.
fn fits(answer: &Answer, limits: Limits) -> bool {
    if answer.truncated {
        answer.rows.len() == limits.rows
    } else {
        answer.rows.len() <= limits.rows
    }
}

fn schema(table: TableMetadata) -> TableSchema {
    let own = table.columns.unwrap_or_default();
    let columns = own
        .into_iter()
        .chain(table.partition_keys.unwrap_or_default());
    let column = |column: aws_sdk_athena::types::Column| {
        let kind = rows::kind(column.r#type.as_deref().unwrap_or_default());
        Column::new(column.name, kind)
    };
    TableSchema {
        name: table.name,
        columns: columns.map(column).collect(),
    }
}
