//! Stand-ins behind the seams: they answer what a test wrote down and remember what they were asked.

use std::borrow::Cow;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Mutex;

use async_trait::async_trait;
use futures::StreamExt as _;
use futures::stream::BoxStream;
use serde_json::Value;
use shared::api::{Quota, RunStarted, StartRun, TableSchema};
use shared::catalogue::{Column, ColumnType};
use shared::query::{Answer, Cost, Query};
use shared::run::Progress;
use tokio::sync::broadcast;
use tokio_stream::wrappers::BroadcastStream;

use crate::catalogue::ReadError;
use crate::http::{QuotaReader, Site};
use crate::query::{Limits, QueryEngine, QueryError};
use crate::trigger::{Runner, StartError};

#[derive(Default)]
pub(super) struct ScriptedEngine {
    answers: Mutex<VecDeque<Result<Answer, QueryError>>>,
    asked: Mutex<Vec<(String, Limits)>>,
}

impl ScriptedEngine {
    pub(super) fn answers(&self, answer: Result<Answer, QueryError>) {
        self.answers.lock().unwrap().push_back(answer);
    }

    /// The one question that was asked.
    pub(super) fn asked(&self) -> (String, Limits) {
        let asked = self.asked.lock().unwrap();
        assert_eq!(asked.len(), 1, "asked: {asked:?}");
        asked[0].clone()
    }
}

#[async_trait]
impl QueryEngine for ScriptedEngine {
    async fn run_bound(
        &self,
        query: &Query,
        _parameters: &[String],
        limits: Limits,
    ) -> Result<Answer, QueryError> {
        self.asked.lock().unwrap().push((query.sql.clone(), limits));
        let answer = self.answers.lock().unwrap().pop_front();
        answer.expect("a question that the test did not foresee")
    }

    async fn tables(&self) -> Result<Vec<TableSchema>, QueryError> {
        Ok(vec![TableSchema {
            name: "contributions".to_owned(),
            columns: vec![
                Column::new("date", ColumnType::Date),
                Column::new("feature", ColumnType::Text),
                Column::new("contribution", ColumnType::Double),
            ],
        }])
    }
}

/// An answer of these columns. Their types do not matter to the server's own readers.
pub(super) fn answer(columns: &[&str], rows: Vec<Vec<Value>>) -> Answer {
    let text = |name: &&str| Column::new(*name, ColumnType::Text);
    Answer {
        columns: columns.iter().map(text).collect(),
        rows,
        truncated: false,
        cost: Cost::default(),
    }
}

pub(super) struct ScriptedRunner {
    pub(super) progress: broadcast::Sender<Progress>,
    running: Option<String>,
    started: Mutex<Vec<StartRun>>,
}

impl ScriptedRunner {
    pub(super) fn new(running: Option<&str>) -> Self {
        Self {
            progress: broadcast::channel(16).0,
            running: running.map(str::to_owned),
            started: Mutex::default(),
        }
    }

    pub(super) fn started(&self) -> Vec<StartRun> {
        self.started.lock().unwrap().clone()
    }
}

#[async_trait]
impl Runner for ScriptedRunner {
    async fn start(&self, what: StartRun) -> Result<RunStarted, StartError> {
        if let Some(attempt_id) = self.running.clone() {
            return Err(StartError::Running { attempt_id });
        }
        if what.preset.as_deref() == Some("silver") {
            let message = "there is no preset `silver`".to_owned();
            return Err(StartError::Bad { message });
        }
        if what.preset.as_deref() == Some("nowhere") {
            let message = "the event bus is down".to_owned();
            return Err(StartError::Unreachable { message });
        }
        self.started.lock().unwrap().push(what);
        let attempt_id = "20240924T081500Z-0001".to_owned();
        Ok(RunStarted { attempt_id })
    }

    async fn running(&self) -> Option<String> {
        self.running.clone()
    }

    async fn progress(&self) -> Option<BoxStream<'static, Progress>> {
        let events = BroadcastStream::new(self.progress.subscribe());
        Some(Box::pin(
            events.filter_map(|event| std::future::ready(event.ok())),
        ))
    }
}

pub(super) struct FixedQuota(pub(super) Vec<Quota>);

#[async_trait]
impl QuotaReader for FixedQuota {
    async fn today(&self) -> Result<Vec<Quota>, ReadError> {
        Ok(self.0.clone())
    }
}

#[derive(Default)]
pub(super) struct SiteOf(pub(super) BTreeMap<&'static str, &'static [u8]>);

impl Site for SiteOf {
    fn file(&self, path: &str) -> Option<Cow<'static, [u8]>> {
        self.0.get(path).map(|bytes| Cow::Borrowed(*bytes))
    }
}
