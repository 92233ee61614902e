//! The journal: once each, in a chain, whatever write fails; and every way of changing it is seen.

mod scores;

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::NaiveDate;
use shared::journal::{EntryScore, JournalEntry, JournalFault, JournalLine};
use shared::series::{Observation, SeriesId};
use shared::valuation::{Interval, Method};

use super::score::{by_preset, score};
use super::*;
use crate::lake::{Key, Lake, LocalLake, sha256_hex};
use crate::preset::Source;
use crate::publish::tests::{Failing, Parts};
use crate::stage::{SeriesStage, StagingState, write_observations};

/// A lake in a temporary folder, and what is published into it.
struct World {
    folder: tempfile::TempDir,
    lake: Arc<LocalLake>,
    parts: Parts,
}

impl World {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self {
            lake: Arc::new(LocalLake::new(folder.path())),
            folder,
            parts: Parts::new(),
        }
    }

    /// Three runs, each with its entry.
    async fn of_three() -> Self {
        let world = Self::new();
        for run_id in ["one", "two", "three"] {
            world.run(run_id, world.lake.clone()).await.unwrap();
        }
        world
    }

    /// Publishes, points and appends, as a run does.
    async fn run(&self, run_id: &str, lake: Arc<dyn Lake>) -> Result<Vec<u64>, String> {
        let published = self.parts.run(run_id, lake.as_ref()).await;
        published.map_err(|error| error.to_string())?;
        let appended = append(&lake).await.map_err(|error| error.to_string())?;
        Ok(appended.iter().map(|entry| entry.sequence).collect())
    }

    fn path(&self, key: &Key) -> PathBuf {
        self.folder.path().join(key.to_string())
    }

    fn bytes(&self, sequence: u64) -> Vec<u8> {
        fs::read(self.path(&Key::Journal { sequence })).unwrap()
    }

    fn entry(&self, sequence: u64) -> JournalEntry {
        serde_json::from_slice(&self.bytes(sequence)).unwrap()
    }

    /// Writes an entry over another, as nothing in the program can.
    fn rewrite(&self, sequence: u64, entry: &JournalEntry) {
        let path = self.path(&Key::Journal { sequence });
        fs::write(path, serde_json::to_vec(entry).unwrap()).unwrap();
    }

    fn journal(&self) -> Vec<(String, Vec<u8>)> {
        let names = self.lake.list_blocking("journal/").unwrap();
        let read = |name: String| {
            let bytes = fs::read(self.folder.path().join(&name)).unwrap();
            (name, bytes)
        };
        names.into_iter().map(read).collect()
    }

    async fn verify(&self) -> Verified {
        let reader = JournalReader::new(self.lake.clone());
        reader.verify().await.unwrap()
    }

    /// The first broken entry and what is wrong with it.
    async fn fault(&self) -> (u64, String) {
        let JournalFault { sequence, message } = self.verify().await.fault.unwrap();
        (sequence, message)
    }
}

fn run_file(make: fn(String) -> Key, run_id: &str) -> Key {
    make(run_id.to_owned())
}

#[tokio::test]
async fn an_entry_says_what_its_run_published_and_holds_the_hash_of_the_one_before() {
    let world = World::of_three().await;
    let model = sha256_hex(b"{\"a\": 1}");
    let manifest = run_file(|run_id| Key::Manifest { run_id }, "one");
    let manifest = sha256_hex(&fs::read(world.path(&manifest)).unwrap());
    let zeros = "0".repeat(64);
    let first = format!(
        r#"{{"sequence":1,"previous_sha256":"{zeros}","run_id":"one","as_of":"2024-09-23","preset":"fair","looks_ahead":false,"synthetic":true,"target":"gold_close","unit":"USD per share of GLD","date":"2024-09-23","previous_price":null,"price":242.0,"valuation":240.0,"interval_80":{{"lower":239.0,"upper":241.0}},"interval_95":null,"method":"model","input_sha256":"00","model_sha256":"{model}","manifest_sha256":"{manifest}"}}"#
    );
    assert_eq!(String::from_utf8(world.bytes(1)).unwrap(), first);
    for sequence in [2, 3] {
        let before = sha256_hex(&world.bytes(sequence - 1));
        assert_eq!(world.entry(sequence).previous_sha256, before);
    }
    let found = world.verify().await;
    assert_eq!((found.entries, found.fault), (3, None));
    assert_eq!(found.head_sha256, Some(sha256_hex(&world.bytes(3))));
    assert_eq!(found.unrecorded, Vec::<String>::new());
}

#[tokio::test]
async fn a_run_that_is_run_again_has_one_entry() {
    let world = World::of_three().await;
    let before = world.journal();
    for run_id in ["one", "three", "three"] {
        let appended = world.run(run_id, world.lake.clone()).await.unwrap();
        assert_eq!(appended, Vec::<u64>::new());
    }
    assert_eq!(world.journal(), before);
}

#[tokio::test]
async fn whatever_write_fails_the_next_run_appends_what_is_missing() {
    let calm = World::new();
    for run_id in ["first", "second"] {
        calm.run(run_id, calm.lake.clone()).await.unwrap();
    }
    let mut failures = 0;
    for fails in 0.. {
        let world = World::new();
        world.run("first", world.lake.clone()).await.unwrap();
        let failing = Arc::new(Failing::new(&world.lake, fails));
        if world.run("second", failing).await.is_ok() {
            break;
        }
        failures += 1;
        assert_eq!(world.verify().await.fault, None, "failing write {fails}");
        world.run("second", world.lake.clone()).await.unwrap();
        assert_eq!(world.journal(), calm.journal(), "failing write {fails}");
    }
    // Six tables, model, card, preset, snapshot, what-if, manifest, pointer, entry.
    assert_eq!(failures, 14);
}

#[tokio::test]
async fn a_run_that_died_before_its_entry_gets_it_from_the_next_run() {
    let world = World::new();
    world.run("one", world.lake.clone()).await.unwrap();
    world.parts.run("two", world.lake.as_ref()).await.unwrap();
    let found = world.verify().await;
    assert_eq!((found.entries, found.fault), (1, None));
    assert_eq!(found.unrecorded, ["two"]);
    let appended = world.run("three", world.lake.clone()).await.unwrap();
    assert_eq!(appended, [2, 3]);
    assert_eq!(world.journal(), World::of_three().await.journal());
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_at_once_append_once_each() {
    let world = World::new();
    let lake = || world.lake.clone() as Arc<dyn Lake>;
    let all = futures::join!(
        world.run("a", lake()),
        world.run("b", lake()),
        world.run("c", lake()),
        world.run("b", lake())
    );
    let mut appended = [all.0, all.1, all.2, all.3].map(Result::unwrap).concat();
    appended.sort_unstable();
    assert_eq!(appended, [1, 2, 3]);
    let mut runs: Vec<String> = (1..=3).map(|place| world.entry(place).run_id).collect();
    runs.sort_unstable();
    assert_eq!(runs, ["a", "b", "c"]);
    assert_eq!(world.verify().await.fault, None);
}

#[tokio::test]
async fn a_rewritten_entry_does_not_fit_the_hash_in_the_next_one() {
    let world = World::of_three().await;
    let recorded = sha256_hex(&world.bytes(2));
    let mut entry = world.entry(2);
    entry.valuation = 242.0;
    world.rewrite(2, &entry);
    let found = sha256_hex(&world.bytes(2));
    let message = format!("its content has the hash {found}, but entry 3 holds {recorded}");
    assert_eq!(world.fault().await, (2, message));
}

#[tokio::test]
async fn a_rewritten_last_entry_is_not_what_its_run_published() {
    let world = World::of_three().await;
    let mut entry = world.entry(3);
    entry.valuation = 242.5;
    world.rewrite(3, &entry);
    let message = "its `valuation` is 242.5, and by the files of its run 240.0".to_owned();
    assert_eq!(world.fault().await, (3, message));
}

#[tokio::test]
async fn a_rewritten_chain_is_not_what_the_runs_published() {
    let world = World::of_three().await;
    let mut entry = world.entry(2);
    entry.interval_80 = None;
    world.rewrite(2, &entry);
    let mut last = world.entry(3);
    last.previous_sha256 = sha256_hex(&world.bytes(2));
    world.rewrite(3, &last);
    let message =
        r#"its `interval_80` is null, and by the files of its run {"lower":239.0,"upper":241.0}"#;
    assert_eq!(world.fault().await, (2, message.to_owned()));
}

#[tokio::test]
async fn an_entry_that_is_gone_or_no_entry_is_named() {
    for (sequence, expected) in [(1, "it is missing"), (2, "it is missing")] {
        let world = World::of_three().await;
        fs::remove_file(world.path(&Key::Journal { sequence })).unwrap();
        assert_eq!(world.fault().await, (sequence, expected.to_owned()));
    }
    let world = World::of_three().await;
    let file = world.path(&Key::Journal { sequence: 2 });
    let pretty = serde_json::to_vec_pretty(&world.entry(2)).unwrap();
    fs::write(&file, pretty).unwrap();
    let message = "its bytes are not in the form in which entries are written";
    assert_eq!(world.fault().await, (2, message.to_owned()));
    fs::write(&file, world.bytes(3)).unwrap();
    assert_eq!(
        world.fault().await,
        (2, "it says that it is entry 3".to_owned())
    );
    fs::write(&file, "{").unwrap();
    let (sequence, message) = world.fault().await;
    assert_eq!(sequence, 2);
    assert!(message.starts_with("it cannot be read: EOF"), "{message}");
}

#[tokio::test]
async fn a_last_entry_that_is_gone_is_written_again_in_the_same_bytes() {
    let world = World::of_three().await;
    let before = world.journal();
    fs::remove_file(world.path(&Key::Journal { sequence: 3 })).unwrap();
    assert_eq!(world.verify().await.unrecorded, ["three"]);
    world.run("three", world.lake.clone()).await.unwrap();
    assert_eq!(world.journal(), before);
}

#[tokio::test]
async fn a_run_whose_model_manifest_or_table_changed_is_named() {
    let model = run_file(|run_id| Key::Model { run_id }, "two");
    let table = Key::Table {
        table: shared::catalogue::Table::ModelResults,
        as_of: "2024-09-23".parse().unwrap(),
        run_id: "two".to_owned(),
    };
    for key in [model, table] {
        let world = World::of_three().await;
        let recorded = sha256_hex(&fs::read(world.path(&key)).unwrap());
        fs::write(world.path(&key), "other").unwrap();
        let found = sha256_hex(b"other");
        let message =
            format!("`{key}` of its run has the hash {found}, and {recorded} was recorded");
        assert_eq!(world.fault().await, (2, message));
        fs::remove_file(world.path(&key)).unwrap();
        let message = format!("`{key}` of its run is missing");
        assert_eq!(world.fault().await, (2, message));
    }
    let world = World::of_three().await;
    let manifest = world.path(&run_file(|run_id| Key::Manifest { run_id }, "two"));
    let mut bytes = fs::read(&manifest).unwrap();
    let recorded = sha256_hex(&bytes);
    bytes.push(b' ');
    fs::write(&manifest, &bytes).unwrap();
    let found = sha256_hex(&bytes);
    let message =
        format!(r#"its `manifest_sha256` is "{recorded}", and by the files of its run "{found}""#);
    assert_eq!(world.fault().await, (2, message));
    fs::remove_file(&manifest).unwrap();
    let message = "`runs/two/manifest.json` in the lake is broken: the file is missing though the run was published";
    assert_eq!(world.fault().await, (2, message.to_owned()));
}

#[tokio::test]
async fn a_broken_journal_is_not_continued_until_it_is_whole_again() {
    let world = World::of_three().await;
    let file = world.path(&Key::Journal { sequence: 2 });
    let kept = fs::read(&file).unwrap();
    fs::remove_file(&file).unwrap();
    let error = world.run("four", world.lake.clone()).await.unwrap_err();
    assert_eq!(
        error,
        "the run is published, but the journal is broken at entry 2: it is missing"
    );
    assert_eq!(world.journal().len(), 2);
    fs::write(&file, kept).unwrap();
    assert_eq!(
        world.run("four", world.lake.clone()).await,
        Ok(vec![4]),
        "restored, it goes on"
    );
    let whole = world.journal();
    fs::remove_dir_all(world.folder.path().join("journal")).unwrap();
    let again = world.run("four", world.lake.clone()).await;
    assert_eq!(again, Ok(vec![1, 2, 3, 4]));
    assert_eq!(
        world.journal(),
        whole,
        "it follows from the published runs alone"
    );
}

#[tokio::test]
async fn a_run_without_a_preset_is_older_than_the_journal() {
    let world = World::new();
    world.parts.run("old", world.lake.as_ref()).await.unwrap();
    let preset = run_file(|run_id| Key::Preset { run_id }, "old");
    fs::remove_file(world.path(&preset)).unwrap();
    let appended = world.run("new", world.lake.clone()).await.unwrap();
    assert_eq!((appended, world.entry(1).run_id.as_str()), (vec![1], "new"));
    let found = world.verify().await;
    assert_eq!(
        (found.fault, found.unrecorded),
        (None, vec!["old".to_owned()])
    );
}
