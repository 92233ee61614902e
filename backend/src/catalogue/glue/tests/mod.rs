//! Glue's catalogue against two stand-ins: the local Glue of `assay serve`, and moto's.

use base64::Engine as _;
use std::sync::Arc;

use serde_json::{Value, json};
use shared::catalogue::{Column, ColumnType, Manifest, Table};

use super::{Catalogue, CatalogueError, GlueCatalogue, GlueSettings};
use crate::backend::cloud::Aws;
use crate::catalogue::{LakeCatalogue, Published, REGISTERED, contract};
use crate::http::Served;
use crate::lake::LocalLake;
use crate::query::published_lake;
use crate::stand_in::StandIn;

fn settings(database: &str, crawler: Option<&str>) -> GlueSettings {
    GlueSettings {
        database: database.to_owned(),
        bucket: "assay-data".to_owned(),
        crawler: crawler.map(str::to_owned),
    }
}

/// A catalogue in the local Glue, with a crawler.
async fn local(served: &Served, database: &str) -> GlueCatalogue {
    let aws = Aws::at(&served.url).await;
    GlueCatalogue::new(aws, served.published(), settings(database, Some("assay")))
}

async fn manifest(lake: &Published, run_id: &str) -> Manifest {
    lake.manifest(run_id).await.unwrap().unwrap()
}

#[tokio::test]
async fn the_lakes_catalogue_keeps_the_contract() {
    let folder = published_lake();
    let published = Published::new(Arc::new(LocalLake::new(folder.path())));
    contract::suite(&LakeCatalogue::new(published.clone()), &published).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn glue_keeps_the_contract_on_the_local_glue() {
    let served = Served::start().await;
    contract::suite(&local(&served, "twin").await, &served.published()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn glue_keeps_the_contract_on_moto() {
    let folder = published_lake();
    let published = Published::new(Arc::new(LocalLake::new(folder.path())));
    let moto = StandIn::start().await;
    let aws = Aws::at(&moto.url).await;
    let glue = GlueCatalogue::new(aws, published.clone(), settings("contract", None));
    contract::suite(&glue, &published).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_report_says_what_was_done_and_a_running_crawler_is_no_failure() {
    let served = Served::start().await;
    let (glue, lake) = (local(&served, "twin").await, served.published());
    let run = manifest(&lake, "fair-2").await;
    assert_eq!(
        glue.register(&run).await.unwrap(),
        "5 partitions added and 6 views changed in Glue's `twin`; crawler started"
    );
    assert_eq!(
        glue.register(&run).await.unwrap(),
        "0 partitions added and 0 views changed in Glue's `twin`; crawler was running already"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_column_that_a_later_run_brings_reaches_every_partition() {
    let served = Served::start().await;
    let (glue, lake) = (local(&served, "twin").await, served.published());
    glue.register(&manifest(&lake, "fair-1").await)
        .await
        .unwrap();
    glue.register(&manifest(&lake, "classic-1").await)
        .await
        .unwrap();
    let partitions = glue.all_partitions(Table::CompleteDataset).await.unwrap();
    assert_eq!(partitions.len(), 2);
    for partition in partitions {
        let stored = partition.storage_descriptor.unwrap();
        let names: Vec<String> = stored
            .columns
            .unwrap()
            .into_iter()
            .map(|c| c.name)
            .collect();
        assert_eq!(names, ["date", "silver", "real_rate", "target", "gold_ema"]);
        assert!(
            stored
                .location
                .unwrap()
                .starts_with("s3://assay-data/complete-dataset/as_of=2024-03-01/run_id=")
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_column_of_another_type_is_refused_and_named() {
    let served = Served::start().await;
    let (glue, lake) = (local(&served, "twin").await, served.published());
    let mut run = manifest(&lake, "fair-1").await;
    glue.register(&run).await.unwrap();
    let file = run.tables.get_mut(&Table::ModelResults).unwrap();
    file.columns[1] = Column::new("price", ColumnType::Text);
    let error = glue.register(&run).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "`table/twin/model_results.price` in Glue is of type `double`, but the run needs type `string`"
    );
    assert!(!error.retry());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_views_show_the_current_run_whatever_is_registered_last() {
    let served = Served::start().await;
    let (glue, lake) = (local(&served, "twin").await, served.published());
    let mut marks = Vec::new();
    for run_id in ["fair-2", "classic-1"] {
        glue.register(&manifest(&lake, run_id).await).await.unwrap();
        let view = glue
            .find_table("model_results_latest")
            .await
            .unwrap()
            .unwrap();
        let text = view.view_original_text.unwrap();
        let coded = text
            .strip_prefix("/* Presto View: ")
            .unwrap()
            .strip_suffix(" */")
            .unwrap();
        let decoded = base64::engine::general_purpose::STANDARD
            .decode(coded)
            .unwrap();
        let described: Value = serde_json::from_slice(&decoded).unwrap();
        let sql = described["originalSql"].as_str().unwrap();
        let end = "FROM \"model_results\" WHERE as_of = DATE '2024-03-04' AND run_id = 'fair-2'";
        assert!(sql.ends_with(end), "{sql}");
        assert_eq!(
            described["columns"][0],
            json!({ "name": "date", "type": "date" })
        );
        let view = glue.find_table("model_runs_latest").await.unwrap().unwrap();
        marks.push(view.parameters.unwrap().remove(REGISTERED).unwrap());
    }
    // The current run is the same, but questions over all runs have other answers now.
    assert!(marks.iter().all(|mark| mark.starts_with("fair-2/")) && marks[0] != marks[1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_name_action_and_resource_and_what_passes_is_tried_again() {
    let folder = published_lake();
    let published = Published::new(Arc::new(LocalLake::new(folder.path())));
    let run = manifest(&published, "fair-1").await;
    let moto = StandIn::start().await;
    let aws = Aws::at(&moto.url).await;
    let glue = GlueCatalogue::new(aws, published, settings("refusing", None));
    moto.fail(|seen| {
        let denied = json!({ "__type": "AccessDeniedException", "Message": "not authorized" });
        (seen.operation == "AWSGlue.CreateTable").then(|| (400, denied.to_string()))
    });
    let error = glue.register(&run).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "glue:CreateTable on `table/refusing/observations` failed: AWS answered with AccessDeniedException (status 400): not authorized"
    );
    assert!(matches!(&error, CatalogueError::Fail { .. }));
    assert_eq!(
        error.advice(),
        "grant `glue:CreateTable` on `table/refusing/observations` to the role that registers runs"
    );
    let mut left = 2;
    moto.fail(move |seen| {
        let busy = json!({ "__type": "ThrottlingException", "Message": "Rate exceeded" });
        let is_hit = seen.operation == "AWSGlue.CreateTable" && left > 0;
        left -= i32::from(is_hit);
        is_hit.then(|| (400, busy.to_string()))
    });
    glue.register(&run).await.unwrap();
    assert_eq!(glue.runs(Table::ModelResults).await.unwrap(), ["fair-1"]);
}
