//! The engine on Athena against the local Athena of `assay serve`.

use std::sync::Arc;

use serde_json::json;
use shared::query::Query;

use super::{AthenaEngine, AthenaSettings, USD_PER_TERABYTE};
use crate::backend::cloud::Aws;
use crate::http::Served;
use crate::query::{Limits, QueryEngine, QueryError, contract};
use crate::stand_in::StandIn;

fn settings() -> AthenaSettings {
    AthenaSettings {
        database: "assay".to_owned(),
        workgroup: "assay".to_owned(),
        usd_per_terabyte: USD_PER_TERABYTE,
    }
}

async fn engine(url: &str) -> AthenaEngine {
    AthenaEngine::new(Aws::at(url).await, settings())
}

fn query(sql: &str) -> Query {
    let sql = sql.to_owned();
    Query { sql }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_embedded_engine_keeps_the_contract() {
    let served = Served::start().await;
    contract::suite(served.engine.as_ref()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn athena_keeps_the_contract_on_the_local_athena() {
    let served = Served::start().await;
    contract::suite(&engine(&served.url).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_costs_and_is_kept_until_another_run_is_published() {
    let served = Served::start().await;
    let engine = engine(&served.url).await;
    let sql = query("SELECT count(DISTINCT run_id) AS runs FROM model_results");
    let first = engine.run(&sql, Limits::default()).await.unwrap();
    assert_eq!(json!(first.rows), json!([[3]]));
    // Ten megabytes, the least that is billed, at five dollars a terabyte.
    assert_eq!(first.cost.usd, Some(10.0 / (1024.0 * 1024.0) * 5.0));
    let again = engine.run(&sql, Limits::default()).await.unwrap();
    assert_eq!(again.rows, first.rows);
    assert_eq!(
        (again.cost.bytes_scanned, again.cost.usd),
        (Some(0), Some(0.0))
    );
    served.publish_only("fair-1");
    let fresh = engine.run(&sql, Limits::default()).await.unwrap();
    assert_eq!(json!(fresh.rows), json!([[1]]));
    assert!(fresh.cost.usd > Some(0.0), "asked anew, and billed");
}

#[tokio::test(flavor = "multi_thread")]
async fn more_rows_than_a_page_come_in_pages() {
    let served = Served::start().await;
    let engine = engine(&served.url).await;
    let sql = query(
        "SELECT a.date FROM model_results a, model_results b, model_results c, model_results d",
    );
    let answer = engine.run(&sql, Limits::default()).await.unwrap();
    assert_eq!((answer.rows.len(), answer.truncated), (6561, false));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_stops_waiting_stops_the_statement() {
    let served = Served::hanging().await;
    let engine = Arc::new(engine(&served.url).await);
    let asking = tokio::spawn({
        let engine = engine.clone();
        async move { engine.run(&query("SELECT 1"), Limits::default()).await }
    });
    served.asked().await;
    asking.abort();
    served.left().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn throttling_is_tried_again_and_a_missing_permission_is_named() {
    let moto = StandIn::start().await;
    let engine = engine(&moto.url).await;
    moto.fail(|_| {
        let denied = json!({ "__type": "AccessDeniedException", "Message": "not authorized" });
        Some((400, denied.to_string()))
    });
    let refused = engine.tables().await;
    let Err(QueryError::Unavailable { message, advice }) = refused else {
        panic!("not refused: {refused:?}")
    };
    assert_eq!(
        message,
        "athena:ListTableMetadata on `assay` is not allowed: AWS answered with AccessDeniedException (status 400): not authorized"
    );
    assert_eq!(
        advice,
        "grant `athena:ListTableMetadata` to the role that asks"
    );
    let mut left = 2;
    moto.fail(move |_| {
        left -= 1;
        let busy = json!({ "__type": "ThrottlingException", "Message": "Rate exceeded" });
        let none = json!({ "TableMetadataList": [] });
        Some(if left >= 0 {
            (400, busy.to_string())
        } else {
            (200, none.to_string())
        })
    });
    assert_eq!(engine.tables().await.unwrap(), []);
}
