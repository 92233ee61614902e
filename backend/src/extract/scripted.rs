//! A server on loopback that plays a script, faults of transport included; for tests.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What happens to one request.
#[derive(Clone, Debug)]
pub(super) enum Act {
    /// A whole answer: status, further header lines, body.
    Reply(u16, Vec<String>, Vec<u8>),
    /// A head that announces more than comes.
    CutOff(Vec<u8>),
    /// A body that never ends, one byte every few milliseconds.
    Drip,
    /// The beginning of a body and then nothing.
    Stall,
    /// No answer, the connection stays open.
    Silence,
    /// The connection is closed before the request is read.
    Reset,
}

impl Act {
    /// JSON with HTTP 200.
    pub(super) fn json(body: &str) -> Self {
        Self::status(200, body)
    }

    /// JSON with another status.
    pub(super) fn status(status: u16, body: &str) -> Self {
        let kind = "Content-Type: application/json".to_owned();
        Self::Reply(status, vec![kind], body.as_bytes().to_vec())
    }

    /// The same with one more header line.
    pub(super) fn with_header(self, line: &str) -> Self {
        match self {
            Self::Reply(status, mut lines, body) => {
                lines.push(line.to_owned());
                Self::Reply(status, lines, body)
            }
            other => other,
        }
    }
}

/// The server; ends when dropped.
pub(super) struct Scripted {
    pub(super) url: String,
    seen: Arc<Mutex<Vec<String>>>,
    server: JoinHandle<()>,
}

impl Scripted {
    /// Plays `acts` one after the other; requests beyond them are answered with 599.
    pub(super) async fn play(acts: impl IntoIterator<Item = Act>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let seen: Arc<Mutex<Vec<String>>> = Arc::default();
        let heads = seen.clone();
        let mut acts: std::collections::VecDeque<Act> = acts.into_iter().collect();
        let server = tokio::spawn(async move {
            let mut open = Vec::new();
            while let Ok((mut stream, _)) = listener.accept().await {
                let act = acts.pop_front().unwrap_or(Act::status(599, "{}"));
                if matches!(act, Act::Reset) {
                    heads.lock().unwrap().push("reset".to_owned());
                    continue;
                }
                let head = read_head(&mut stream).await;
                heads.lock().unwrap().push(head);
                // Each exchange has its own task: a dripping one must not hold up the next.
                open.push(tokio::spawn(perform(act, stream)));
            }
        });
        Self { url, seen, server }
    }

    /// Heads of the requests so far.
    pub(super) fn heads(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }

    /// Path and query of the requests so far, keys hidden.
    pub(super) fn targets(&self, key: &str) -> Vec<String> {
        let heads = self.heads();
        let target = |head: &String| head.split(' ').nth(1).unwrap_or(head).replace(key, "KEY");
        heads.iter().map(target).collect()
    }
}

impl Drop for Scripted {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn read_head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => break,
        }
    }
    String::from_utf8_lossy(&head).into_owned()
}

async fn perform(act: Act, mut stream: TcpStream) {
    // Writing fails once the client has given up, which is what some tests are about.
    let _ = match act {
        Act::Reply(status, lines, body) => {
            let head = head(status, &lines, Some(body.len()));
            stream.write_all(&[head.as_bytes(), &body].concat()).await
        }
        Act::CutOff(body) => {
            let head = head(200, &[], Some(body.len() * 2));
            stream.write_all(&[head.as_bytes(), &body].concat()).await
        }
        Act::Drip => drip(&mut stream).await,
        Act::Stall => {
            let head = head(200, &[], Some(1000));
            let sent = stream.write_all(format!("{head}{{").as_bytes()).await;
            std::future::pending::<()>().await;
            sent
        }
        Act::Silence => std::future::pending().await,
        Act::Reset => Ok(()),
    };
}

async fn drip(stream: &mut TcpStream) -> std::io::Result<()> {
    stream.write_all(head(200, &[], None).as_bytes()).await?;
    loop {
        stream.write_all(b" ").await?;
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

fn head(status: u16, lines: &[String], length: Option<usize>) -> String {
    let mut head = vec![
        format!("HTTP/1.1 {status} -"),
        "Connection: close".to_owned(),
    ];
    head.extend_from_slice(lines);
    head.extend(length.map(|length| format!("Content-Length: {length}")));
    head.join("\r\n") + "\r\n\r\n"
}
