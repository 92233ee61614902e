//! AWS on loopback for tests: moto, behind a gate that decides writes one after the other, remembers, and fails on demand.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, OnceLock};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// Credentials and region that moto takes; real ones look like this.
pub(crate) const AWS: [(&str, &str); 3] = [
    ("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE"),
    (
        "AWS_SECRET_ACCESS_KEY",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    ),
    ("AWS_REGION", "eu-west-1"),
];

/// Says its port, then serves until our end of its standard input is gone: it never outlives the tests.
const MOTO: &str = "
import logging, sys
from moto.server import ThreadedMotoServer
logging.getLogger('werkzeug').setLevel(logging.ERROR)
server = ThreadedMotoServer('127.0.0.1', 0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
sys.stdin.read()
";

/// A request as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) method: Method,
    /// Path and query.
    pub(crate) target: String,
    /// `x-amz-target`: the operation, where the service speaks JSON.
    pub(crate) operation: String,
    headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Seen {
    /// Whether it changes S3.
    pub(crate) fn is_write(&self) -> bool {
        let changes = [Method::PUT, Method::POST, Method::DELETE].contains(&self.method);
        changes && self.operation.is_empty()
    }

    /// A header's text; empty where there is none.
    pub(crate) fn header(&self, name: &str) -> String {
        header(&self.headers, name)
    }

    /// Its body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

/// What a request is answered instead of being passed on: status, body. `None` passes it on.
type Fault = Box<dyn FnMut(&Seen) -> Option<(u16, String)> + Send>;

/// Called after so many further writes to S3 have been done, before the caller hears of the last.
type Cut = (usize, Box<dyn FnOnce() + Send>);

#[derive(Default)]
struct Book {
    seen: Vec<Seen>,
    fault: Option<Fault>,
    header: Option<(&'static str, &'static str)>,
    cut: Option<Cut>,
    is_closed: bool,
}

struct Gate {
    moto: String,
    client: reqwest::Client,
    book: Mutex<Book>,
    /// S3 decides conditional writes one after the other. moto looks first and writes later.
    turn: tokio::sync::Mutex<()>,
}

/// The stand-in of one test; ends when dropped. All of a process share one moto: use buckets of your own.
pub(crate) struct StandIn {
    pub(crate) url: String,
    gate: Arc<Gate>,
    server: JoinHandle<()>,
}

impl StandIn {
    pub(crate) async fn start() -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = reqwest::Client::builder().no_proxy().tls_certs_only([]);
        let gate = Arc::new(Gate {
            moto: moto().await,
            client: builder.build().unwrap(),
            book: Mutex::default(),
            turn: tokio::sync::Mutex::default(),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(pass).with_state(gate.clone());
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, gate, server }
    }

    /// Makes a bucket.
    pub(crate) async fn bucket(&self, name: &str) {
        let made = self.send(Method::PUT, &format!("/{name}"), "").await;
        assert!(made.0.is_success(), "{made:?}");
    }

    /// A request straight to moto. moto takes any signature, and learns from it which service is meant.
    fn signed(&self, method: Method, target: &str, service: &str) -> reqwest::RequestBuilder {
        let key = AWS[0].1;
        let signed = format!(
            "AWS4-HMAC-SHA256 Credential={key}/20240923/eu-west-1/{service}/aws4_request, SignedHeaders=host, Signature=0"
        );
        let url = format!("{}{target}", self.gate.moto);
        let request = self.gate.client.request(method, url);
        request.header("authorization", signed)
    }

    /// Sends a request of S3's straight to moto.
    pub(crate) async fn send(
        &self,
        method: Method,
        target: &str,
        body: &str,
    ) -> (StatusCode, String) {
        let request = self.signed(method, target, "s3");
        let answer = request.body(body.to_owned()).send().await.unwrap();
        (answer.status(), answer.text().await.unwrap())
    }

    /// An object's bytes, straight from moto.
    pub(crate) async fn bytes(&self, target: &str) -> Vec<u8> {
        let request = self.signed(Method::GET, target, "s3");
        let answer = request.send().await.unwrap();
        assert!(answer.status().is_success(), "{target}");
        answer.bytes().await.unwrap().to_vec()
    }

    /// Keys of a bucket, sorted.
    pub(crate) async fn keys(&self, bucket: &str) -> Vec<String> {
        let target = format!("/{bucket}?list-type=2&max-keys=1000");
        let (_, text) = self.send(Method::GET, &target, "").await;
        let keys = text.split("<Key>").skip(1);
        keys.map(|rest| rest.split_once("</Key>").unwrap().0.to_owned())
            .collect()
    }

    /// All that is in a bucket.
    pub(crate) async fn copy(&self, bucket: &str) -> Vec<(String, Vec<u8>)> {
        let mut objects = Vec::new();
        for key in self.keys(bucket).await {
            let bytes = self.bytes(&format!("/{bucket}/{key}")).await;
            objects.push((key, bytes));
        }
        objects
    }

    /// Makes a bucket hold this and nothing else.
    pub(crate) async fn restore(&self, bucket: &str, objects: &[(String, Vec<u8>)]) {
        for key in self.keys(bucket).await {
            self.send(Method::DELETE, &format!("/{bucket}/{key}"), "")
                .await;
        }
        for (key, bytes) in objects {
            let request = self.signed(Method::PUT, &format!("/{bucket}/{key}"), "s3");
            let put = request.body(bytes.clone()).send().await.unwrap();
            assert!(put.status().is_success(), "{key}");
        }
    }

    /// Calls an operation of a service that speaks JSON, straight at moto.
    pub(crate) async fn call(&self, service: &str, operation: &str, body: &Value) -> Value {
        let request = self.signed(Method::POST, "/", service);
        let request = request.header("x-amz-target", operation);
        let request = request.header("content-type", "application/x-amz-json-1.1");
        let answer = request.body(body.to_string()).send().await.unwrap();
        let status = answer.status();
        let text = answer.text().await.unwrap();
        assert!(status.is_success(), "{operation}: {text}");
        serde_json::from_str(&text).unwrap_or_default()
    }

    /// Requests so far, oldest first.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.gate.book.lock().unwrap().seen.clone()
    }

    /// Puts something in the way of requests from now on.
    pub(crate) fn fail(&self, fault: impl FnMut(&Seen) -> Option<(u16, String)> + Send + 'static) {
        self.gate.book.lock().unwrap().fault = Some(Box::new(fault));
    }

    /// Gives the answers of [`StandIn::fail`] this header.
    pub(crate) fn with_header(&self, name: &'static str, value: &'static str) {
        self.gate.book.lock().unwrap().header = Some((name, value));
    }

    /// From now on everything is passed on.
    pub(crate) fn recover(&self) {
        let mut book = self.gate.book.lock().unwrap();
        (book.fault, book.cut, book.is_closed) = (None, None, false);
    }

    /// Calls `then` once so many further writes to S3 are done; whoever wrote hears nothing of the last, nor of any later one.
    pub(crate) fn cut_after(&self, writes: usize, then: impl FnOnce() + Send + 'static) {
        self.gate.book.lock().unwrap().cut = Some((writes, Box::new(then)));
    }

    /// Whether [`StandIn::cut_after`] has happened.
    pub(crate) fn is_cut(&self) -> bool {
        self.gate.book.lock().unwrap().is_closed
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// S3's error document.
pub(crate) fn s3_error(code: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>as the test says</Message></Error>"
    )
}

async fn pass(State(gate): State<Arc<Gate>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let seen = Seen {
        method: parts.method.clone(),
        target: parts.uri.to_string(),
        operation: header(&parts.headers, "x-amz-target"),
        headers: parts.headers,
        body: to_bytes(body, usize::MAX).await.unwrap(),
    };
    let _turn = if seen.is_write() {
        Some(gate.turn.lock().await)
    } else {
        None
    };
    let planned = {
        let mut book = gate.book.lock().unwrap();
        book.seen.push(seen.clone());
        if book.is_closed {
            Some(None)
        } else {
            book.fault.as_mut().and_then(|fault| fault(&seen)).map(Some)
        }
    };
    match planned {
        Some(None) => return std::future::pending().await,
        Some(Some((status, body))) => {
            let header = gate.book.lock().unwrap().header;
            let status = StatusCode::from_u16(status).unwrap();
            return (status, axum::response::AppendHeaders(header), body).into_response();
        }
        None => {}
    }
    let answer = forward(&gate, &seen).await;
    if seen.is_write() && is_cut(&gate) {
        return std::future::pending().await;
    }
    answer
}

fn header(headers: &HeaderMap, name: &str) -> String {
    headers
        .get(name)
        .map_or_else(String::new, |value| value.to_str().unwrap().to_owned())
}

async fn forward(gate: &Gate, seen: &Seen) -> Response {
    let mut headers = seen.headers.clone();
    // The connection is ours, its head is not passed on.
    for name in ["connection", "content-length", "transfer-encoding"] {
        headers.remove(name);
    }
    let url = format!("{}{}", gate.moto, seen.target);
    let request = gate
        .client
        .request(seen.method.clone(), url)
        .headers(headers);
    let answer = request.body(seen.body.clone()).send().await.unwrap();
    let (status, headers) = (answer.status(), answer.headers().clone());
    let mut response = Response::new(Body::from(answer.bytes().await.unwrap()));
    *response.status_mut() = status;
    for (name, value) in &headers {
        if !["connection", "content-length", "transfer-encoding"].contains(&name.as_str()) {
            response.headers_mut().insert(name, value.clone());
        }
    }
    response
}

/// Counts a write that is done. At the last one the gate closes.
fn is_cut(gate: &Gate) -> bool {
    let mut book = gate.book.lock().unwrap();
    match book.cut.take() {
        Some((1, then)) => {
            book.is_closed = true;
            then();
        }
        Some((left, then)) => book.cut = Some((left - 1, then)),
        None => {}
    }
    book.is_closed
}

/// The address of this process's moto, started by whoever asks first.
async fn moto() -> String {
    static RUNNING: OnceLock<(String, Mutex<Child>)> = OnceLock::new();
    let running = || RUNNING.get_or_init(start_moto).0.clone();
    tokio::task::spawn_blocking(running).await.unwrap()
}

fn start_moto() -> (String, Mutex<Child>) {
    let advice = "run `scripts/bootstrap test`, and build the tests with `. scripts/env.sh` or `make test-rust`";
    let tools = option_env!("ASSAY_TOOLS");
    let tools =
        tools.unwrap_or_else(|| panic!("ASSAY_TOOLS is not set, so there is no moto: {advice}"));
    let python = format!("{tools}/cloud/bin/python");
    let moto = Command::new(&python)
        .args(["-c", MOTO])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let mut moto = moto
        .unwrap_or_else(|error| panic!("moto cannot be started with {python} ({error}): {advice}"));
    let mut port = String::new();
    let said = BufReader::new(moto.stdout.take().unwrap()).read_line(&mut port);
    assert!(
        said.is_ok() && !port.is_empty(),
        "moto did not start: {advice}"
    );
    (
        format!("http://127.0.0.1:{}", port.trim()),
        Mutex::new(moto),
    )
}
