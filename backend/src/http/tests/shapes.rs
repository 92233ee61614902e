//! The wire forms of the main answers, and the document that describes them.

use std::collections::BTreeSet;

use axum::http::Method;
use serde_json::{Value, json};
use shared::api;
use shared::api::{Get, Post};

use super::doubles::answer;
use super::fixtures::{ATTEMPT, RUN, journal_entry};
use super::world::World;
use crate::http::endpoint;
use crate::lake::Key;

async fn wire(path: &str) -> Value {
    World::published().get(path).await.wire()
}

#[tokio::test]
async fn valuation_on_the_wire() {
    insta::assert_json_snapshot!(wire("/api/valuation").await);
}

#[tokio::test]
async fn status_on_the_wire() {
    insta::assert_json_snapshot!(wire("/api/status").await);
}

#[tokio::test]
async fn model_card_on_the_wire() {
    insta::assert_json_snapshot!(wire("/api/model").await);
}

#[tokio::test]
async fn run_on_the_wire() {
    insta::assert_json_snapshot!(wire(&format!("/api/runs/{ATTEMPT}")).await);
}

#[tokio::test]
async fn series_on_the_wire() {
    let world = World::published();
    let columns = [
        "date",
        "value",
        "available_at",
        "vintage",
        "source",
        "run_id",
    ];
    let row = json!([
        "2024-09-23",
        242.5,
        "2024-09-23T20:15:00Z",
        "2024-09-23",
        "ab",
        RUN
    ]);
    let rows = vec![row.as_array().unwrap().clone()];
    world.engine.answers(Ok(answer(&columns, rows)));
    insta::assert_json_snapshot!(world.get("/api/series/gold_open").await.wire());
}

#[tokio::test]
async fn journal_on_the_wire() {
    let world = World::published();
    let sequence = 1;
    world.put(&Key::Journal { sequence }, &journal_entry());
    insta::assert_json_snapshot!(world.get("/api/journal").await.wire());
}

#[tokio::test]
async fn problem_on_the_wire() {
    let seen = World::empty().get("/api/valuation").await;
    let problem: Value = serde_json::from_slice(&seen.body).unwrap();
    insta::assert_json_snapshot!(problem);
}

/// Method, path and parameters of each operation, and the names of all types.
#[tokio::test]
async fn the_document_lists_routes_and_types() {
    let document = wire("/api/openapi.json").await;
    assert_eq!(document["openapi"], "3.1.0");
    let mut routes = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let parameters = operation["parameters"].as_array().unwrap();
            let names = parameters.iter().map(|p| p["name"].as_str().unwrap());
            let names: Vec<&str> = names.collect();
            let (id, status) = (&operation["operationId"], &operation["responses"]);
            let status = status.as_object().unwrap().keys().next().unwrap();
            let id = id.as_str().unwrap();
            routes.push(format!(
                "{method} {path} [{}] {status} {id}",
                names.join(", ")
            ));
        }
    }
    routes.sort();
    let types: BTreeSet<&String> = document["components"]["schemas"]
        .as_object()
        .unwrap()
        .keys()
        .collect();
    insta::assert_json_snapshot!(json!({ "routes": routes, "types": types }));
}

#[tokio::test]
async fn one_operation_in_full() {
    let document = wire("/api/openapi.json").await;
    insta::assert_json_snapshot!(json!({
        "series": document["paths"]["/api/series/{series}"],
        "query": document["paths"]["/api/query"],
        "live": document["paths"]["/api/runs/live"],
        "SeriesFreshness": document["components"]["schemas"]["SeriesFreshness"],
        "StartRun": document["components"]["schemas"]["StartRun"],
    }));
}

#[tokio::test]
async fn every_reference_of_the_document_leads_somewhere() {
    let document = wire("/api/openapi.json").await;
    let mut references = BTreeSet::new();
    collect(&document, &mut references);
    assert!(references.len() > 20, "{references:?}");
    for reference in references {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
}

fn collect(value: &Value, references: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            if let Some(Value::String(reference)) = fields.get("$ref") {
                references.insert(reference.clone());
            }
            fields.values().for_each(|value| collect(value, references));
        }
        Value::Array(values) => values.iter().for_each(|value| collect(value, references)),
        _ => {}
    }
}

/// The list that router and document share has every route that `shared` declares, and no other.
#[test]
fn the_routes_are_those_that_the_browser_knows() {
    let declared = BTreeSet::from([
        ("get", api::GetHealth::ROUTE),
        ("get", api::GetStatus::ROUTE),
        ("get", api::GetValuation::ROUTE),
        ("get", api::GetHistory::ROUTE),
        ("get", api::GetSeriesList::ROUTE),
        ("get", api::GetSeries::ROUTE),
        ("get", api::GetContributions::ROUTE),
        ("get", api::GetDiff::ROUTE),
        ("get", api::GetContributionHistory::ROUTE),
        ("get", api::GetDrivers::ROUTE),
        ("get", api::GetWhatIf::ROUTE),
        ("post", api::PostWhatIf::ROUTE),
        ("get", api::GetRuns::ROUTE),
        ("get", api::GetRun::ROUTE),
        ("get", api::GetModelCard::ROUTE),
        ("get", api::GetModels::ROUTE),
        ("get", api::GetSignIn::ROUTE),
        ("get", api::GetJournal::ROUTE),
        ("get", api::GetTables::ROUTE),
        ("get", api::GetNamedQueries::ROUTE),
        ("get", api::LIVE_ROUTE),
        ("get", api::OPENAPI_ROUTE),
        ("post", api::PostQuery::ROUTE),
        ("post", api::PostRun::ROUTE),
    ]);
    let listed: Vec<_> = endpoint::all()
        .iter()
        .map(|endpoint| (endpoint.operation.method, endpoint.route))
        .collect();
    assert_eq!(listed.len(), declared.len(), "a route is listed twice");
    assert_eq!(BTreeSet::from_iter(listed), declared);
}

/// A body of the wrong type is refused by the route's own handler, which proves that there is one.
#[tokio::test]
async fn every_operation_of_the_document_is_served() {
    let document = wire("/api/openapi.json").await;
    let world = World::published();
    let headers = [("content-type", "text/plain")];
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            // An answer that never ends is left alone here: its own test reads it.
            if path == api::LIVE_ROUTE {
                continue;
            }
            let at = path
                .replace("{series}", "!")
                .replace("{attempt_id}", "none");
            let at = if at.ends_with("history") || at.ends_with("contributions") {
                format!("{at}?from=x&date=x")
            } else {
                at
            };
            let seen = world.send(method.clone(), &at, &headers, "").await;
            let served = seen.status != 405 && !seen.text().contains("the API has no path");
            assert!(
                served && seen.status != 500,
                "{method} {at}: {}",
                seen.text()
            );
        }
    }
}
