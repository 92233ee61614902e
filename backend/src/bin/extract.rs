//! The first half of a run as a Lambda: extract and stage, then say so on the event bus.

#[tokio::main]
async fn main() -> Result<(), lambda_runtime::Error> {
    backend::lambda::extract::main().await
}
