//! Where readers sign in, if they do.

use axum::Json;
use axum::extract::State;
use shared::api::GetSignIn;

use super::endpoint::Got;
use super::state::AppState;

/// The issuer of tokens; null where nobody signs in.
pub(super) async fn sign_in(State(state): State<AppState>) -> Got<GetSignIn> {
    Ok(Json(state.sign_in))
}
