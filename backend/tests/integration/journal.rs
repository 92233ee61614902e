//! The journal over whole runs: one entry each, the same bytes for the same input, scored by what is known later.

use shared::journal::{Journal, JournalLine};
use shared::run::Status;

use crate::world::{World, options};

async fn read(world: &World) -> Journal {
    world.backend().journal().read().await.unwrap()
}

/// Runs of two days.
async fn two_days() -> World {
    let mut world = World::new("2024-09-20").await;
    world.run(&options("fair-free")).await;
    world.go_to("2024-09-23");
    let report = world.run(&options("fair-free")).await;
    let run_id = report.run_id.unwrap();
    assert_eq!(
        report.steps.last().unwrap().summary,
        format!("6 tables of run {run_id} are in the lake; entry 2 of the journal")
    );
    world
}

#[tokio::test(flavor = "multi_thread")]
async fn every_run_has_one_entry_of_the_same_bytes_in_every_lake() {
    let (one, two) = (two_days().await, two_days().await);
    let entries = |world: &World| {
        let mut objects = world.objects();
        objects.retain(|(name, _)| name.starts_with("journal/"));
        objects
    };
    assert_eq!(entries(&one), entries(&two));
    let found = one.backend().journal().verify().await.unwrap();
    assert_eq!((found.entries, found.fault), (2, None));
    let journal = read(&one).await;
    assert_eq!(journal, read(&two).await);
    assert_eq!((journal.scores.len(), journal.scores[0].scored), (1, 2));
    let current = one.current().await.unwrap();
    for (line, run) in journal.lines.iter().zip(&current.published) {
        assert_eq!(line.entry.run_id, run.run_id);
        says_what_was_published(&one, line).await;
    }
    let before = one.hashes();
    let again = one.run(&options("fair-free")).await;
    assert!(again.already_published);
    assert_eq!(one.hashes(), before);
    let summary = &again.steps.last().unwrap().summary;
    assert!(
        summary.ends_with("the journal has the run already"),
        "{summary}"
    );
}

async fn says_what_was_published(world: &World, line: &JournalLine) {
    let (entry, score) = (&line.entry, line.score.unwrap());
    let published = world.backend().published();
    let card = published.card(&entry.run_id).await.unwrap().unwrap();
    let snapshot = published.snapshot(&entry.run_id).await.unwrap().unwrap();
    let latest = &snapshot.latest;
    assert_eq!(entry.target.as_str(), "gold_spot");
    assert_eq!(entry.input_sha256, card.input_sha256);
    assert_eq!(entry.valuation.to_bits(), latest.valuation.to_bits());
    assert_eq!(entry.interval_95, latest.interval_95);
    let before = snapshot.history[snapshot.history.len() - 2].price;
    assert_eq!(entry.previous_price, Some(before));
    assert_eq!(entry.price, Some(score.price), "no price was revised");
    assert_eq!(score.error_pct.to_bits(), latest.gap_pct().to_bits());
    let no_change = 100.0 * (score.price - before) / before;
    assert_eq!(score.no_change_error_pct, Some(no_change));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_on_a_broken_journal_is_published_and_says_what_to_do() {
    let mut world = two_days().await;
    world.rewrite("journal/00000001.json", |text| {
        text.replace(r#""synthetic":true"#, r#""synthetic":false"#)
    });
    world.go_to("2024-09-24");
    let report = world.run(&options("fair-free")).await;
    assert_eq!(report.status, Status::Failed);
    assert_eq!(
        world.current().await.unwrap().run_id,
        report.run_id.unwrap()
    );
    let failure = report.failure.unwrap();
    let start =
        "the run is published, but the journal is broken at entry 1: its content has the hash";
    assert!(failure.message.starts_with(start), "{}", failure.message);
    assert!(
        failure.advice.starts_with("see `assay journal verify`"),
        "{}",
        failure.advice
    );
}
