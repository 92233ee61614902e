//! The command line and the embedded server.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    backend::cli::main().await
}
