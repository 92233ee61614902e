//! Runs started by an event on `EventBridge`, which a Lambda takes up; what it does is read from the lake. Twin of the runner in this process.

use std::sync::Arc;

use async_trait::async_trait;
use aws_sdk_eventbridge::primitives::DateTime as AwsTime;
use aws_sdk_eventbridge::types::PutEventsRequestEntry;
use chrono::{DateTime, Utc};
use futures::stream::{self, BoxStream};
use shared::api::{RunStarted, StartRun};
use shared::run::Progress;

use super::events::{REQUEST_SOURCE, REQUEST_TYPE, attempt_of};
use super::{Runner, StartError, options};
use crate::backend::Backend;
use crate::backend::cloud::{Aws, Fault};
use crate::pipeline::{Claim, leaseholder};

/// The largest event that `EventBridge` takes, all its parts counted.
const LARGEST: usize = 256 * 1024;

/// What the size of an event counts besides its texts: its time.
const OF_TIME: usize = 14;

/// Why an event is not on the bus.
#[derive(Debug, thiserror::Error)]
pub enum PutError {
    /// Another attempt may succeed.
    #[error("the event bus `{bus}` did not take the event: {message}")]
    Retry {
        /// The bus.
        bus: String,
        /// Why.
        message: String,
    },
    /// Another attempt will fail as well.
    #[error("{message}")]
    Fail {
        /// Why.
        message: String,
    },
}

/// An event bus.
#[derive(Clone)]
pub struct EventBus {
    aws: Arc<Aws>,
    name: String,
}

impl EventBus {
    /// The bus of this name. Nothing is sent yet.
    pub fn new(aws: Arc<Aws>, name: impl Into<String>) -> Self {
        let name = name.into();
        Self { aws, name }
    }

    /// Puts one event of that instant; gives its id.
    pub async fn put(
        &self,
        source: &str,
        kind: &str,
        detail: &str,
        at: DateTime<Utc>,
    ) -> Result<String, PutError> {
        let size = OF_TIME + source.len() + kind.len() + detail.len();
        if size > LARGEST {
            let message =
                format!("the event `{kind}` has {size} bytes, and EventBridge takes {LARGEST}");
            return Err(PutError::Fail { message });
        }
        let entry = PutEventsRequestEntry::builder()
            .event_bus_name(&self.name)
            .time(AwsTime::from_secs(at.timestamp()))
            .source(source)
            .detail_type(kind)
            .detail(detail)
            .build();
        let sent = self
            .aws
            .events()
            .await
            .put_events()
            .entries(entry)
            .send()
            .await;
        let answer = sent.map_err(|error| self.explain(&Fault::of(&error)))?;
        let failed = answer.failed_entry_count;
        let Some(entry) = answer.entries.and_then(|mut entries| entries.pop()) else {
            return Err(self.refused("no entry", "AWS did not say what became of the event"));
        };
        match entry.event_id {
            Some(id) if failed == 0 => Ok(id),
            _ => Err(self.refused(
                entry.error_code.as_deref().unwrap_or("an unnamed error"),
                entry
                    .error_message
                    .as_deref()
                    .unwrap_or("AWS did not say why"),
            )),
        }
    }

    fn explain(&self, fault: &Fault) -> PutError {
        let bus = self.name.clone();
        if fault.is_denied() {
            let message = format!("no permission for `events:PutEvents` on `{bus}`");
            return PutError::Fail { message };
        }
        let message = fault.message.clone();
        if fault.is_temporary() {
            PutError::Retry { bus, message }
        } else {
            let message = format!("the event bus `{bus}` refuses the event: {message}");
            PutError::Fail { message }
        }
    }

    /// An entry that failed though the call succeeded.
    fn refused(&self, code: &str, said: &str) -> PutError {
        let bus = self.name.clone();
        let message = format!("{code}: {said}");
        if code.starts_with("NotAuthorized")
            || code.starts_with("Malformed")
            || code.starts_with("AccessDenied")
        {
            let message = format!("the event bus `{bus}` refuses the event: {message}");
            return PutError::Fail { message };
        }
        PutError::Retry { bus, message }
    }
}

/// Starts runs by events.
pub struct EventRunner {
    backend: Arc<Backend>,
    bus: EventBus,
}

impl EventRunner {
    /// A runner that puts its events on this bus.
    pub fn new(backend: Arc<Backend>, bus: EventBus) -> Self {
        Self { backend, bus }
    }

    async fn holder(&self) -> Option<Claim> {
        let now = self.backend.clock.now();
        match leaseholder(self.backend.lake().as_ref(), now).await {
            Ok(claim) => claim,
            Err(error) => {
                tracing::warn!("who runs cannot be told: {error}");
                None
            }
        }
    }
}

#[async_trait]
impl Runner for EventRunner {
    async fn start(&self, what: StartRun) -> Result<RunStarted, StartError> {
        options(what.clone(), &self.backend.settings, 1)?;
        if let Some(Claim { attempt_id, .. }) = self.holder().await {
            return Err(StartError::Running { attempt_id });
        }
        let at = self.backend.clock.now();
        let detail = serde_json::to_string(&what).unwrap_or_default();
        let put = self
            .bus
            .put(REQUEST_SOURCE, REQUEST_TYPE, &detail, at)
            .await;
        let id = put.map_err(|error| StartError::Unreachable {
            message: error.to_string(),
        })?;
        let attempt_id = attempt_of(at, &id);
        Ok(RunStarted { attempt_id })
    }

    async fn running(&self) -> Option<String> {
        Some(self.holder().await?.attempt_id)
    }

    /// What the lease says now, and the end: nothing stays open on Lambda, and browsers ask again by themselves. Where nobody is at
    /// work there is nothing to ask again for.
    async fn progress(&self) -> Option<BoxStream<'static, Progress>> {
        let claim = self.holder().await?;
        let working = Progress::Working {
            step: claim.step,
            done: 0,
            total: 0,
            message: format!("attempt {} is at work", claim.attempt_id),
            seconds_left: None,
        };
        Some(Box::pin(stream::iter([working])))
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use shared::run::Step;

    use super::super::contract;
    use super::*;
    use crate::config::Settings;
    use crate::pipeline::{Lease, RunLocks as _};
    use crate::stand_in::StandIn;

    #[tokio::test(flavor = "multi_thread")]
    async fn keeps_the_contract_and_puts_one_event_a_run() {
        let stand_in = StandIn::start().await;
        stand_in.bucket("runner").await;
        let home = tempfile::tempdir().unwrap();
        let bucket = |name: &str| (name == "ASSAY_BUCKET").then(|| "runner".to_owned());
        let settings = Settings::load(home.path(), bucket).unwrap();
        let aws = Aws::at(&stand_in.url).await;
        let backend = Arc::new(Backend::cloud(settings, &aws).unwrap());
        let runner = EventRunner::new(backend.clone(), EventBus::new(aws, "default"));
        let events = || {
            let all = stand_in.seen();
            let puts = all
                .iter()
                .filter(|seen| seen.header("x-amz-target").ends_with("PutEvents"));
            puts.count()
        };
        let started = runner.start(StartRun::default()).await.unwrap();
        assert_eq!(events(), 1);
        contract::suite(&runner, async || {
            let claim = Claim {
                attempt_id: started.attempt_id.clone(),
                step: Step::Extract,
                owner: "request".to_owned(),
                expires_at: backend.clock.now() + TimeDelta::minutes(15),
            };
            let lease = Lease::new(backend.lake(), backend.clock.clone(), claim);
            lease.take().await.map_err(|busy| busy.to_string()).unwrap()
        })
        .await;
        assert_eq!(events(), 1, "what is refused reaches nobody");
        assert_eq!(runner.running().await, Some(started.attempt_id));
    }
}
