//! Every route of the HTTP API with its types: server, browser and OpenAPI document read this one list.

mod behind;
mod published;

use chrono::NaiveDate;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::catalogue::Column;
use crate::journal::Journal;
use crate::query::{Answer, NamedQuery, Query};
use crate::run::RunReport;
use crate::series::{Observation, Vendor};
use crate::snapshot::SeriesFreshness;

pub use behind::{
    DOWNLOAD_ROUTE, GetChecks, GetDiff, GetPresets, GetRejected, PresetChoice, RAW_ROUTE,
};
pub use published::{
    GetContributions, GetHistory, GetModelCard, GetModels, GetSeries, GetSeriesList, GetValuation,
    PublishedModel,
};

pub use crate::drivers::{
    AskWhatIf, DriverSeries, GetContributionHistory, GetDrivers, GetWhatIf, PostWhatIf,
    WHAT_IF_ROWS, WhatIfValue,
};

/// A route that reads.
pub trait Get {
    /// The route as the router spells it.
    const ROUTE: &'static str;
    /// What it answers.
    type Response: Serialize + DeserializeOwned;
    /// Path and query as the browser sends them.
    fn path(&self) -> String;
}

/// A route that acts.
pub trait Post {
    /// The route as the router spells it.
    const ROUTE: &'static str;
    /// What it is sent.
    type Body: Serialize + DeserializeOwned;
    /// What it answers.
    type Response: Serialize + DeserializeOwned;
}

/// The header that carries the token of a server that is not on loopback.
pub const TOKEN_HEADER: &str = "x-assay-token";
/// `GET /api/runs/live`: server-sent events, each a [`crate::run::Progress`] as JSON.
pub const LIVE_ROUTE: &str = "/api/runs/live";
/// `GET /api/openapi.json`.
pub const OPENAPI_ROUTE: &str = "/api/openapi.json";

/// The paths of the site's pages, without a trailing slash: the server answers them with the page and status 200.
pub const PAGES: &[&str] = &[
    "", "/drivers", "/what-if", "/model", "/data", "/runs", "/sql",
];

macro_rules! plain_get {
    ($(#[$doc:meta])* $name:ident, $route:literal, $response:ty) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default)]
        pub struct $name;

        impl Get for $name {
            const ROUTE: &'static str = $route;
            type Response = $response;
            fn path(&self) -> String {
                Self::ROUTE.to_owned()
            }
        }
    };
}

plain_get!(
    /// `GET /api/health`: whether the server answers at all.
    GetHealth, "/api/health", Health
);
plain_get!(
    /// `GET /api/sign-in`: where readers sign in; null where nobody does.
    GetSignIn, "/api/sign-in", Option<SignIn>
);
plain_get!(
    /// `GET /api/status`: freshness, quota, the last attempt.
    GetStatus, "/api/status", StatusReport
);
plain_get!(
    /// `GET /api/runs`: published runs and failed attempts, newest first.
    GetRuns, "/api/runs", Vec<RunReport>
);
plain_get!(
    /// `GET /api/journal`: every published valuation, once, with what became of it.
    GetJournal, "/api/journal", Journal
);
plain_get!(
    /// `GET /api/tables`: the SQL tables and views with their columns.
    GetTables, "/api/tables", Vec<TableSchema>
);
plain_get!(
    /// `GET /api/queries`: the named questions.
    GetNamedQueries, "/api/queries", Vec<NamedQuery>
);

/// `GET /api/runs/{attempt_id}`: one attempt's report.
#[derive(Clone, Debug)]
pub struct GetRun {
    /// The attempt.
    pub attempt_id: String,
}

impl Get for GetRun {
    const ROUTE: &'static str = "/api/runs/{attempt_id}";
    type Response = RunReport;
    fn path(&self) -> String {
        format!("/api/runs/{}", self.attempt_id)
    }
}

/// `POST /api/query`: one SELECT over the tables.
#[derive(Clone, Copy, Debug)]
pub struct PostQuery;

impl Post for PostQuery {
    const ROUTE: &'static str = "/api/query";
    type Body = Query;
    type Response = Answer;
}

/// `POST /api/runs`: start a run. Answers at once; progress comes by [`LIVE_ROUTE`].
#[derive(Clone, Copy, Debug)]
pub struct PostRun;

impl Post for PostRun {
    const ROUTE: &'static str = "/api/runs";
    type Body = StartRun;
    type Response = RunStarted;
}

/// What to run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct StartRun {
    /// A preset's name; absent: the configured one.
    pub preset: Option<String>,
    /// A grid's name; absent: `deployed`.
    pub grid: Option<String>,
    /// The day whose knowledge to use; absent: today.
    pub as_of: Option<NaiveDate>,
}

/// A run was started.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RunStarted {
    /// The attempt to look for in the progress stream and under [`GetRun`].
    pub attempt_id: String,
}

/// The server answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Health {
    /// Always true: a server that cannot say so does not answer.
    pub ok: bool,
    /// Assay's version.
    pub version: String,
}

/// Where a reader gets the token that acting routes need: `OpenID` Connect's code flow with PKCE (RFC 7636), for a public client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SignIn {
    /// The issuer's page that asks who the reader is.
    pub authorize_url: String,
    /// Where the code is exchanged for tokens.
    pub token_url: String,
    /// The name under which the issuer knows this page; no secret.
    pub client_id: String,
    /// What is asked for: `openid email`.
    pub scope: String,
}

/// Freshness, quota, last attempt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StatusReport {
    /// The published run, if there is one.
    pub current_run: Option<String>,
    /// The as-of day of the published run.
    pub as_of: Option<NaiveDate>,
    /// Whether the published run rests on the synthetic market; before the first run, whether the configured vendors are it.
    pub synthetic: bool,
    /// Calls left today by vendor.
    pub quota: Vec<Quota>,
    /// The newest attempt, whether it succeeded or not.
    pub last_attempt: Option<RunReport>,
    /// Whether a run is going now.
    pub running: bool,
    /// Every series of the published run.
    pub series: Vec<SeriesFreshness>,
}

/// Calls of a vendor today (UTC).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Quota {
    /// The vendor.
    pub vendor: Vendor,
    /// The day (UTC) that is counted.
    pub day: NaiveDate,
    /// Calls made.
    pub used: u32,
    /// Calls allowed; absent where there is no daily limit.
    pub limit: Option<u32>,
}

/// One series with its observations.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SeriesData {
    /// What it is and how fresh.
    pub freshness: SeriesFreshness,
    /// One observation a reference date: the vintage known at the as-of instant.
    pub observations: Vec<Observation>,
}

/// A table or view that SQL can name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TableSchema {
    /// Name.
    pub name: String,
    /// Columns, partition columns last.
    pub columns: Vec<Column>,
}

pub(crate) fn with_query(route: &str, parts: &[Option<String>]) -> String {
    let given: Vec<&str> = parts.iter().flatten().map(String::as_str).collect();
    if given.is_empty() {
        route.to_owned()
    } else {
        format!("{route}?{}", given.join("&"))
    }
}
