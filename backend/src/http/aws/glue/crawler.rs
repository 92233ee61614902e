//! A crawler that finds nothing, for callers that start one: it runs until it was asked for twice, so that tests need no clock.

use serde_json::{Value, json};

use super::super::wire::AwsError;

/// The crawler's name.
const NAME: &str = "assay";

/// How far the crawler is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Ready,
    Running,
    Stopping,
}

/// The one crawler.
#[derive(Default)]
pub(super) struct Crawlers {
    state: State,
}

impl Crawlers {
    /// Starts it unless it runs.
    pub(super) fn start(&mut self, name: &str) -> Result<Value, AwsError> {
        known(name)?;
        if self.state != State::Ready {
            let message = format!("Crawler with name {name} has already started");
            return Err(AwsError::new("CrawlerRunningException", message));
        }
        self.state = State::Running;
        Ok(json!({}))
    }

    /// Tells how far it is, which takes it a step further.
    pub(super) fn get(&mut self, name: &str) -> Result<Value, AwsError> {
        known(name)?;
        let (shown, next) = match self.state {
            State::Ready => ("READY", State::Ready),
            State::Running => ("RUNNING", State::Stopping),
            State::Stopping => ("STOPPING", State::Ready),
        };
        self.state = next;
        Ok(json!({ "Crawler": { "Name": name, "State": shown } }))
    }
}

fn known(name: &str) -> Result<(), AwsError> {
    if name == NAME {
        return Ok(());
    }
    Err(AwsError::not_found(format!(
        "Crawler entry {name} does not exist"
    )))
}
