//! Where readers sign in: `ASSAY_SIGN_IN_*`, or the table `[sign_in]` of `assay.toml`.

use serde::Deserialize;
use shared::api::SignIn;

use super::{ConfigError, address};

/// The table of `assay.toml`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    authorize_url: Option<String>,
    token_url: Option<String>,
    client_id: Option<String>,
    scope: Option<String>,
}

/// All of it or nothing, but for the scope. `get` prefers the environment to what the file says.
pub(super) fn read(
    get: impl Fn(&str, Option<String>) -> Option<String>,
    file: File,
) -> Result<Option<SignIn>, ConfigError> {
    const AUTHORIZE: &str = "ASSAY_SIGN_IN_AUTHORIZE_URL";
    const TOKEN: &str = "ASSAY_SIGN_IN_TOKEN_URL";
    const CLIENT: &str = "ASSAY_SIGN_IN_CLIENT_ID";
    let given = [
        (AUTHORIZE, get(AUTHORIZE, file.authorize_url)),
        (TOKEN, get(TOKEN, file.token_url)),
        (CLIENT, get(CLIENT, file.client_id)),
    ];
    if given.iter().all(|(_, value)| value.is_none()) {
        return Ok(None);
    }
    let [authorize_url, token_url, client_id] =
        given.map(|(name, value)| value.ok_or_else(|| ConfigError::bad(name, "")));
    Ok(Some(SignIn {
        authorize_url: address(AUTHORIZE, Some(authorize_url?), "")?,
        token_url: address(TOKEN, Some(token_url?), "")?,
        client_id: client_id?,
        scope: get("ASSAY_SIGN_IN_SCOPE", file.scope).unwrap_or_else(|| "openid email".to_owned()),
    }))
}
