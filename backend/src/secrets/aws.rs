//! The vendors' keys in Secrets Manager, read once a run. Twin of the settings.

use std::sync::Arc;

use async_trait::async_trait;
use serde::Deserialize;
use shared::series::Vendor;
use tokio::sync::OnceCell;

use super::{Secrets, SecretsError};
use crate::backend::cloud::{Aws, Fault};
use crate::config::Secret;

/// A secret whose text is JSON with the keys `alphavantage` and `fred`.
pub struct SecretsManager {
    aws: Arc<Aws>,
    id: String,
    keys: OnceCell<Keys>,
}

#[derive(Deserialize)]
struct Keys {
    alphavantage: Option<Secret>,
    fred: Option<Secret>,
}

impl SecretsManager {
    /// The secret of this name or ARN. Nothing is read yet.
    pub fn new(aws: Arc<Aws>, id: impl Into<String>) -> Self {
        Self {
            aws,
            id: id.into(),
            keys: OnceCell::new(),
        }
    }

    async fn read(&self) -> Result<Keys, SecretsError> {
        let asked = self.aws.secrets().await.get_secret_value();
        let answer = asked.secret_id(&self.id).send().await;
        let answer = answer.map_err(|error| self.explain(&Fault::of(&error)))?;
        let text = answer.secret_string.unwrap_or_default();
        // serde's message may quote the text, so it is not told.
        serde_json::from_str(&text).map_err(|_| self.unusable("is no JSON object of texts"))
    }

    fn explain(&self, fault: &Fault) -> SecretsError {
        let id = &self.id;
        if fault.is_denied() {
            return SecretsError::Unusable {
                message: format!("no permission for `secretsmanager:GetSecretValue` on `{id}`"),
                advice: "grant it to the function's role".to_owned(),
            };
        }
        if fault.is_temporary() {
            let (id, message) = (id.clone(), fault.message.clone());
            return SecretsError::Unreachable { id, message };
        }
        match fault.code.as_str() {
            "ResourceNotFoundException" => self.unusable("does not exist or has no value"),
            _ => self.unusable(&format!("cannot be read: {}", fault.message)),
        }
    }

    fn unusable(&self, what: &str) -> SecretsError {
        SecretsError::Unusable {
            message: format!("the secret `{}` {what}", self.id),
            advice: "put a value such as {\"alphavantage\": \"KEY\", \"fred\": \"KEY\"} into it"
                .to_owned(),
        }
    }
}

#[async_trait]
impl Secrets for SecretsManager {
    async fn key(&self, vendor: Vendor) -> Result<Option<Secret>, SecretsError> {
        let keys = self.keys.get_or_try_init(|| self.read()).await?;
        let (key, name) = match vendor {
            Vendor::AlphaVantage => (&keys.alphavantage, "alphavantage"),
            Vendor::Fred => (&keys.fred, "fred"),
        };
        let given = key.as_ref().filter(|key| !key.expose().trim().is_empty());
        let given = given.ok_or_else(|| self.unusable(&format!("has no key `{name}`")))?;
        Ok(Some(given.clone()))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::contract;
    use super::*;
    use crate::stand_in::StandIn;

    async fn with_value(name: &str, value: &str) -> (StandIn, SecretsManager) {
        let stand_in = StandIn::start().await;
        let secret = json!({"Name": name, "SecretString": value, "ClientRequestToken": "0123456789abcdef0123456789abcdef"});
        stand_in
            .call("secretsmanager", "secretsmanager.CreateSecret", &secret)
            .await;
        let secrets = SecretsManager::new(Aws::at(&stand_in.url).await, name);
        (stand_in, secrets)
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn keeps_the_contract() {
        let [(_, alpha), (_, fred)] = contract::KEYS;
        let value = json!({"alphavantage": alpha, "fred": fred}).to_string();
        let (_stand_in, secrets) = with_value("contract", &value).await;
        contract::suite(&secrets).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn keys_are_read_once_and_cannot_be_printed() {
        let (stand_in, secrets) =
            with_value("once", r#"{"alphavantage": "AV1", "fred": "fred1"}"#).await;
        let key = secrets.key(Vendor::AlphaVantage).await.unwrap().unwrap();
        assert_eq!((key.expose(), format!("{key:?}").as_str()), ("AV1", "***"));
        assert_eq!(
            secrets.key(Vendor::Fred).await.unwrap(),
            Some(Secret::new("fred1"))
        );
        assert_eq!(stand_in.seen().len(), 1);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_is_wrong_with_a_secret_is_said_without_it() {
        let said = async |name: &str, value: &str| {
            let (_stand_in, secrets) = with_value(name, value).await;
            secrets.key(Vendor::Fred).await.unwrap_err().to_string()
        };
        assert_eq!(
            said("text", "fredkey1").await,
            "the secret `text` is no JSON object of texts"
        );
        assert_eq!(
            said("number", r#"{"fred": 123456}"#).await,
            "the secret `number` is no JSON object of texts"
        );
        assert_eq!(
            said("half", r#"{"alphavantage": "AV1"}"#).await,
            "the secret `half` has no key `fred`"
        );
        assert_eq!(
            said("blank", r#"{"fred": " "}"#).await,
            "the secret `blank` has no key `fred`"
        );
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_secret_that_is_missing_denied_or_out_of_reach_is_told_apart() {
        let stand_in = StandIn::start().await;
        let secrets = SecretsManager::new(Aws::at(&stand_in.url).await, "none");
        let error = secrets.key(Vendor::Fred).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "the secret `none` does not exist or has no value"
        );
        stand_in.fail(|_| {
            Some((
                400,
                r#"{"__type": "AccessDeniedException", "Message": "no"}"#.to_owned(),
            ))
        });
        let error = secrets.key(Vendor::Fred).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "no permission for `secretsmanager:GetSecretValue` on `none`"
        );
        stand_in.fail(|_| Some((503, r#"{"__type": "ServiceUnavailable"}"#.to_owned())));
        let error = secrets.key(Vendor::Fred).await.unwrap_err();
        assert!(matches!(error, SecretsError::Unreachable { .. }), "{error}");
    }
}
