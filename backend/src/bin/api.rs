//! The API as a Lambda behind an HTTP API.

#[tokio::main]
async fn main() -> Result<(), lambda_runtime::Error> {
    backend::lambda::api::main().await
}
