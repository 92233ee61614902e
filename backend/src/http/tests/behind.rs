//! What lies behind the numbers: raw answers, refused rows, checks, files, and why a number moved.

use axum::http::Method;
use serde_json::json;
use shared::api::PresetChoice;
use shared::checks::{Check, RejectedRows, SeriesChecks};
use shared::problem::Code;
use shared::run::Rejected;
use shared::series::Vendor;

use super::doubles::answer;
use super::fixtures::RUN;
use super::world::World;
use crate::lake::{Key, sha256_hex};
use crate::preset;

/// Keeps an answer of FRED in the world's lake; gives its hash.
fn keep(world: &World, body: &[u8]) -> String {
    let sha256 = sha256_hex(body);
    let key = Key::Raw {
        vendor: Vendor::Fred,
        sha256: sha256.clone(),
    };
    world.put_bytes(&key, &zstd::bulk::compress(body, 3).unwrap());
    sha256
}

#[tokio::test]
async fn a_raw_answer_comes_byte_for_byte_and_as_text_whatever_it_is() {
    let world = World::empty();
    let body = b"<script>alert(1)</script>{\"observations\": []}";
    let sha256 = keep(&world, body);
    let seen = world.get(&format!("/api/raw/{sha256}")).await;
    assert_eq!(seen.status, 200);
    assert_eq!(&seen.body[..], body);
    assert_eq!(seen.header("content-type"), "text/plain; charset=utf-8");
    assert_eq!(seen.header("x-content-type-options"), "nosniff");
    let name = format!("inline; filename=\"fred-{}.txt\"", &sha256[..12]);
    assert_eq!(seen.header("content-disposition"), name);
    assert!(seen.header("cache-control").contains("immutable"));
}

#[tokio::test]
async fn a_raw_answer_that_is_not_there_or_no_hash_is_not_found() {
    let world = World::empty();
    let unknown = "0".repeat(64);
    for name in [unknown.as_str(), "..%2F..%2Fcurrent.json", "ABC", "state"] {
        let seen = world.get(&format!("/api/raw/{name}")).await;
        let name = name.replace("%2F", "/");
        let message = format!("no kept answer is called `{name}`");
        seen.assert_problem(404, Code::NotFound, &message);
    }
}

#[tokio::test]
async fn a_long_raw_answer_is_cut_and_says_so() {
    let world = World::empty();
    let body = vec![b'1'; 5 * 1024 * 1024 + 1];
    let sha256 = keep(&world, &body);
    let seen = world.get(&format!("/api/raw/{sha256}")).await;
    let end = "\n\n[cut here by Assay: the whole answer has 5242881 bytes]\n";
    assert!(seen.text().ends_with(end));
    assert_eq!(seen.body.len(), body.len() - 1 + end.len());
}

#[tokio::test]
async fn refused_rows_come_with_their_reasons() {
    let world = World::empty();
    let row = Rejected {
        date: "2024-09-31".to_owned(),
        value: "1.0".to_owned(),
        reason: "not a date".to_owned(),
        source: "ab".to_owned(),
    };
    let key = Key::Rejected {
        series: "vix".parse().unwrap(),
        sha256: "cd".to_owned(),
    };
    world.put(&key, &vec![row.clone(); 1_001]);
    let stage = json!({
        "source": {"vendor": "fred", "id": "VIXCLS"}, "observations": "ab", "rejected": "cd", "rows": 3,
        "last_date": "2024-09-23", "last_vintage": "2024-09-24", "unit": null, "interval": null,
    });
    world.put(
        &Key::StagingState,
        &json!({"synthetic": true, "series": {"vix": stage}}),
    );
    let found: RejectedRows = world.get("/api/series/vix/rejected").await.read();
    assert_eq!((found.total, found.rows.len()), (1_001, 1_000));
    assert_eq!(found.rows[0], row);
    let seen = world.get("/api/series/tin/rejected").await;
    let message = "no answer about a series `tin` has been staged";
    seen.assert_problem(404, Code::NotFound, message);
}

#[tokio::test]
async fn every_series_of_the_preset_tells_its_source_its_next_value_and_its_checks() {
    let world = World::published();
    let run_id = RUN.to_owned();
    world.put(&Key::Preset { run_id }, &preset::load("fair").unwrap());
    let counts = vec![vec![json!("gold_close"), json!(5_100), json!(5_000)]];
    world
        .engine
        .answers(Ok(answer(&["series", "vintages", "dates"], counts)));
    let found: Vec<SeriesChecks> = world.get("/api/checks").await.read();
    let gold = &found[0];
    assert_eq!(gold.series.as_str(), "gold_close");
    assert_eq!(gold.source, "TIME_SERIES_DAILY, symbol=GLD, close");
    assert_eq!((gold.dates, gold.vintages), (5_000, 5_100));
    assert_eq!(gold.checks[0].check, Check::Answered);
    let (sql, _) = world.engine.asked();
    assert_eq!(
        sql,
        "SELECT series, count(*) AS vintages, count(DISTINCT date) AS dates FROM observations_latest GROUP BY series"
    );
}

#[tokio::test]
async fn presets_are_offered_with_their_grids() {
    let found: Vec<PresetChoice> = World::empty().get("/api/presets").await.read();
    let fair = found.iter().find(|one| one.name == "fair").unwrap();
    assert!(fair.grids.contains(&"deployed".to_owned()), "{fair:?}");
    let classic = found.iter().find(|one| one.name == "classic").unwrap();
    assert!(classic.look_ahead.is_some());
}

const DOWNLOAD: &str = "/api/query/download";

#[tokio::test]
async fn an_answer_is_a_file_of_the_wanted_form() {
    for (format, media, begin) in [
        ("csv", "text/csv; charset=utf-8", "a\r\nx\r\n"),
        ("parquet", "application/vnd.apache.parquet", "PAR1"),
    ] {
        let world = World::published();
        world
            .engine
            .answers(Ok(answer(&["a"], vec![vec![json!("x")]])));
        let body = json!({"sql": "SELECT 'x' AS a", "format": format}).to_string();
        let seen = world.post(DOWNLOAD, &body).await;
        assert_eq!(seen.status, 200);
        assert_eq!(seen.header("content-type"), media);
        let name = format!("attachment; filename=\"answer.{format}\"");
        assert_eq!(seen.header("content-disposition"), name);
        assert!(seen.body.starts_with(begin.as_bytes()));
        assert_eq!(world.engine.asked().1.rows, 100_000);
    }
}

#[tokio::test]
async fn a_file_is_never_cut_in_silence() {
    let world = World::published();
    let mut cut = answer(&["a"], vec![vec![json!("x")]]);
    cut.truncated = true;
    world.engine.answers(Ok(cut));
    let seen = world
        .post(DOWNLOAD, r#"{"sql": "SELECT 1", "format": "csv"}"#)
        .await;
    let message = "the answer of `/api/query/download` has too many rows";
    seen.assert_problem(422, Code::QueryTooLarge, message);
}

#[tokio::test]
async fn why_a_number_moved_is_told_to_our_own_page_only() {
    let world = World::empty();
    let seen = world.get("/api/diff").await;
    seen.assert_problem(404, Code::NothingPublished, "nothing is published yet");
    for (site, status) in [
        ("cross-site", 403),
        ("same-site", 403),
        ("same-origin", 404),
    ] {
        let headers = [("sec-fetch-site", site)];
        let seen = world.send(Method::GET, "/api/diff", &headers, "").await;
        assert_eq!(seen.status, status, "{site}");
    }
    let published = World::published();
    let first = published.get("/api/diff").await;
    assert_eq!(
        (first.status.as_u16(), first.text()),
        (200, "null"),
        "no run before it"
    );
    let seen = published.get("/api/diff?from=nowhere").await;
    let message = "no published run is called `nowhere`";
    seen.assert_problem(404, Code::NotFound, message);
}
