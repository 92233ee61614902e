//! Lambda's runtime API on loopback: gives a function's process one event and hears what comes of it.

use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

/// How an invocation ended.
#[derive(Debug, PartialEq)]
pub(crate) enum End {
    /// The function answered.
    Answer(Value),
    /// It failed: Lambda tries again.
    Error(Value),
    /// Its process ended without a word.
    Died,
}

/// An invocation that is over.
#[derive(Debug)]
pub(crate) struct Invocation {
    pub(crate) end: End,
    /// Lines of JSON on standard output: the metrics.
    pub(crate) metrics: Vec<Value>,
    /// Standard error.
    pub(crate) log: String,
}

impl Invocation {
    /// The function's answer.
    #[track_caller]
    pub(crate) fn answer(&self) -> &Value {
        match &self.end {
            End::Answer(value) => value,
            other => panic!("{other:?}\n{}", self.log),
        }
    }

    /// The error's type and message.
    #[track_caller]
    pub(crate) fn error(&self) -> (&str, &str) {
        match &self.end {
            End::Error(value) => (
                value["errorType"].as_str().unwrap(),
                value["errorMessage"].as_str().unwrap(),
            ),
            other => panic!("{other:?}\n{}", self.log),
        }
    }

    /// A metric's value in the one line that was written.
    #[track_caller]
    pub(crate) fn metric(&self, name: &str) -> u64 {
        assert_eq!(self.metrics.len(), 1, "{:?}\n{}", self.metrics, self.log);
        self.metrics[0][name].as_u64().unwrap()
    }
}

/// The process that serves an invocation, for those who would end it.
pub(crate) type Process = Arc<Mutex<Option<Child>>>;

/// A function as Lambda would start it.
pub(crate) struct Function {
    pub(crate) binary: &'static str,
    pub(crate) name: &'static str,
    pub(crate) settings: Vec<(String, String)>,
    /// Time left when the event arrives.
    pub(crate) limit: Duration,
}

struct Invoked {
    event: Value,
    request_id: String,
    deadline: u128,
    given: Mutex<bool>,
    end: mpsc::UnboundedSender<End>,
}

impl Function {
    /// Gives one event to a new process. `process` is filled before the event is given.
    pub(crate) async fn invoke(
        &self,
        event: &Value,
        request_id: &str,
        process: &Process,
    ) -> Invocation {
        let (end, mut ended) = mpsc::unbounded_channel();
        let since_epoch = SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap();
        let invoked = Arc::new(Invoked {
            event: event.clone(),
            request_id: request_id.to_owned(),
            deadline: (since_epoch + self.limit).as_millis(),
            given: Mutex::default(),
            end,
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let server = axum::serve(listener, api(invoked));
        let server = tokio::spawn(async move { server.await.unwrap() });
        let mut child = self.command(&address).spawn().unwrap();
        let streams = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        *process.lock().unwrap() = Some(child);
        // Both streams end when the process does.
        let mut over = tokio::task::spawn_blocking(move || read(streams));
        let (end, output) = tokio::select! {
            Some(end) = ended.recv() => {
                kill(process);
                (end, over.await.unwrap())
            }
            output = &mut over => (End::Died, output.unwrap()),
        };
        kill(process);
        server.abort();
        let (out, log) = output;
        let metrics = out
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        Invocation { end, metrics, log }
    }

    fn command(&self, address: &str) -> Command {
        let mut command = Command::new(self.binary);
        command.env_clear().current_dir(std::env::temp_dir());
        command.env("AWS_LAMBDA_RUNTIME_API", address);
        command.env("AWS_LAMBDA_FUNCTION_NAME", self.name);
        command.env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1024");
        command.env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST");
        command.envs(self.settings.iter().map(|(name, value)| (name, value)));
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }
}

/// Ends the process, if it has not ended, and forgets it.
pub(crate) fn kill(process: &Process) {
    if let Some(mut child) = process.lock().unwrap().take() {
        child.kill().unwrap();
        child.wait().unwrap();
    }
}

fn read((mut out, mut err): (impl Read + Send + 'static, impl Read)) -> (String, String) {
    let reader = std::thread::spawn(move || {
        let mut text = String::new();
        out.read_to_string(&mut text).unwrap();
        text
    });
    let mut log = String::new();
    err.read_to_string(&mut log).unwrap();
    (reader.join().unwrap(), log)
}

fn api(invoked: Arc<Invoked>) -> Router {
    Router::new()
        .route("/2018-06-01/runtime/invocation/next", get(next))
        .route(
            "/2018-06-01/runtime/invocation/{id}/{outcome}",
            post(outcome),
        )
        .route("/2018-06-01/runtime/init/error", post(init_error))
        .with_state(invoked)
}

/// The event for the first who asks; whoever asks again waits for ever, as between two events.
async fn next(State(invoked): State<Arc<Invoked>>) -> Response {
    if std::mem::replace(&mut *invoked.given.lock().unwrap(), true) {
        return std::future::pending().await;
    }
    let headers = [
        ("Lambda-Runtime-Aws-Request-Id", invoked.request_id.clone()),
        ("Lambda-Runtime-Deadline-Ms", invoked.deadline.to_string()),
        (
            "Lambda-Runtime-Invoked-Function-Arn",
            "arn:aws:lambda:eu-west-1:123456789012:function:assay".to_owned(),
        ),
        (
            "Lambda-Runtime-Trace-Id",
            "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700".to_owned(),
        ),
    ];
    (headers, invoked.event.to_string()).into_response()
}

async fn outcome(
    State(invoked): State<Arc<Invoked>>,
    Path((id, outcome)): Path<(String, String)>,
    body: Bytes,
) -> StatusCode {
    assert_eq!(id, invoked.request_id);
    let value = serde_json::from_slice(&body).unwrap();
    let end = match outcome.as_str() {
        "response" => End::Answer(value),
        "error" => End::Error(value),
        other => panic!("the runtime API has no `{other}`"),
    };
    invoked.end.send(end).unwrap();
    StatusCode::ACCEPTED
}

async fn init_error(State(invoked): State<Arc<Invoked>>, body: Bytes) -> StatusCode {
    let value = serde_json::from_slice(&body).unwrap();
    invoked.end.send(End::Error(value)).unwrap();
    StatusCode::ACCEPTED
}
