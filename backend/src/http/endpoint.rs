//! The list of routes: each with its handler, how long its answer holds, and its entry in the OpenAPI document.

use axum::Json;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodRouter, get, post};
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde_json::Value;
use shared::api::{
    DOWNLOAD_ROUTE, Get, GetContributionHistory, GetContributions, GetDiff, GetDrivers, GetHealth,
    GetHistory, GetJournal, GetModelCard, GetModels, GetNamedQueries, GetPresets, GetRun, GetRuns,
    GetSeries, GetSeriesList, GetSignIn, GetStatus, GetTables, GetValuation, GetWhatIf, LIVE_ROUTE,
    OPENAPI_ROUTE, Post, PostQuery, PostRun, PostWhatIf,
};
use shared::query::Download;
use shared::run::Progress;
use shared::series::SeriesId;

use super::cache::{Caching, tag};
use super::error::ApiError;
use super::openapi::{Operation, document};
use super::state::AppState;
use super::{
    behind, diff, drivers, models, runs, series, sign_in, sql, status, valuation, what_if,
};

/// What the handler of a reading route gives.
pub(super) type Got<G> = Result<Json<<G as Get>::Response>, ApiError>;

/// One route. Router and document are made of the same list, so neither has a route that the other lacks.
pub(super) struct Endpoint {
    pub(super) route: &'static str,
    pub(super) operation: Operation,
    handler: MethodRouter<AppState>,
    caching: Caching,
}

impl Endpoint {
    pub(super) fn new(
        route: &'static str,
        handler: MethodRouter<AppState>,
        operation: Operation,
    ) -> Self {
        Self {
            route,
            operation,
            handler,
            caching: Caching::Never,
        }
    }

    pub(super) fn get<G: Get<Response: JsonSchema>>(
        handler: MethodRouter<AppState>,
        id: &'static str,
        summary: &'static str,
    ) -> Self {
        let operation = Operation::new("get", id, summary).answers::<G::Response>(200);
        Self::new(G::ROUTE, handler, operation)
    }

    fn post<P: Post<Body: JsonSchema, Response: JsonSchema>>(
        handler: MethodRouter<AppState>,
        id: &'static str,
        summary: &'static str,
        status: u16,
    ) -> Self {
        let operation = Operation::new("post", id, summary)
            .takes::<P::Body>()
            .answers::<P::Response>(status);
        Self::new(P::ROUTE, handler, operation)
    }

    pub(super) fn path<T: JsonSchema>(mut self, name: &'static str, about: &'static str) -> Self {
        self.operation = self.operation.parameter::<T>("path", name, about);
        self
    }

    pub(super) fn query<T: JsonSchema>(mut self, name: &'static str, about: &'static str) -> Self {
        self.operation = self.operation.parameter::<T>("query", name, about);
        self
    }

    pub(super) fn cached(mut self, caching: Caching) -> Self {
        self.caching = caching;
        self
    }

    /// The handler, tagging its answers where they hold.
    pub(super) fn into_handler(self) -> MethodRouter<AppState> {
        match self.caching {
            Caching::Never => self.handler,
            holds => self.handler.layer(from_fn_with_state(holds, tag)),
        }
    }
}

/// Every route of the API.
pub(super) fn all() -> Vec<Endpoint> {
    let mut all = published();
    all.extend(runs_and_series());
    all.extend(behind::endpoints());
    all.extend(drivers_and_what_if());
    all.extend(runs_and_health());
    all.extend(questions());
    all
}

/// What `as_of` means where a run is chosen by it.
pub(super) const AS_OF: &str =
    "The newest run whose as-of day is not after this one; absent: the newest of all";

fn published() -> Vec<Endpoint> {
    use Caching::Revalidate;
    vec![
        Endpoint::get::<GetValuation>(
            get(valuation::valuation),
            "valuation",
            "What gold is worth: the snapshot of the current run, of a preset's newest, or of the newest of a day",
        )
        .query::<String>("preset", "A preset's name; absent: the current run's")
        .query::<NaiveDate>("as_of", AS_OF)
        .cached(Revalidate),
        Endpoint::get::<GetHistory>(
            get(valuation::history),
            "history",
            "Valuations of the current run, training rows included, oldest first",
        )
        .query::<NaiveDate>("from", "First day, inclusive")
        .query::<NaiveDate>("to", "Last day, inclusive")
        .query::<NaiveDate>("as_of", AS_OF)
        .cached(Revalidate),
        Endpoint::get::<GetContributions>(
            get(valuation::contributions),
            "contributions",
            "What moved one day's valuation, largest first",
        )
        .query::<NaiveDate>("date", "The day; absent: the newest")
        .query::<NaiveDate>("as_of", AS_OF)
        .cached(Revalidate),
        Endpoint::get::<GetModelCard>(
            get(models::card),
            "modelCard",
            "A model: parameters, data, scores next to baselines",
        )
        .query::<String>("run_id", "A published run; absent: the current one")
        .query::<NaiveDate>("as_of", AS_OF)
        .cached(Revalidate),
        Endpoint::get::<GetModels>(
            get(models::list),
            "models",
            "The models of the newest published runs, newest first",
        )
        .cached(Revalidate),
        Endpoint::get::<GetJournal>(
            get(valuation::journal),
            "journal",
            "Every published valuation, once, chained by hashes, with what became of it",
        )
        .cached(Revalidate),
    ]
}

fn runs_and_series() -> Vec<Endpoint> {
    use Caching::Revalidate;
    vec![
        Endpoint::get::<GetDiff>(
            get(diff::diff),
            "diff",
            "Why the newest valuation of one run is not that of another, in lines that add up",
        )
        .query::<String>("from", "A published run, or the beginning of its id; absent: the run before `to` of its preset")
        .query::<String>("to", "A published run, or the beginning of its id; absent: the current one")
        .cached(Revalidate),
        Endpoint::get::<GetSeriesList>(
            get(series::list),
            "seriesList",
            "Every series of the current run with its freshness",
        )
        .query::<NaiveDate>("as_of", AS_OF)
        .cached(Revalidate),
        Endpoint::get::<GetSeries>(
            get(series::one),
            "series",
            "Observations of one series as known at the end of a day (UTC), oldest first",
        )
        .path::<SeriesId>("series", "The series")
        .query::<NaiveDate>("as_of", "The day; absent: the current run's")
        .cached(Revalidate),
    ]
}

fn drivers_and_what_if() -> Vec<Endpoint> {
    use Caching::Revalidate;
    vec![
        Endpoint::get::<GetDrivers>(
            get(drivers::drivers),
            "drivers",
            "Every series of the current run with its newest values, group and source",
        )
        .query::<NaiveDate>("as_of", AS_OF)
        .cached(Revalidate),
        Endpoint::get::<GetContributionHistory>(
            get(drivers::contribution_history),
            "contributionHistory",
            "What one driver did to the valuation of each day, oldest first",
        )
        .query::<String>("feature", "The driver or feature, as contributions name it")
        .query::<NaiveDate>("from", "First day, inclusive")
        .query::<NaiveDate>("to", "Last day, inclusive")
        .query::<NaiveDate>("as_of", AS_OF)
        .cached(Revalidate),
        Endpoint::get::<GetWhatIf>(
            get(what_if::day),
            "whatIf",
            "The newest day, to be valued at other levels of its drivers by whoever has an evaluator",
        )
        .query::<String>("preset", "A preset's name; absent: the current run")
        .query::<NaiveDate>("as_of", AS_OF)
        .cached(Revalidate),
        Endpoint::post::<PostWhatIf>(
            post(what_if::value),
            "valueWhatIf",
            "The newest day valued by XGBoost at other levels of its drivers, at most 200 rows at once",
            200,
        ),
    ]
}

fn runs_and_health() -> Vec<Endpoint> {
    let live = Operation::new("get", "live", "The progress of runs from now on")
        .streams::<Progress>("Server-sent events; the data of each is one Progress as JSON. 204 where there is nothing to hear");
    vec![
        Endpoint::get::<GetHealth>(get(status::health), "health", "Whether the server answers"),
        Endpoint::get::<GetSignIn>(
            get(sign_in::sign_in),
            "signIn",
            "Where readers sign in; null where nobody does",
        ),
        Endpoint::get::<GetStatus>(
            get(status::status),
            "status",
            "Freshness, calls left, the last attempt",
        ),
        Endpoint::get::<GetRuns>(
            get(runs::list),
            "runs",
            "Reports of the newest attempts, failed ones included, newest first",
        )
        .cached(Caching::Revalidate),
        Endpoint::get::<GetRun>(get(runs::one), "run", "One attempt's report")
            .path::<String>("attempt_id", "The attempt")
            .cached(Caching::Forever),
        Endpoint::get::<GetPresets>(
            get(runs::presets),
            "presets",
            "What can be run, the configured preset first",
        ),
        Endpoint::post::<PostRun>(
            post(runs::start),
            "startRun",
            "Start a run; follow it by the live progress",
            202,
        ),
        Endpoint::new(LIVE_ROUTE, get(runs::live), live),
    ]
}

fn questions() -> Vec<Endpoint> {
    let download = Operation::new(
        "post",
        "download",
        "One SELECT over the tables, its answer as a file",
    )
    .takes::<Download>()
    .sends(
        "application/octet-stream",
        "CSV or Parquet, as asked for; 422 beyond 100,000 rows",
    );
    let openapi = Operation::new("get", "openapi", "This document").answers::<Value>(200);
    vec![
        Endpoint::get::<GetTables>(
            get(sql::tables),
            "tables",
            "The SQL tables and views with their columns",
        )
        .cached(Caching::Revalidate),
        Endpoint::get::<GetNamedQueries>(
            get(sql::named),
            "namedQueries",
            "The questions that come with Assay",
        )
        .cached(Caching::Revalidate),
        Endpoint::post::<PostQuery>(post(sql::query), "query", "One SELECT over the tables", 200),
        Endpoint::new(DOWNLOAD_ROUTE, post(sql::download), download),
        Endpoint::new(OPENAPI_ROUTE, get(async || Json(document(&all()))), openapi)
            .cached(Caching::Revalidate),
    ]
}
