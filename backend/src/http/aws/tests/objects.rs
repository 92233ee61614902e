//! Objects over S3: results and published files are read, the rest of the lake is not seen, nothing is written.

use axum::http::Method;
use serde_json::json;

use super::Served;

#[tokio::test(flavor = "multi_thread")]
async fn results_and_published_files_are_read_and_nothing_else() {
    let served = Served::start().await;
    let sql = json!({ "QueryString": "SELECT 1 AS one, 'a' AS text" });
    let begun = served.good("AmazonAthena.StartQueryExecution", sql).await;
    let id = begun["QueryExecutionId"].as_str().unwrap();
    while served
        .call("AmazonAthena.GetQueryResults", begun.clone())
        .await
        .0
        != 200
    {
        tokio::task::yield_now().await;
    }
    let path = format!("/assay-local/athena-results/{id}.csv");
    let (status, text) = served.send(Method::GET, &path, &[], "").await;
    assert_eq!(
        (status.as_u16(), text.as_str()),
        (200, "\"one\",\"text\"\n\"1\",\"a\"\n")
    );
    let range = [("range", "bytes=6-11")];
    let (status, text) = served.send(Method::GET, &path, &range, "").await;
    assert_eq!((status.as_u16(), text.as_str()), (206, "\"text\""));
    let (status, text) = served.send(Method::HEAD, &path, &[], "").await;
    assert_eq!((status.as_u16(), text.as_str()), (200, ""));
    let file = "/assay-local/model-results/as_of=2024-03-04/run_id=fair-2/part-0.parquet";
    let (status, text) = served.send(Method::GET, file, &[], "").await;
    assert!(status == 200 && text.starts_with("PAR1"));
    for hidden in [
        "current.json",
        "runs/fair-2/manifest.json",
        "athena-results/../current.json",
        "athena-results/%2e%2e%2fcurrent.json",
    ] {
        let (status, text) = served
            .send(Method::GET, &format!("/assay-local/{hidden}"), &[], "")
            .await;
        assert_eq!(status, 404, "{hidden}");
        assert!(text.contains("<Code>NoSuchKey</Code>"), "{text}");
    }
    for method in [Method::PUT, Method::DELETE, Method::POST] {
        let (status, text) = served.send(method, &path, &[], "").await;
        assert_eq!(status, 403);
        assert!(text.contains("<Code>AccessDenied</Code>"), "{text}");
    }
    let listed = "/assay-local?list-type=2&prefix=athena-results%2F";
    let (status, text) = served.send(Method::GET, listed, &[], "").await;
    assert_eq!(status, 200);
    assert!(
        text.contains(&format!("<Key>athena-results/{id}.csv</Key>")),
        "{text}"
    );
    assert!(
        text.contains("<KeyCount>1</KeyCount><IsTruncated>false</IsTruncated>"),
        "{text}"
    );
    let folders = "/assay-local?list-type=2&delimiter=%2F";
    let (_, text) = served.send(Method::GET, folders, &[], "").await;
    assert!(
        text.contains("<CommonPrefixes><Prefix>model-results/</Prefix></CommonPrefixes>"),
        "{text}"
    );
}
