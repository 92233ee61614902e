//! The server on a free port of loopback, over the lake of the engine's tests.

use std::sync::Arc;

use async_trait::async_trait;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode};
use serde_json::{Value, json};
use shared::api::TableSchema;
use shared::query::{Answer, Query};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tower::ServiceExt;

use crate::catalogue::Published;
use crate::clock::SystemClock;
use crate::http::tests::world::World;
use crate::http::{Access, LocalAws, router_with_aws};
use crate::lake::{Key, LocalLake};
use crate::query::{DataFusionEngine, Limits, QueryEngine, QueryError, published_lake};

/// A running server; it ends when dropped.
pub(crate) struct Served {
    pub(crate) url: String,
    /// The engine behind it, unless it hangs.
    pub(crate) engine: Arc<DataFusionEngine>,
    hanging: Arc<Hanging>,
    folder: TempDir,
    router: Router,
    server: JoinHandle<()>,
}

impl Served {
    /// Answers with the embedded engine.
    pub(crate) async fn start() -> Self {
        Self::with(false).await
    }

    /// Takes questions and never answers them.
    pub(crate) async fn hanging() -> Self {
        Self::with(true).await
    }

    async fn with(hangs: bool) -> Self {
        let folder = published_lake();
        let lake = Arc::new(LocalLake::new(folder.path()));
        let embedded = Arc::new(DataFusionEngine::new(lake.clone()).unwrap());
        let hanging = Arc::new(Hanging::default());
        let engine: Arc<dyn QueryEngine> = if hangs {
            hanging.clone()
        } else {
            embedded.clone()
        };
        let aws = LocalAws::new(engine, lake, Arc::new(SystemClock));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let access = Access::at(address, None).unwrap();
        let router = router_with_aws(World::empty().state(), aws, access);
        let served = router.clone();
        Self {
            url: format!("http://{address}"),
            engine: embedded,
            hanging,
            folder,
            router,
            server: tokio::spawn(async move { axum::serve(listener, served).await.unwrap() }),
        }
    }

    /// Reads what is published.
    pub(crate) fn published(&self) -> Published {
        Published::new(Arc::new(LocalLake::new(self.folder.path())))
    }

    /// Moves the pointer: one run is published, as if there had been no other.
    pub(crate) fn publish_only(&self, run_id: &str) {
        let path = self.folder.path().join(Key::Current.to_string());
        let mut current: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        current["run_id"] = json!(run_id);
        let published = current["published"].as_array_mut().unwrap();
        published.retain(|run| run["run_id"] == run_id);
        std::fs::write(path, current.to_string()).unwrap();
    }

    /// Returns once a question has arrived.
    pub(crate) async fn asked(&self) {
        self.hanging.asked.acquire().await.unwrap().forget();
    }

    /// Returns once nobody waits for a question's answer any more.
    pub(crate) async fn left(&self) {
        self.hanging.left.acquire().await.unwrap().forget();
    }

    /// Calls an operation, such as `AmazonAthena.ListWorkGroups`.
    pub(super) async fn call(&self, target: &str, body: Value) -> (u16, Value) {
        let headers = [
            ("x-amz-target", target),
            ("content-type", "application/x-amz-json-1.1"),
        ];
        let (status, text) = self
            .send(Method::POST, "/", &headers, &body.to_string())
            .await;
        let answer = serde_json::from_str(&text);
        (
            status.as_u16(),
            answer.unwrap_or_else(|_| panic!("{target}: {text}")),
        )
    }

    /// The answer of an operation that succeeds.
    pub(super) async fn good(&self, target: &str, body: Value) -> Value {
        let (status, answer) = self.call(target, body).await;
        assert_eq!(status, 200, "{target}: {answer}");
        answer
    }

    /// Name and message of an operation that fails.
    pub(super) async fn bad(&self, target: &str, body: Value) -> (String, String) {
        let (status, answer) = self.call(target, body).await;
        assert_ne!(status, 200, "{target}: {answer}");
        let text = |name: &str| answer[name].as_str().unwrap().to_owned();
        (text("__type"), text("Message"))
    }

    /// Sends any request.
    pub(super) async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> (StatusCode, String) {
        let host = self.url.trim_start_matches("http://");
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", host);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body.to_owned())).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, String::from_utf8_lossy(&bytes).into_owned())
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// An engine that never answers, and knows who asked and who left.
struct Hanging {
    asked: Semaphore,
    left: Semaphore,
}

impl Default for Hanging {
    fn default() -> Self {
        Self {
            asked: Semaphore::new(0),
            left: Semaphore::new(0),
        }
    }
}

/// Tells that somebody left.
struct Leaving<'a>(&'a Semaphore);

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        self.0.add_permits(1);
    }
}

#[async_trait]
impl QueryEngine for Hanging {
    async fn run_bound(
        &self,
        query: &Query,
        _parameters: &[String],
        _limits: Limits,
    ) -> Result<Answer, QueryError> {
        assert_ne!(query.sql, "SELECT crash", "the test wants it so");
        let _leaving = Leaving(&self.left);
        self.asked.add_permits(1);
        std::future::pending().await
    }

    async fn tables(&self) -> Result<Vec<TableSchema>, QueryError> {
        Ok(Vec::new())
    }
}
