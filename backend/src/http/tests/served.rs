//! The server on a real socket of loopback: bound, answering, streaming, stopping.

use std::net::SocketAddr;

use shared::run::Progress;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::world::World;
use crate::http::{ServeError, serve};

struct Running {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    server: JoinHandle<Result<(), ServeError>>,
}

/// Starts the server on a free port.
async fn start(world: &World) -> Running {
    let (announce, announced) = oneshot::channel();
    let (stop, stopped) = oneshot::channel::<()>();
    let (state, aws) = (world.state(), world.aws());
    let server = tokio::spawn(async move {
        let announce = |address| announce.send(address).unwrap();
        let shutdown = async move {
            let _ = stopped.await;
        };
        let any = "127.0.0.1:0".parse().unwrap();
        serve(state, aws, any, None, announce, shutdown).await
    });
    let address = announced.await.unwrap();
    Running {
        address,
        stop,
        server,
    }
}

async fn ask(address: SocketAddr, path: &str, host: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    stream
}

async fn rest(mut stream: TcpStream) -> String {
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    text
}

#[tokio::test]
async fn it_answers_under_the_address_that_it_announces_and_stops_when_told() {
    let running = start(&World::published()).await;
    let address = running.address;
    assert!(address.ip().is_loopback() && address.port() != 0);
    let own = rest(ask(address, "/api/health", &address.to_string()).await).await;
    assert!(own.starts_with("HTTP/1.1 200 OK\r\n"), "{own}");
    assert!(own.contains("\r\n\r\n{\"ok\":true,"), "{own}");
    let foreign = rest(ask(address, "/api/health", "rebound.example").await).await;
    assert!(
        foreign.starts_with("HTTP/1.1 403 Forbidden\r\n"),
        "{foreign}"
    );
    running.stop.send(()).unwrap();
    running.server.await.unwrap().unwrap();
}

#[tokio::test]
async fn an_open_progress_stream_does_not_keep_it_from_stopping() {
    let world = World::published();
    let running = start(&world).await;
    let host = running.address.to_string();
    let mut stream = ask(running.address, "/api/runs/live", &host).await;
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    let started = Progress::Started {
        attempt_id: "a".to_owned(),
        preset: "fair".to_owned(),
    };
    world.runner.progress.send(started).unwrap();
    running.stop.send(()).unwrap();
    running.server.await.unwrap().unwrap();
    // The stream came to its proper end, with what was sent before.
    let rest = rest(stream).await;
    assert!(rest.ends_with("0\r\n\r\n"), "{rest:?}");
}

/// What `serve` says where it cannot start: the cause, and what to do.
async fn refused(address: SocketAddr) -> (String, &'static str) {
    let world = World::empty();
    let (state, aws) = (world.state(), world.aws());
    let unheard = |_| panic!("it did not start");
    let ended = serve(state, aws, address, None, unheard, std::future::pending()).await;
    let error = ended.unwrap_err();
    (error.to_string(), error.advice())
}

#[tokio::test]
async fn an_address_in_use_is_named_with_the_next_step() {
    let other = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = other.local_addr().unwrap();
    let (message, advice) = refused(address).await;
    assert_eq!(message, format!("{address} is in use by another program"));
    let next = "stop that, or choose a free port with `--addr 127.0.0.1:0`";
    assert_eq!(advice, next);
}

#[tokio::test]
async fn without_a_token_nothing_listens_where_others_reach_it() {
    let (message, advice) = refused("0.0.0.0:0".parse().unwrap()).await;
    assert_eq!(
        message,
        "0.0.0.0:0 can be reached from other machines, and there is no token"
    );
    assert_eq!(advice, "set ASSAY_TOKEN, or listen on 127.0.0.1");
}
