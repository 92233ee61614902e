//! Glue: the lake's database is read, others are made in memory, with the refusals of the real one.

use serde_json::{Value, json};

use super::Served;

fn table(name: &str) -> Value {
    json!({
        "Name": name,
        "StorageDescriptor": { "Columns": [{ "Name": "price", "Type": "double" }], "Location": "s3://b/p/" },
        "PartitionKeys": [{ "Name": "as_of", "Type": "date" }],
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn the_lakes_database_is_read_and_cannot_be_changed() {
    let served = Served::start().await;
    let tables = served
        .good("AWSGlue.GetTables", json!({ "DatabaseName": "assay" }))
        .await;
    assert_eq!(tables["TableList"].as_array().unwrap().len(), 12);
    let asked = json!({ "DatabaseName": "assay", "TableName": "model_results" });
    let partitions = served.good("AWSGlue.GetPartitions", asked).await;
    let values: Vec<&Value> = partitions["Partitions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| &p["Values"])
        .collect();
    assert_eq!(
        json!(values),
        json!([
            ["2024-03-01", "classic-1"],
            ["2024-03-01", "fair-1"],
            ["2024-03-04", "fair-2"]
        ])
    );
    let asked = json!({ "DatabaseName": "assay", "Name": "model_results" });
    let found = served.good("AWSGlue.GetTable", asked).await;
    let location = &found["Table"]["StorageDescriptor"]["Location"];
    assert_eq!(location, "s3://assay-local/model-results/");
    let change = json!({ "DatabaseName": "assay", "TableInput": table("model_results") });
    for operation in ["AWSGlue.CreateTable", "AWSGlue.UpdateTable"] {
        assert_eq!(
            served.bad(operation, change.clone()).await.0,
            "AccessDeniedException"
        );
    }
    let missing = json!({ "DatabaseName": "assay", "Name": "gold" });
    let refused = served.bad("AWSGlue.GetTable", missing).await;
    assert_eq!(
        refused,
        (
            "EntityNotFoundException".into(),
            "Table gold not found.".into()
        )
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_there_already_and_what_changed_meanwhile_is_refused() {
    let served = Served::start().await;
    let database = json!({ "DatabaseInput": { "Name": "twin" } });
    served
        .good("AWSGlue.CreateDatabase", database.clone())
        .await;
    assert_eq!(
        served.bad("AWSGlue.CreateDatabase", database).await.0,
        "AlreadyExistsException"
    );
    let made = json!({ "DatabaseName": "twin", "TableInput": table("t") });
    served.good("AWSGlue.CreateTable", made.clone()).await;
    assert_eq!(
        served.bad("AWSGlue.CreateTable", made).await.0,
        "AlreadyExistsException"
    );
    let change = json!({ "DatabaseName": "twin", "VersionId": "0", "TableInput": table("t") });
    served.good("AWSGlue.UpdateTable", change.clone()).await;
    let late = served.bad("AWSGlue.UpdateTable", change).await;
    assert_eq!(late.0, "ConcurrentModificationException");
    let add = json!({
        "DatabaseName": "twin", "TableName": "t",
        "PartitionInputList": [{ "Values": ["2024-03-01"] }, { "Values": ["2024-03-04"] }],
    });
    let added = served
        .good("AWSGlue.BatchCreatePartition", add.clone())
        .await;
    assert_eq!(added["Errors"], json!([]));
    let again = served.good("AWSGlue.BatchCreatePartition", add).await;
    let code = &again["Errors"][1]["ErrorDetail"]["ErrorCode"];
    assert_eq!(code, "AlreadyExistsException");
    let page = json!({ "DatabaseName": "twin", "TableName": "t", "MaxResults": 1 });
    let page = served.good("AWSGlue.GetPartitions", page).await;
    assert_eq!(page["Partitions"].as_array().unwrap().len(), 1);
    assert_eq!(page["NextToken"], "1");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crawler_runs_until_it_was_asked_for_twice() {
    let served = Served::start().await;
    let crawler = json!({ "Name": "assay" });
    served.good("AWSGlue.StartCrawler", crawler.clone()).await;
    let running = served.bad("AWSGlue.StartCrawler", crawler.clone()).await;
    assert_eq!(running.0, "CrawlerRunningException");
    for state in ["RUNNING", "STOPPING", "READY"] {
        let told = served.good("AWSGlue.GetCrawler", crawler.clone()).await;
        assert_eq!(told["Crawler"]["State"], state);
    }
    served.good("AWSGlue.StartCrawler", crawler).await;
    let other = served
        .bad("AWSGlue.StartCrawler", json!({ "Name": "x" }))
        .await;
    assert_eq!(other.0, "EntityNotFoundException");
}
