//! Asking Athena costs money, so only who has signed in may. The gateway's routes ask for the token. This looks whether one was
//! asked for: the gateway and the router may read an odd path (`/api/x/../history`) differently.

use async_trait::async_trait;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use lambda_http::request::RequestContext;
use shared::api::TableSchema;
use shared::query::{Answer, Query};

use crate::query::{AthenaEngine, Limits, QueryEngine, QueryError};

tokio::task_local! {
    /// Whether the gateway has checked a token for the request that is being answered.
    static SIGNED_IN: bool;
}

/// Answers a request, knowing who asks.
pub(super) async fn know(request: Request, next: Next) -> Response {
    let context = request.extensions().get::<RequestContext>();
    let checked = match context {
        Some(RequestContext::ApiGatewayV2(context)) => context.authorizer.as_ref(),
        _ => None,
    };
    let signed_in = checked.is_some_and(|checked| checked.jwt.is_some());
    SIGNED_IN.scope(signed_in, next.run(request)).await
}

/// An engine that answers only those.
pub(super) struct ForSignedIn(pub(super) AthenaEngine);

#[async_trait]
impl QueryEngine for ForSignedIn {
    async fn run_bound(
        &self,
        query: &Query,
        parameters: &[String],
        limits: Limits,
    ) -> Result<Answer, QueryError> {
        if SIGNED_IN.try_with(|signed_in| *signed_in) != Ok(true) {
            return Err(QueryError::NotSignedIn);
        }
        self.0.run_bound(query, parameters, limits).await
    }

    async fn tables(&self) -> Result<Vec<TableSchema>, QueryError> {
        self.0.tables().await
    }
}
