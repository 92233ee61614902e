//! A stack on stand-ins: buckets, bus and secret on moto, the synthetic market as both vendors, and the functions.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use axum::http::Method;
use backend::lake::sha256_hex;
use backend::market::{MarketOptions, MarketServer, start};
use serde_json::{Value, json};
use shared::catalogue::{Current, Manifest};
use shared::run::RunReport;
use tempfile::TempDir;

use super::runtime::{Function, Invocation, Process};
use super::stand_in::{AWS, StandIn};
use crate::world::{AV_KEY, FRED_KEY};

/// Time that Lambda gives where no test is about it.
const LIMIT: Duration = Duration::from_mins(15);

/// The preset of the leak detector's tests on a shorter walk: a program without optimisation takes minutes for the whole.
const SMALL: &str = include_str!("../../../src/audit/tests/small.toml");

pub(crate) struct Stack {
    pub(crate) stand_in: StandIn,
    pub(crate) market: MarketServer,
    pub(crate) lake: String,
    pub(crate) site: String,
    /// What differs from the stack's settings, by name.
    pub(crate) settings: BTreeMap<&'static str, String>,
    /// Time left when an event arrives.
    pub(crate) limit: Duration,
    home: TempDir,
}

impl Stack {
    /// A stack of this name, with nothing in its lake, on 20 September 2024.
    pub(crate) async fn new(name: &str) -> Self {
        let stand_in = StandIn::start().await;
        let (lake, site) = (format!("{name}-lake"), format!("{name}-site"));
        stand_in.bucket(&lake).await;
        stand_in.bucket(&site).await;
        let bus = json!({ "Name": name });
        stand_in
            .call("events", "AWSEvents.CreateEventBus", &bus)
            .await;
        let keys = json!({"alphavantage": AV_KEY, "fred": FRED_KEY}).to_string();
        let secret = json!({"Name": format!("{name}/keys"), "SecretString": keys, "ClientRequestToken": "0123456789abcdef0123456789abcdef"});
        stand_in
            .call("secretsmanager", "secretsmanager.CreateSecret", &secret)
            .await;
        let today = "2024-09-20".parse().unwrap();
        let any_port = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let home = tempfile::tempdir().unwrap();
        let walk = "[train.walk_forward]\nfirst = \"2023-06-01\"\nrefit = \"yearly\"\n";
        let preset = SMALL.replace("[train.walk_forward]\n", walk);
        assert_ne!(preset, SMALL);
        std::fs::write(home.path().join("small.toml"), preset).unwrap();
        let mut stack = Self {
            market: start(MarketOptions::new(7, today), any_port).await.unwrap(),
            stand_in,
            lake,
            site,
            settings: BTreeMap::new(),
            limit: LIMIT,
            home,
        };
        let preset = stack.home.path().join("small.toml").display().to_string();
        stack.settings = BTreeMap::from([
            ("ASSAY_BUCKET", stack.lake.clone()),
            ("ASSAY_SITE_BUCKET", stack.site.clone()),
            ("ASSAY_EVENT_BUS", name.to_owned()),
            ("ASSAY_SECRET_ID", format!("{name}/keys")),
            ("ASSAY_ALPHAVANTAGE_URL", stack.market.url()),
            ("ASSAY_FRED_URL", stack.market.url()),
            ("ASSAY_ALPHAVANTAGE_PLAN", "premium:60000".to_owned()),
            ("ASSAY_PRESET", preset),
            ("ASSAY_TODAY", "2024-09-20".to_owned()),
            ("AWS_ENDPOINT_URL", stack.stand_in.url.clone()),
        ]);
        stack
    }

    /// Lets days pass, for the vendors and for the functions.
    pub(crate) fn go_to(&mut self, today: &str) {
        self.market.set_today(today.parse().unwrap());
        self.settings.insert("ASSAY_TODAY", today.to_owned());
    }

    /// Lets things go wrong at the vendors.
    pub(crate) fn faults(&self, faults: Value) {
        self.market
            .set_faults(serde_json::from_value(faults).unwrap());
    }

    fn function(&self, name: &'static str, binary: &'static str) -> Function {
        let aws = AWS
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let own = self
            .settings
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()));
        Function {
            name,
            binary,
            settings: aws.chain(own).collect(),
            limit: self.limit,
        }
    }

    /// Gives an event to `extract`.
    pub(crate) async fn extract(&self, event: &Value, request_id: &str) -> Invocation {
        let function = self.function("assay-extract", env!("CARGO_BIN_EXE_extract"));
        function
            .invoke(event, request_id, &Process::default())
            .await
    }

    /// Gives an event to `train`.
    pub(crate) async fn train(&self, event: &Value, request_id: &str) -> Invocation {
        self.train_in(event, request_id, &Process::default()).await
    }

    /// The same in a process that somebody may end.
    pub(crate) async fn train_in(
        &self,
        event: &Value,
        request_id: &str,
        process: &Process,
    ) -> Invocation {
        let function = self.function("assay-train", env!("CARGO_BIN_EXE_train"));
        function.invoke(event, request_id, process).await
    }

    /// The events that were put on the bus, as the bus delivers them, oldest first.
    pub(crate) fn delivered(&self) -> Vec<Value> {
        let seen = self.stand_in.seen();
        let puts = seen
            .iter()
            .filter(|seen| seen.operation == "AWSEvents.PutEvents");
        let deliver = |(number, seen): (usize, &super::stand_in::Seen)| {
            let body = seen.json();
            let entry = &body["Entries"][0];
            assert_eq!(entry["EventBusName"], self.settings["ASSAY_EVENT_BUS"]);
            let detail: Value = serde_json::from_str(entry["Detail"].as_str().unwrap()).unwrap();
            json!({
                "version": "0", "id": format!("6a7e8feb-b491-4cf7-a9f1-{number:012}"), "account": "123456789012",
                "region": "eu-west-1", "resources": [], "time": "2024-09-23T08:20:31Z",
                "source": entry["Source"], "detail-type": entry["DetailType"], "detail": detail,
            })
        };
        puts.enumerate().map(deliver).collect()
    }

    /// The newest event on the bus.
    pub(crate) fn last_delivered(&self) -> Value {
        self.delivered().pop().unwrap()
    }

    /// An object's bytes.
    pub(crate) async fn object(&self, bucket: &str, key: &str) -> Option<String> {
        let (status, text) = self
            .stand_in
            .send(Method::GET, &format!("/{bucket}/{key}"), "")
            .await;
        status.is_success().then_some(text)
    }

    /// Keys of a bucket, sorted.
    pub(crate) async fn keys(&self, bucket: &str) -> Vec<String> {
        self.stand_in.keys(bucket).await
    }

    /// Keys of the lake and the entity tags of what lies there: they change with the content.
    pub(crate) async fn contents(&self) -> Vec<String> {
        let target = format!("/{}?list-type=2&max-keys=1000", self.lake);
        let (_, text) = self.stand_in.send(Method::GET, &target, "").await;
        let objects = text.split("<Contents>").skip(1);
        let part = |text: &str, name: &str| {
            let (_, rest) = text.split_once(&format!("<{name}>")).unwrap();
            rest.split_once('<').unwrap().0.to_owned()
        };
        let objects = objects.map(|text| (part(text, "Key"), part(text, "ETag")));
        objects
            .filter(|(key, _)| key != "lease.json")
            .map(|(key, tag)| format!("{key} {tag}"))
            .collect()
    }

    /// The pointer, once something is published.
    pub(crate) async fn current(&self) -> Option<Current> {
        let text = self.object(&self.lake, "current.json").await?;
        Some(serde_json::from_str(&text).unwrap())
    }

    /// The reports in the ledger, oldest first.
    pub(crate) async fn reports(&self) -> Vec<RunReport> {
        let mut reports = Vec::new();
        for key in self.keys(&self.lake).await {
            if key.starts_with("attempts/") {
                let text = self.object(&self.lake, &key).await.unwrap();
                reports.push(serde_json::from_str(&text).unwrap());
            }
        }
        reports
    }

    /// What a reader sees is a whole run: every file that the current run's manifest names is there, byte for byte. Gives the run.
    pub(crate) async fn assert_readers_see_a_whole_run(&self) -> Option<String> {
        let run_id = self.current().await?.run_id;
        let manifest = self
            .object(&self.lake, &format!("runs/{run_id}/manifest.json"))
            .await;
        let manifest: Manifest = serde_json::from_str(&manifest.unwrap()).unwrap();
        for file in manifest.tables.values() {
            let bytes = self.bytes(&file.key).await;
            assert_eq!(
                (sha256_hex(&bytes), bytes.len() as u64),
                (file.sha256.clone(), file.bytes),
                "{}",
                file.key
            );
        }
        let model = self.bytes(&format!("models/{run_id}/model.json")).await;
        assert_eq!(sha256_hex(&model), manifest.model_sha256);
        for key in [
            format!("models/{run_id}/card.json"),
            format!("runs/{run_id}/snapshot.json"),
            format!("runs/{run_id}/preset.json"),
        ] {
            let text = self.object(&self.lake, &key).await.unwrap();
            serde_json::from_str::<Value>(&text).unwrap();
        }
        Some(run_id)
    }

    async fn bytes(&self, key: &str) -> Vec<u8> {
        self.stand_in.bytes(&format!("/{}/{key}", self.lake)).await
    }
}

/// The schedule's event of a day.
pub(crate) fn schedule(day: &str) -> Value {
    let mut event: Value = serde_json::from_str(include_str!("events/schedule.json")).unwrap();
    event["time"] = json!(format!("{day}T08:20:00Z"));
    event
}
