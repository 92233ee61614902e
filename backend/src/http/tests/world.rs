//! A server without a socket: a lake in a temporary folder, doubles behind the seams, and requests from a browser.

use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use shared::api::{Quota, SignIn};
use shared::problem::{Code, Problem};
use shared::query::NamedQuery;
use shared::run::Status;
use shared::series::Vendor;
use tower::ServiceExt;

use super::doubles::{FixedQuota, ScriptedEngine, ScriptedRunner, SiteOf};
use super::fixtures::{ATTEMPT, RUN, card, current, day, report, snapshot};
use crate::catalogue::Published;
use crate::clock::SystemClock;
use crate::config::Secret;
use crate::diff::MadeWhenAsked;
use crate::http::{Access, AppState, LocalAws, router};
use crate::journal::JournalReader;
use crate::lake::{Key, LocalLake};
use crate::query::Limits;
use crate::what_if::rows_by_xgboost;

pub(super) const HOST: &str = "127.0.0.1:8787";
pub(super) const TOKEN: &str = "correct horse battery staple";

pub(in crate::http) struct World {
    folder: tempfile::TempDir,
    pub(super) engine: Arc<ScriptedEngine>,
    pub(super) runner: Arc<ScriptedRunner>,
    site: Arc<SiteOf>,
    access: Access,
    sign_in: Option<SignIn>,
}

impl World {
    /// Nothing has been published, no run is going, the server listens on loopback.
    pub(in crate::http) fn empty() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            engine: Arc::default(),
            runner: Arc::new(ScriptedRunner::new(None)),
            site: Arc::default(),
            access: Access::Loopback { port: 8787 },
            sign_in: None,
        }
    }

    /// Two presets are published, and an attempt before them failed.
    pub(super) fn published() -> Self {
        let world = Self::empty();
        world.put(&Key::Current, &current());
        for (run_id, preset) in [("run-a", "classic"), (RUN, "fair")] {
            let key = Key::Snapshot {
                run_id: run_id.to_owned(),
            };
            world.put(&key, &snapshot(run_id, preset));
            let run_id = run_id.to_owned();
            world.put(&Key::ModelCard { run_id }, &card());
        }
        let attempts = [
            ("20240922T221500Z-9c01", Status::Failed),
            (ATTEMPT, Status::Success),
        ];
        for (attempt_id, status) in attempts {
            let key = Key::Attempt {
                attempt_id: attempt_id.to_owned(),
            };
            world.put(&key, &report(attempt_id, status));
        }
        world
    }

    pub(super) fn running(mut self, attempt_id: &str) -> Self {
        self.runner = Arc::new(ScriptedRunner::new(Some(attempt_id)));
        self
    }

    pub(super) fn on_the_network(mut self) -> Self {
        let token = Secret::new(TOKEN);
        self.access = Access::Network { token };
        self
    }

    pub(super) fn behind(mut self, origins: &[&str]) -> Self {
        let origins = origins.iter().map(|origin| (*origin).to_owned()).collect();
        self.access = Access::Site { origins };
        self
    }

    pub(super) fn site(mut self, files: &[(&'static str, &'static [u8])]) -> Self {
        self.site = Arc::new(SiteOf(files.iter().copied().collect()));
        self
    }

    /// Readers sign in at an issuer.
    pub(super) fn signed_in_at(mut self, sign_in: SignIn) -> Self {
        self.sign_in = Some(sign_in);
        self
    }

    pub(super) fn put(&self, key: &Key, value: &impl Serialize) {
        self.put_text(key, &serde_json::to_string(value).unwrap());
    }

    pub(super) fn put_text(&self, key: &Key, text: &str) {
        self.put_bytes(key, text.as_bytes());
    }

    pub(super) fn put_bytes(&self, key: &Key, bytes: &[u8]) {
        let path = self.path(key);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    pub(super) fn remove(&self, key: &Key) {
        std::fs::remove_file(self.path(key)).unwrap();
    }

    fn path(&self, key: &Key) -> PathBuf {
        self.folder.path().join(key.to_string())
    }

    pub(in crate::http) fn state(&self) -> AppState {
        let lake = Arc::new(LocalLake::new(self.folder.path()));
        AppState {
            published: Published::new(lake.clone()),
            journal: JournalReader::new(lake.clone()),
            engine: self.engine.clone(),
            limits: Limits::default(),
            runner: self.runner.clone(),
            explain: Arc::new(MadeWhenAsked::new(lake)),
            value_rows: rows_by_xgboost,
            quota: Arc::new(FixedQuota(vec![Quota {
                vendor: Vendor::AlphaVantage,
                day: day("2024-09-23"),
                used: 9,
                limit: Some(25),
            }])),
            synthetic: true,
            named: Arc::new([NamedQuery {
                name: "largest_gaps".to_owned(),
                title: "On which days was the gap largest?".to_owned(),
                sql: "SELECT 1".to_owned(),
            }]),
            site: self.site.clone(),
            sign_in: self.sign_in.clone(),
        }
    }

    pub(super) fn aws(&self) -> Arc<LocalAws> {
        let lake = Arc::new(LocalLake::new(self.folder.path()));
        LocalAws::new(self.engine.clone(), lake, Arc::new(SystemClock))
    }

    pub(super) fn router(&self) -> Router {
        router(self.state(), self.access.clone())
    }

    pub(super) async fn get(&self, path: &str) -> Seen {
        self.send(Method::GET, path, &[], "").await
    }

    /// Posts JSON as the page does.
    pub(super) async fn post(&self, path: &str, body: &str) -> Seen {
        let headers = [("content-type", "application/json")];
        self.send(Method::POST, path, &headers, body).await
    }

    /// Sends a request. Its `Host` is the server's own unless `headers` name another.
    pub(super) async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Seen {
        let mut request = Request::builder().method(method).uri(path);
        if !headers.iter().any(|(name, _)| *name == "host") {
            request = request.header("host", HOST);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body.to_owned())).unwrap();
        let response = self.router().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        Seen {
            status: parts.status,
            headers: parts.headers,
            body: to_bytes(body, usize::MAX).await.unwrap(),
        }
    }
}

/// An answer as it arrived.
pub(super) struct Seen {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Seen {
    pub(super) fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).map(|value| value.to_str().unwrap());
        value.unwrap_or_default()
    }

    pub(super) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    /// The body of a good answer as its type.
    pub(super) fn read<T: DeserializeOwned>(&self) -> T {
        assert_eq!(self.status, StatusCode::OK, "{}", self.text());
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The body of a good answer as it is on the wire.
    pub(super) fn wire(&self) -> Value {
        self.read()
    }

    /// The problem, after checking status, kind and message.
    #[track_caller]
    pub(super) fn assert_problem(&self, status: u16, code: Code, message: &str) -> Problem {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        assert_eq!(self.header("content-type"), "application/json");
        assert_eq!(self.header("cache-control"), "no-store");
        let problem: Problem = serde_json::from_slice(&self.body).unwrap();
        assert_eq!((problem.code, problem.message.as_str()), (code, message));
        assert!(!problem.advice.is_empty());
        problem
    }
}
