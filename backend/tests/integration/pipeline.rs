//! The whole pipeline, from the vendors' answers to the published run.

use backend::pipeline::{Busy, RunLock, RunOptions};
use backend::preset;
use backend::query::{DataFusionEngine, Limits, QueryEngine as _, named};
use chrono::NaiveDate;
use shared::catalogue::Table;
use shared::query::Query;
use shared::run::{SeriesState, Status};
use shared::valuation::Split;

use crate::world::{AV_KEY, FRED_KEY, World, options, with_preset};

const TODAY: &str = "2024-09-23";

#[tokio::test(flavor = "multi_thread")]
async fn fair_values_synthetic_gold_with_skill_and_says_synthetic() {
    let world = World::new(TODAY).await;
    let report = world.run(&options("fair")).await;
    assert_eq!(report.status, Status::Success, "{:?}", report.failure);
    assert!(report.synthetic);
    let steps: Vec<&str> = report.steps.iter().map(|s| s.step.as_str()).collect();
    assert_eq!(
        steps,
        [
            "extract",
            "stage",
            "assemble",
            "train",
            "publish",
            "catalogue"
        ]
    );
    let run_id = report.run_id.unwrap();
    let snapshot = world
        .backend()
        .published()
        .snapshot(&run_id)
        .await
        .unwrap()
        .unwrap();
    assert!(snapshot.synthetic);
    assert_eq!(
        snapshot.latest.date,
        NaiveDate::from_ymd_opt(2024, 9, 23).unwrap()
    );
    assert_eq!(snapshot.history.len(), 300);
    assert!(snapshot.skill.skill > 0.2, "skill {}", snapshot.skill.skill);
    let coverage: Vec<f64> = snapshot.coverage.iter().map(|c| c.measured).collect();
    assert!(
        (coverage[0] - 0.80).abs() < 0.08 && (coverage[1] - 0.95).abs() < 0.05,
        "{coverage:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn contributions_of_a_day_add_up_to_the_models_output() {
    let world = World::new(TODAY).await;
    let run_id = world.run(&options("fair")).await.run_id.unwrap();
    let snapshot = world
        .backend()
        .published()
        .snapshot(&run_id)
        .await
        .unwrap()
        .unwrap();
    let sum: f64 = snapshot.contributions.iter().map(|c| c.contribution).sum();
    let before = snapshot.history[snapshot.history.len() - 2].price;
    let output = 100.0 * (snapshot.latest.valuation / before).ln();
    assert!((sum - output).abs() < 1e-4, "{sum} is not {output}");
}

#[tokio::test(flavor = "multi_thread")]
async fn running_twice_has_the_effect_of_once() {
    let world = World::new(TODAY).await;
    let first = world.run(&options("fair")).await;
    let before = world.hashes();
    let second = world.run(&options("fair")).await;
    assert_eq!(first.run_id, second.run_id);
    assert!(second.already_published && !first.already_published);
    assert_eq!(world.hashes(), before);
    assert!(
        second
            .series
            .iter()
            .all(|s| s.state == SeriesState::Unchanged)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn one_thread_and_two_give_the_same_bytes() {
    let (one, two) = (World::new(TODAY).await, World::new(TODAY).await);
    let single = RunOptions {
        threads: 1,
        grid: "small".to_owned(),
        ..options("fair-free")
    };
    let double = RunOptions {
        threads: 2,
        ..single.clone()
    };
    let reports = [one.run(&single).await, two.run(&double).await];
    assert_eq!(reports[0].run_id, reports[1].run_id);
    let results = |world: &World| {
        let of_run =
            |name: &str| !name.starts_with("extraction-staging/") && name != "current.json";
        world
            .hashes()
            .into_iter()
            .filter(|(name, _)| of_run(name))
            .collect::<Vec<_>>()
    };
    assert_eq!(results(&one), results(&two));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_earlier_as_of_gives_the_run_of_that_day() {
    let mut world = World::new("2024-09-20").await;
    let then = world.run(&options("fair-free")).await;
    assert_eq!(then.status, Status::Success, "{:?}", then.failure);
    world.today = TODAY.parse().unwrap();
    world.market.set_today(world.today);
    let now = world.run(&options("fair-free")).await;
    assert_ne!(now.run_id, then.run_id);
    let sent = world.market.requests().len();
    let again = RunOptions {
        as_of: Some("2024-09-20".parse().unwrap()),
        ..options("fair-free")
    };
    let again = world.run(&again).await;
    assert_eq!(
        again.run_id, then.run_id,
        "the same world gives the same run"
    );
    assert_eq!(world.market.requests().len(), sent, "no vendor was asked");
    let current = world.current().await.unwrap();
    assert_eq!(Some(current.run_id), now.run_id, "the newest stays shown");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_day_asks_only_for_what_is_new() {
    let mut world = World::new("2024-09-20").await;
    world.run(&options("fair")).await;
    let before = world.market.requests().len();
    world.today = TODAY.parse().unwrap();
    world.market.set_today(world.today);
    let report = world.run(&options("fair")).await;
    let requests = world.market.requests().split_off(before);
    let daily = requests
        .iter()
        .filter(|r| r.parameters.contains_key("outputsize"));
    assert!(daily.clone().count() > 5);
    for request in daily {
        assert_eq!(request.parameters["outputsize"], "compact", "{request:?}");
    }
    let gold = report
        .series
        .iter()
        .find(|s| s.series.as_str() == "gold_close")
        .unwrap();
    assert_eq!((gold.state, gold.new_observations), (SeriesState::Fresh, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn classic_says_that_it_looks_ahead_and_stands_beside_fair() {
    let world = World::new(TODAY).await;
    let fair = world.run(&options("fair")).await;
    let classic = world.run(&options("classic")).await;
    assert!(
        classic
            .look_ahead
            .as_deref()
            .is_some_and(|reason| reason.starts_with("by design"))
    );
    let current = world.current().await.unwrap();
    assert_eq!(Some(&current.run_id), classic.run_id.as_ref());
    assert_eq!(current.by_preset["fair"], fair.run_id.unwrap());
    let published = world.backend().published();
    let card = published.card(&current.run_id).await.unwrap().unwrap();
    assert_eq!(card.features.len(), 12);
    assert_eq!(card.folds.len(), 11);
    let rules: Vec<&str> = card.scores.iter().map(|s| s.rule.as_str()).collect();
    assert_eq!(
        rules,
        [
            "valuation",
            "model_raw",
            "no_change",
            "ema_previous",
            "ema_same_day"
        ]
    );
    let snapshot = published.snapshot(&current.run_id).await.unwrap().unwrap();
    assert!(snapshot.history.iter().all(|row| row.split == Split::Test));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_named_question_has_an_answer() {
    let world = World::new(TODAY).await;
    world.run(&options("classic")).await;
    let run_id = world.run(&options("fair")).await.run_id.unwrap();
    let engine = DataFusionEngine::new(world.backend().local_lake()).unwrap();
    for question in named() {
        let answer = engine
            .run(&Query { sql: question.sql }, Limits::default())
            .await;
        let answer = answer.unwrap_or_else(|e| panic!("{}: {e}", question.name));
        assert!(!answer.columns.is_empty(), "{}", question.name);
    }
    let sql = "SELECT count(*) FROM model_results_latest WHERE split = 'test'".to_owned();
    let answer = engine.run(&Query { sql }, Limits::default()).await.unwrap();
    let card = world
        .backend()
        .published()
        .card(&run_id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(answer.rows, [[serde_json::json!(card.data.test_rows)]]);
    assert_eq!(engine.tables().await.unwrap().len(), 2 * Table::ALL.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_as_of_before_the_data_is_refused_with_the_first_day_that_works() {
    let world = World::new(TODAY).await;
    world.run(&options("fair-free")).await;
    let early = RunOptions {
        as_of: Some("2001-01-01".parse().unwrap()),
        ..options("fair-free")
    };
    let report = world.run(&early).await;
    assert_eq!(report.status, Status::Failed);
    let failure = report.failure.unwrap();
    assert!(
        failure.message.starts_with("nothing is known of gold_spot"),
        "{}",
        failure.message
    );
    assert!(
        failure.advice.starts_with("choose a later --as-of"),
        "{}",
        failure.advice
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_history_that_is_too_short_says_how_many_rows_there_are() {
    let world = World::new(TODAY).await;
    let mut preset = preset::load("fair-free").unwrap();
    preset.train.test_rows = 100_000;
    let report = world.run(&with_preset(preset)).await;
    let failure = report.failure.unwrap();
    assert!(
        failure.message.contains("100000")
            || failure.message.contains("100,000")
            || failure.message.contains("rows"),
        "{}",
        failure.message
    );
    assert!(
        failure.advice.starts_with("the history is too short"),
        "{}",
        failure.advice
    );
    assert_eq!(world.current().await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_run_at_the_same_time_is_refused() {
    let world = World::new(TODAY).await;
    let lake = world.backend().local_lake();
    let lock = RunLock::take(&lake).unwrap();
    assert!(matches!(RunLock::take(&lake), Err(Busy::Running)));
    drop(lock);
    RunLock::take(&lake).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn no_key_is_in_any_file_of_the_lake() {
    let world = World::new(TODAY).await;
    world.run(&options("fair")).await;
    for (name, bytes) in world.objects() {
        let bytes = if name.starts_with("extraction-staging/raw/") {
            zstd::decode_all(bytes.as_slice()).unwrap()
        } else {
            bytes
        };
        for key in [AV_KEY, FRED_KEY] {
            let found = bytes
                .windows(key.len())
                .any(|window| window == key.as_bytes());
            assert!(!found, "a key is in {name}");
        }
    }
}
