//! What every lake must do; each twin's own tests call these.

use shared::series::Vendor;

use super::{Key, Lake, LakeError, Put};

/// All of the suite. `lake` is empty.
pub(crate) async fn suite(lake: &dyn Lake) {
    absent_objects_are_none(lake).await;
    the_first_put_wins(lake).await;
    a_swap_needs_the_newest_tag(lake).await;
    of_two_first_swaps_one_wins(lake).await;
    lists_are_sorted_and_by_prefix(lake).await;
}

fn snapshot(run: &str) -> Key {
    let run_id = run.to_owned();
    Key::Snapshot { run_id }
}

async fn absent_objects_are_none(lake: &dyn Lake) {
    assert_eq!(lake.get(&snapshot("none")).await.unwrap(), None);
    assert_eq!(lake.get_tagged(&Key::Current).await.unwrap(), None);
}

async fn the_first_put_wins(lake: &dyn Lake) {
    let key = snapshot("first");
    assert_eq!(lake.put_new(&key, b"one").await.unwrap(), Put::Created);
    assert_eq!(lake.put_new(&key, b"two").await.unwrap(), Put::Existed);
    assert_eq!(lake.get(&key).await.unwrap().unwrap(), b"one");
}

async fn a_swap_needs_the_newest_tag(lake: &dyn Lake) {
    let key = Key::Current;
    let first = lake.swap(&key, b"one", None).await.unwrap();
    let second = lake.swap(&key, b"two", Some(&first)).await.unwrap();
    let late = lake.swap(&key, b"three", Some(&first)).await.unwrap_err();
    assert!(matches!(late, LakeError::Changed(name) if name == "current.json"));
    let (bytes, tag) = lake.get_tagged(&key).await.unwrap().unwrap();
    assert_eq!((bytes.as_slice(), tag), (&b"two"[..], second));
}

async fn of_two_first_swaps_one_wins(lake: &dyn Lake) {
    let key = Key::Quota(Vendor::Fred);
    let both = futures::join!(lake.swap(&key, b"a", None), lake.swap(&key, b"b", None));
    let winners = [both.0.is_ok(), both.1.is_ok()];
    assert_eq!(winners.iter().filter(|won| **won).count(), 1);
    let kept = lake.get(&key).await.unwrap().unwrap();
    assert_eq!(kept, if winners[0] { b"a" } else { b"b" });
}

async fn lists_are_sorted_and_by_prefix(lake: &dyn Lake) {
    for run in ["b", "a", "c"] {
        let attempt_id = run.to_owned();
        lake.put_new(&Key::Attempt { attempt_id }, b"{}")
            .await
            .unwrap();
    }
    let listed = lake.list("attempts/").await.unwrap();
    assert_eq!(
        listed,
        ["attempts/a.json", "attempts/b.json", "attempts/c.json"]
    );
    assert_eq!(lake.list("attempts/b").await.unwrap(), ["attempts/b.json"]);
    assert!(lake.list("nothing/").await.unwrap().is_empty());
}
