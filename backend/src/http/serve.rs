//! The embedded server: binds, says where, and stops without cutting anybody off.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Extension;
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::access::{Access, TokenMissing};
use super::aws::LocalAws;
use super::router_with_aws;
use super::runs::Stopping;
use super::state::AppState;
use crate::config::Secret;

/// Why the server did not start, or stopped.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Others can reach the address, and there is no token.
    #[error(transparent)]
    Token(#[from] TokenMissing),
    /// Another program listens there.
    #[error("{0} is in use by another program")]
    InUse(SocketAddr),
    /// The port is kept for the system.
    #[error("no permission to listen on {0}")]
    NotAllowed(SocketAddr),
    /// The address is none of this machine's, or something else is wrong with it.
    #[error("cannot listen on {address}")]
    Bind {
        /// The address.
        address: SocketAddr,
        /// The cause.
        #[source]
        cause: io::Error,
    },
    /// The server stopped by itself.
    #[error("the server stopped")]
    Stopped(#[source] io::Error),
}

impl ServeError {
    /// What to do about it.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Token(_) => "set ASSAY_TOKEN, or listen on 127.0.0.1",
            Self::InUse(_) => "stop that, or choose a free port with `--addr 127.0.0.1:0`",
            Self::NotAllowed(_) => "choose a port above 1023, such as `--addr 127.0.0.1:8787`",
            Self::Bind { .. } => "choose an address of this machine, such as `--addr 127.0.0.1:0`",
            Self::Stopped(_) => "start it again; if it stops again, report this",
        }
    }
}

/// Serves API, site and the local Athena until `shutdown` is over, then finishes what is being answered; streams end at once.
///
/// `announce` is told the bound address, which differs from `address` where that has port 0.
/// `token` is needed where others can reach the address, and ignored on loopback.
pub async fn serve(
    state: AppState,
    aws: Arc<LocalAws>,
    address: SocketAddr,
    token: Option<Secret>,
    announce: impl FnOnce(SocketAddr),
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeError> {
    // Before anything listens: without a token there must not be an open port for an instant.
    Access::at(address, token.clone())?;
    let bound = |cause| explain(address, cause);
    let listener = TcpListener::bind(address).await.map_err(bound)?;
    let address = listener.local_addr().map_err(bound)?;
    let (stop, stopping) = watch::channel(false);
    let router = router_with_aws(state, aws, Access::at(address, token)?);
    let router = router.layer(Extension(Stopping(stopping)));
    announce(address);
    let shutdown = async move {
        shutdown.await;
        // Nobody listening means that no stream is open.
        let _ = stop.send(true);
    };
    let server = axum::serve(listener, router).with_graceful_shutdown(shutdown);
    server.await.map_err(ServeError::Stopped)
}

fn explain(address: SocketAddr, cause: io::Error) -> ServeError {
    match cause.kind() {
        io::ErrorKind::AddrInUse => ServeError::InUse(address),
        io::ErrorKind::PermissionDenied => ServeError::NotAllowed(address),
        _ => ServeError::Bind { address, cause },
    }
}
