//! What is read from published files: snapshot, series, card, reports, status.

use axum::http::Method;
use shared::api::{Health, PublishedModel, StatusReport};
use shared::card::ModelCard;
use shared::catalogue::PublishedRun;
use shared::journal::{Journal, JournalEntry};
use shared::problem::Code;
use shared::run::{RunReport, Status};
use shared::snapshot::{SeriesFreshness, Snapshot};

use super::fixtures::{
    ATTEMPT, RUN, card, current, day, freshness, instant, journal_entry, report, snapshot,
};
use super::world::World;
use crate::lake::Key;

#[tokio::test]
async fn health_needs_nothing() {
    let health: Health = World::empty().get("/api/health").await.read();
    assert!(health.ok);
    assert_eq!(health.version, env!("CARGO_PKG_VERSION"));
}

#[tokio::test]
async fn status_before_the_first_publication() {
    let status: StatusReport = World::empty().get("/api/status").await.read();
    assert_eq!((status.current_run, status.as_of), (None, None));
    assert_eq!(status.last_attempt, None);
    assert!(status.synthetic && !status.running && status.series.is_empty());
    assert_eq!((status.quota[0].used, status.quota[0].limit), (9, Some(25)));
}

#[tokio::test]
async fn status_names_run_newest_attempt_and_series() {
    let world = World::published().running("20240924T081500Z-0001");
    let status: StatusReport = world.get("/api/status").await.read();
    assert_eq!(status.current_run.as_deref(), Some(RUN));
    assert_eq!(status.last_attempt.unwrap().attempt_id, ATTEMPT);
    assert!(status.running);
    assert_eq!(status.series, freshness());
}

#[tokio::test]
async fn valuation_is_the_current_snapshot_or_a_presets() {
    let world = World::published();
    let current: Snapshot = world.get("/api/valuation").await.read();
    assert_eq!(current, snapshot(RUN, "fair"));
    let classic: Snapshot = world.get("/api/valuation?preset=classic").await.read();
    assert_eq!(classic, snapshot("run-a", "classic"));
    let problem = world
        .get("/api/valuation?preset=silver")
        .await
        .assert_problem(
            404,
            Code::NotFound,
            "no run of preset `silver` is published",
        );
    assert_eq!(problem.advice, "published presets: `classic`, `fair`");
}

/// A run of the day before, published as well.
fn with_an_older_run(world: World) -> World {
    let mut pointer = current();
    pointer.published.insert(
        0,
        PublishedRun {
            run_id: "run-0".to_owned(),
            as_of: day("2024-09-20"),
            preset: "fair".to_owned(),
            published_at: instant("2024-09-20T22:20:00Z"),
        },
    );
    world.put(&Key::Current, &pointer);
    let run_id = "run-0".to_owned();
    let older = snapshot("run-0", "fair");
    world.put(
        &Key::Snapshot {
            run_id: run_id.clone(),
        },
        &older,
    );
    let mut model = card();
    model.run_id.clone_from(&run_id);
    world.put(
        &Key::ModelCard {
            run_id: run_id.clone(),
        },
        &model,
    );
    world
}

#[tokio::test]
async fn a_day_shows_the_newest_run_that_was_known_then() {
    let world = with_an_older_run(World::published());
    for (asked, run_id) in [
        ("as_of=2024-09-22", "run-0"),
        ("as_of=2024-09-23", RUN),
        ("as_of=2030-01-01", RUN),
        ("as_of=2024-09-23&preset=classic", "run-a"),
    ] {
        let seen: Snapshot = world.get(&format!("/api/valuation?{asked}")).await.read();
        assert_eq!(seen.run_id, run_id, "{asked}");
    }
    let card: ModelCard = world.get("/api/model?as_of=2024-09-22").await.read();
    assert_eq!(card.run_id, "run-0");
    let series: Vec<SeriesFreshness> = world.get("/api/series?as_of=2024-09-22").await.read();
    assert_eq!(series, freshness());
    let seen = world.get("/api/valuation?as_of=2024-09-19").await;
    let message = "no run is published as of 2024-09-19 or before";
    let problem = seen.assert_problem(404, Code::NotFound, message);
    assert_eq!(problem.advice, "the first run is as of 2024-09-20");
    let seen = world
        .get("/api/valuation?as_of=2024-09-20&preset=classic")
        .await;
    let message = "no run of preset `classic` is published as of 2024-09-20 or before";
    seen.assert_problem(404, Code::NotFound, message);
}

#[tokio::test]
async fn every_published_model_is_listed_and_its_card_is_kept() {
    let world = with_an_older_run(World::published());
    let models: Vec<PublishedModel> = world.get("/api/models").await.read();
    let seen: Vec<_> = models.iter().map(|model| model.run_id.as_str()).collect();
    assert_eq!(seen, [RUN, "run-a", "run-0"]);
    assert_eq!(models[2].as_of, day("2024-09-20"));
    assert_eq!(models[2].skill, card().skill);
    let older: ModelCard = world.get("/api/model?run_id=run-0").await.read();
    assert_eq!(older.run_id, "run-0");
    for name in ["run-9", "..%2Frun-0"] {
        let seen = world.get(&format!("/api/model?run_id={name}")).await;
        let message = format!("no run `{}` is published", name.replace("%2F", "/"));
        seen.assert_problem(404, Code::NotFound, &message);
    }
}

#[tokio::test]
async fn before_the_first_publication_what_is_published_says_so() {
    let world = World::empty();
    for path in [
        "/api/valuation",
        "/api/series",
        "/api/model",
        "/api/models",
        "/api/valuation?as_of=2024-09-23",
    ] {
        let seen = world.get(path).await;
        let message = "nothing has been published yet";
        seen.assert_problem(404, Code::NothingPublished, message);
    }
}

#[tokio::test]
async fn series_and_card_are_the_current_runs() {
    let world = World::published();
    let series: Vec<SeriesFreshness> = world.get("/api/series").await.read();
    assert_eq!(series, freshness());
    let read: ModelCard = world.get("/api/model").await.read();
    assert_eq!(read, card());
}

#[tokio::test]
async fn runs_are_listed_newest_first_with_the_failed_ones() {
    let runs: Vec<RunReport> = World::published().get("/api/runs").await.read();
    let seen: Vec<_> = runs
        .iter()
        .map(|r| (r.attempt_id.as_str(), r.status))
        .collect();
    let failed = ("20240922T221500Z-9c01", Status::Failed);
    assert_eq!(seen, [(ATTEMPT, Status::Success), failed]);
    let none: Vec<RunReport> = World::empty().get("/api/runs").await.read();
    assert_eq!(none, []);
}

#[tokio::test]
async fn one_run_never_changes() {
    let world = World::published();
    let seen = world.get(&format!("/api/runs/{ATTEMPT}")).await;
    assert_eq!(seen.read::<RunReport>(), report(ATTEMPT, Status::Success));
    assert_eq!(
        seen.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
}

#[tokio::test]
async fn an_attempt_that_is_not_there_is_not_found_wherever_its_name_leads() {
    let world = World::published();
    // A JSON file that is no report lies outside the folder of attempts.
    for (path, name) in [
        ("20240101T000000Z-0000", "20240101T000000Z-0000"),
        ("..%2Fcurrent", "../current"),
        ("%2Fetc%2Fpasswd", "/etc/passwd"),
    ] {
        let seen = world.get(&format!("/api/runs/{path}")).await;
        let message = format!("there is no report of an attempt `{name}`");
        seen.assert_problem(404, Code::NotFound, &message);
    }
}

#[tokio::test]
async fn a_broken_file_is_named() {
    let world = World::published();
    world.put_text(&Key::Current, "{\"run_id\": ");
    let seen = world.get("/api/valuation").await;
    let problem = seen.assert_problem(
        500,
        Code::BrokenLake,
        "`current.json` in the lake is broken: EOF while parsing a value at line 1 column 11",
    );
    assert_eq!(
        problem.advice,
        "run `assay run` to publish afresh, or restore the file from a copy"
    );
}

#[tokio::test]
async fn a_missing_file_of_a_published_run_is_a_fault_and_not_an_empty_page() {
    let world = World::published();
    let run_id = RUN.to_owned();
    world.remove(&Key::Snapshot { run_id });
    let message = "`runs/run-b/snapshot.json` in the lake is broken: \
        the file is missing though the run was published";
    for path in ["/api/valuation", "/api/series", "/api/status"] {
        let seen = world.get(path).await;
        seen.assert_problem(500, Code::BrokenLake, message);
    }
    let run_id = RUN.to_owned();
    world.remove(&Key::ModelCard { run_id });
    let message = "`models/run-b/card.json` in the lake is broken: \
        the file is missing though the run was published";
    let seen = world.get("/api/model").await;
    seen.assert_problem(500, Code::BrokenLake, message);
}

#[tokio::test]
async fn who_has_the_bytes_gets_304_until_they_change() {
    let world = World::published();
    let first = world.get("/api/valuation").await;
    let tag = first.header("etag").to_owned();
    assert_eq!(tag.len(), 66, "a SHA-256 in quotes: {tag}");
    assert_eq!(first.header("cache-control"), "no-cache");
    for asked in [tag.clone(), format!("\"x\", W/{tag}"), "*".to_owned()] {
        let headers = [("if-none-match", asked.as_str())];
        let again = world
            .send(Method::GET, "/api/valuation", &headers, "")
            .await;
        assert_eq!(again.status, 304);
        assert!(again.body.is_empty());
        assert_eq!(again.header("etag"), tag);
        assert_eq!(again.header("content-type"), "");
    }
    let mut changed = snapshot(RUN, "fair");
    changed.latest.price += 1.0;
    let run_id = RUN.to_owned();
    world.put(&Key::Snapshot { run_id }, &changed);
    let headers = [("if-none-match", tag.as_str())];
    let after = world
        .send(Method::GET, "/api/valuation", &headers, "")
        .await;
    assert_eq!(after.read::<Snapshot>(), changed);
    assert_ne!(after.header("etag"), tag);
}

#[tokio::test]
async fn what_changes_by_itself_is_not_kept() {
    let world = World::published();
    for path in ["/api/health", "/api/status"] {
        let seen = world.get(path).await;
        assert_eq!(seen.header("cache-control"), "no-store");
        assert_eq!(seen.header("etag"), "");
    }
}

#[tokio::test]
async fn answers_are_compressed_for_those_who_take_it() {
    let world = World::published();
    let plain = world.get("/api/valuation").await;
    assert_eq!(plain.header("content-encoding"), "");
    for coding in ["gzip"] {
        let headers = [("accept-encoding", coding)];
        let seen = world
            .send(Method::GET, "/api/valuation", &headers, "")
            .await;
        assert_eq!(seen.header("content-encoding"), coding);
        assert_eq!(seen.header("vary"), "accept-encoding");
        assert!(
            seen.body.len() < plain.body.len() / 2,
            "{}",
            seen.body.len()
        );
    }
}

#[tokio::test]
async fn head_has_the_headers_of_get_and_no_body() {
    let world = World::published();
    let get = world.get("/api/model").await;
    let head = world.send(Method::HEAD, "/api/model", &[], "").await;
    assert_eq!(head.status, 200);
    assert!(head.body.is_empty());
    assert_eq!(head.header("etag"), get.header("etag"));
}

#[tokio::test]
async fn unknown_paths_and_methods_of_the_api_are_problems() {
    let world = World::published();
    for path in ["/api", "/api/", "/api/gold", "/api/health/"] {
        let seen = world.get(path).await;
        let message = format!("the API has no path `{path}`");
        seen.assert_problem(404, Code::NotFound, &message);
    }
    let seen = world.send(Method::DELETE, "/api/runs", &[], "").await;
    seen.assert_problem(405, Code::BadRequest, "`/api/runs` does not take DELETE");
    let mut allowed: Vec<&str> = seen.header("allow").split(',').collect();
    allowed.sort_unstable();
    assert_eq!(allowed, ["GET", "HEAD", "POST"]);
}

#[tokio::test]
async fn the_journal_is_empty_before_the_first_publication_and_names_a_broken_entry() {
    let empty: Journal = World::empty().get("/api/journal").await.read();
    assert_eq!((empty.lines.len(), empty.fault), (0, None));
    let world = World::published();
    let entry = JournalEntry {
        sequence: 2,
        ..journal_entry()
    };
    world.put(&Key::Journal { sequence: 2 }, &entry);
    let journal: Journal = world.get("/api/journal").await.read();
    assert_eq!(journal.lines[0].entry, entry);
    assert_eq!(journal.lines[0].score, None, "nothing is staged");
    let fault = journal.fault.unwrap();
    assert_eq!(
        (fault.sequence, fault.message.as_str()),
        (1, "it is missing")
    );
}
