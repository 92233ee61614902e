//! The second half of a run as a Lambda: assemble, train, publish, catalogue.

#[tokio::main]
async fn main() -> Result<(), lambda_runtime::Error> {
    backend::lambda::train::main().await
}
