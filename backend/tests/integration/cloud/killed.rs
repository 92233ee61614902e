//! The train function, killed at each of its writes to S3 in turn: readers see a whole run, and the next try completes it.

use super::api::get;
use super::runtime::{End, Process, kill};
use super::world::{Stack, schedule};

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_any_write_the_next_try_completes_the_run_and_nothing_is_there_twice() {
    let mut stack = Stack::new("killed").await;
    stack.extract(&schedule("2024-09-20"), "r1").await.answer();
    stack.train(&stack.last_delivered(), "r2").await.answer();
    let first = stack.current().await.unwrap().run_id;
    stack.go_to("2024-09-23");
    stack.extract(&schedule("2024-09-23"), "r3").await.answer();
    let done = stack.last_delivered();
    let staged = stack.stand_in.copy(&stack.lake).await;
    let mut kills = 0;
    loop {
        stack.stand_in.restore(&stack.lake, &staged).await;
        let process = Process::default();
        let victim = process.clone();
        stack.stand_in.cut_after(kills + 1, move || kill(&victim));
        let ended = stack.train_in(&done, "r4", &process).await;
        if !stack.stand_in.is_cut() {
            // So many writes there are not: the run came to its end.
            assert_eq!(ended.answer()["status"], "success");
            break;
        }
        kills += 1;
        assert_eq!(ended.end, End::Died, "kill {kills}");
        stack.stand_in.recover();
        let seen = stack.assert_readers_see_a_whole_run().await.unwrap();
        let again = stack.train(&done, "r4").await;
        let outcome = again.answer()["outcome"].as_str().unwrap().to_owned();
        assert!(
            outcome == "done" || outcome == "already_done",
            "kill {kills}: {outcome}"
        );
        let second = stack.assert_readers_see_a_whole_run().await.unwrap();
        assert!(
            second != first && (seen == first || seen == second),
            "kill {kills}"
        );
        assert_one_of_each(&stack, &first, &second).await;
    }
    // Lease, six tables, model, card, preset, snapshot, what-if, manifest, pointer, journal, first view, comparison, report,
    // lease.
    assert_eq!(kills, 19);
    let (status, _, told) = stack.ask(&get("/api/diff")).await;
    assert_eq!(status, 200, "{told}");
    let second = stack.current().await.unwrap().run_id;
    let kept = format!("runs/{second}/diff_from/{first}.json");
    assert_eq!(Some(told), stack.object(&stack.lake, &kept).await);
    let (status, _, told) = stack
        .ask(&get(&format!("/api/diff?from={second}&to={first}")))
        .await;
    assert_eq!(status, 404, "{told}");
    assert!(told.contains("was not compared with"), "{told}");
}

/// Two runs, each once in the pointer's list, in the journal and in the ledger; the site shows the second.
async fn assert_one_of_each(stack: &Stack, first: &str, second: &str) {
    let current = stack.current().await.unwrap();
    let published: Vec<&str> = current
        .published
        .iter()
        .map(|run| run.run_id.as_str())
        .collect();
    assert_eq!(published, [first, second]);
    let mut journalled = Vec::new();
    for key in stack.keys(&stack.lake).await {
        if key.starts_with("journal/") {
            let text = stack.object(&stack.lake, &key).await.unwrap();
            let entry: serde_json::Value = serde_json::from_str(&text).unwrap();
            journalled.push(entry["run_id"].as_str().unwrap().to_owned());
        }
    }
    assert_eq!(journalled, [first, second]);
    let reports = stack.reports().await;
    let attempts: Vec<Option<&str>> = reports
        .iter()
        .map(|report| report.run_id.as_deref())
        .collect();
    assert_eq!(attempts, [Some(first), Some(second)]);
    let snapshot = stack
        .object(&stack.lake, &format!("runs/{second}/snapshot.json"))
        .await;
    assert_eq!(stack.object(&stack.site, "api/valuation").await, snapshot);
}
