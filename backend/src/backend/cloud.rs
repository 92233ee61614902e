//! Wires the cloud: AWS's clients, made when first needed, behind the seams; and what all twins say of a call that failed.

use std::sync::Arc;
use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, ConfigLoader, SdkConfig};
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use tokio::sync::OnceCell;

use super::{Backend, clock_of};
use crate::catalogue::{GlueCatalogue, GlueSettings, Published};
use crate::config::{ConfigError, Settings};
use crate::lake::{Lake, S3Lake};
use crate::publish::{FirstView, NoCopy, SiteBucket};
use crate::secrets::aws::SecretsManager;
use crate::secrets::{Configured, Secrets};

/// Attempts of one call in all: throttling, 5xx and broken connections are tried again, later each time.
const ATTEMPTS: u32 = 5;

/// Until a connection stands.
const CONNECT: Duration = Duration::from_secs(5);

/// For one attempt of one call.
const ONE_ATTEMPT: Duration = Duration::from_mins(1);

impl Backend {
    /// The cloud. Nothing is opened yet.
    pub fn cloud(settings: Settings, aws: &Arc<Aws>) -> Result<Self, ConfigError> {
        let bucket = settings.cloud.bucket.clone();
        let bucket = bucket.ok_or(ConfigError::NoBucket)?;
        let secrets: Arc<dyn Secrets> = match &settings.cloud.secret_id {
            Some(id) => Arc::new(SecretsManager::new(aws.clone(), id)),
            None => Arc::new(Configured(settings.market.clone())),
        };
        let first_view: Arc<dyn FirstView> = match &settings.cloud.site_bucket {
            Some(bucket) => Arc::new(SiteBucket::new(aws.clone(), bucket)),
            None => Arc::new(NoCopy),
        };
        let glue = GlueSettings {
            database: settings.cloud.glue_database.clone(),
            bucket: bucket.clone(),
            crawler: settings.cloud.glue_crawler.clone(),
        };
        let lake: Arc<dyn Lake> = Arc::new(S3Lake::new(aws.clone(), bucket));
        Ok(Self {
            catalogue: Arc::new(GlueCatalogue::new(
                aws.clone(),
                Published::new(lake.clone()),
                glue,
            )),
            lake,
            secrets,
            first_view,
            keeps_diffs: true,
            clock: clock_of(&settings),
            settings,
            tuning: None,
            clients: OnceCell::new(),
        })
    }
}

/// AWS: one configuration (`AWS_*`, `AWS_ENDPOINT_URL` included), and a client of each service as soon as one is needed.
#[derive(Debug, Default)]
pub struct Aws {
    config: OnceCell<SdkConfig>,
    s3: OnceCell<aws_sdk_s3::Client>,
    events: OnceCell<aws_sdk_eventbridge::Client>,
    secrets: OnceCell<aws_sdk_secretsmanager::Client>,
    glue: OnceCell<aws_sdk_glue::Client>,
    athena: OnceCell<aws_sdk_athena::Client>,
}

impl Aws {
    /// As the environment says. Nothing is read or opened yet.
    pub fn new() -> Arc<Self> {
        Arc::default()
    }

    /// A stand-in at this address, tried again without delay.
    #[cfg(test)]
    pub(crate) async fn at(url: &str) -> Arc<Self> {
        use aws_sdk_s3::config::{Credentials, Region};
        let keys = Credentials::new("AKIAIOSFODNN7EXAMPLE", "EXAMPLEKEY", None, None, "test");
        let retry = RetryConfig::standard().with_max_attempts(ATTEMPTS);
        let loader = loader().endpoint_url(url).region(Region::new("eu-west-1"));
        let loader = loader.credentials_provider(keys);
        let loader = loader.retry_config(retry.with_initial_backoff(Duration::from_millis(1)));
        Arc::new(Self {
            config: OnceCell::new_with(Some(loader.load().await)),
            ..Self::default()
        })
    }

    async fn config(&self) -> &SdkConfig {
        self.config.get_or_init(|| loader().load()).await
    }

    /// S3.
    pub async fn s3(&self) -> &aws_sdk_s3::Client {
        let make = || async { aws_sdk_s3::Client::new(self.config().await) };
        self.s3.get_or_init(make).await
    }

    /// `EventBridge`.
    pub async fn events(&self) -> &aws_sdk_eventbridge::Client {
        let make = || async { aws_sdk_eventbridge::Client::new(self.config().await) };
        self.events.get_or_init(make).await
    }

    /// Secrets Manager.
    pub async fn secrets(&self) -> &aws_sdk_secretsmanager::Client {
        let make = || async { aws_sdk_secretsmanager::Client::new(self.config().await) };
        self.secrets.get_or_init(make).await
    }

    /// Glue.
    pub async fn glue(&self) -> &aws_sdk_glue::Client {
        let make = || async { aws_sdk_glue::Client::new(self.config().await) };
        self.glue.get_or_init(make).await
    }

    /// Athena.
    pub async fn athena(&self) -> &aws_sdk_athena::Client {
        let make = || async { aws_sdk_athena::Client::new(self.config().await) };
        self.athena.get_or_init(make).await
    }
}

/// What all services share; the rest is the environment's.
fn loader() -> ConfigLoader {
    let tls = Provider::Rustls(CryptoMode::Ring);
    let limits = TimeoutConfig::builder()
        .connect_timeout(CONNECT)
        .operation_attempt_timeout(ONE_ATTEMPT)
        .build();
    aws_config::defaults(BehaviorVersion::latest())
        .http_client(Builder::new().tls_provider(tls).build_https())
        .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS))
        .timeout_config(limits)
}

/// A call that failed, once the SDK has tried often enough.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Fault {
    /// HTTP status; 0 where no answer came.
    pub status: u16,
    /// AWS's name of the error; empty where it named none.
    pub code: String,
    /// All of it in words.
    pub message: String,
}

impl Fault {
    /// What an SDK's error says.
    pub fn of<E>(error: &SdkError<E>) -> Self
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        let status = error.raw_response().map_or(0, |raw| raw.status().as_u16());
        let code = error.code().unwrap_or_default().to_owned();
        let said = error.message().unwrap_or("AWS did not say why");
        let message = match (status, code.as_str()) {
            (0, _) => chain(error),
            (_, "") => format!("AWS answered with status {status}"),
            _ => format!("AWS answered with {code} (status {status}): {said}"),
        };
        Self {
            status,
            code,
            message,
        }
    }

    /// Whether a permission is missing.
    pub fn is_denied(&self) -> bool {
        self.status == 403 || self.code.starts_with("AccessDenied")
    }

    /// Whether the same call may succeed later: no answer, a fault of AWS, or too many calls.
    pub fn is_temporary(&self) -> bool {
        let too_many = self.code.contains("Throttl") || self.code.contains("TooManyRequests");
        self.status == 0 || self.status == 429 || self.status >= 500 || too_many
    }
}

/// An error and all its causes, outermost first; neighbours that say the same are told once.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut parts = vec![error.to_string()];
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        if parts.last() != Some(&text) {
            parts.push(text);
        }
        cause = error.source();
    }
    parts.join(": ")
}
