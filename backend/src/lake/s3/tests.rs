//! Against a stand-in: conditions, parts, and what S3 refuses.

use axum::http::Method;

use super::super::contract;
use super::*;
use crate::stand_in::{StandIn, s3_error};

async fn lake(bucket: &str) -> (StandIn, S3Lake) {
    let stand_in = StandIn::start().await;
    stand_in.bucket(bucket).await;
    let lake = S3Lake::new(Aws::at(&stand_in.url).await, bucket);
    (stand_in, lake)
}

fn snapshot() -> Key {
    let run_id = "one".to_owned();
    Key::Snapshot { run_id }
}

/// Answers the next `times` requests of a method like this.
fn answers(stand_in: &StandIn, method: Method, mut times: usize, status: u16, code: &'static str) {
    stand_in.fail(move |seen| {
        let is_meant = seen.method == method && times > 0;
        times -= usize::from(is_meant);
        is_meant.then(|| (status, s3_error(code)))
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn keeps_the_contract() {
    let (_stand_in, lake) = lake("contract").await;
    contract::suite(&lake).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn writes_carry_their_condition_and_their_checksum() {
    let (stand_in, lake) = lake("conditions").await;
    lake.put_new(&snapshot(), b"{}").await.unwrap();
    let tag = lake.swap(&Key::Current, b"one", None).await.unwrap();
    lake.swap(&Key::Current, b"two", Some(&tag)).await.unwrap();
    let sent: Vec<_> = stand_in
        .seen()
        .into_iter()
        .filter(crate::stand_in::Seen::is_write)
        .collect();
    let of = |name: &str| -> Vec<String> { sent.iter().map(|seen| seen.header(name)).collect() };
    assert_eq!(of("if-none-match"), ["*", "*", ""]);
    assert_eq!(of("if-match"), ["", "", tag.0.as_str()]);
    // CRC-32 of `{}`, `one` and `two`, big-endian, in base 64.
    assert_eq!(
        of("x-amz-checksum-crc32"),
        ["o6a/Qw==", "emyG8Q==", "EcqKZg=="]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn large_objects_go_up_in_parts_and_the_first_one_wins() {
    let (stand_in, lake) = lake("parts").await;
    let lake = S3Lake {
        large: 6 << 20,
        part: 5 << 20,
        ..lake
    };
    let bytes: Vec<u8> = (0..11_u32 << 20).map(|i| (i % 251) as u8).collect();
    assert_eq!(
        lake.put_new(&snapshot(), &bytes).await.unwrap(),
        Put::Created
    );
    assert_eq!(
        lake.put_new(&snapshot(), &bytes[1..]).await.unwrap(),
        Put::Existed
    );
    assert_eq!(lake.get(&snapshot()).await.unwrap().unwrap(), bytes);
    let seen = stand_in.seen();
    let sent = |method: Method, part: &str| {
        seen.iter()
            .filter(|seen| seen.method == method && seen.target.contains(part))
            .count()
    };
    assert_eq!(sent(Method::PUT, "partNumber="), 6);
    assert_eq!(
        sent(Method::DELETE, "uploadId="),
        1,
        "the loser's parts are removed"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn throttling_and_faults_of_s3_are_tried_again() {
    let (stand_in, lake) = lake("busy").await;
    answers(&stand_in, Method::PUT, 2, 503, "SlowDown");
    assert_eq!(
        lake.put_new(&snapshot(), b"{}").await.unwrap(),
        Put::Created
    );
    answers(&stand_in, Method::GET, 3, 500, "InternalError");
    assert_eq!(lake.get(&snapshot()).await.unwrap().unwrap(), b"{}");
    answers(&stand_in, Method::GET, 99, 503, "SlowDown");
    let error = lake.get(&snapshot()).await.unwrap_err();
    let LakeError::Other { key, cause } = error else {
        panic!("{error}")
    };
    assert_eq!(
        (key.as_str(), cause.to_string().as_str()),
        (
            "runs/one/snapshot.json",
            "AWS answered with SlowDown (status 503): as the test says"
        )
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_that_another_one_holds_up_is_tried_again_until_s3_decides() {
    let (stand_in, lake) = lake("conflict").await;
    answers(&stand_in, Method::PUT, 2, 409, "ConditionalRequestConflict");
    assert_eq!(
        lake.put_new(&snapshot(), b"{}").await.unwrap(),
        Put::Created
    );
    answers(
        &stand_in,
        Method::PUT,
        99,
        409,
        "ConditionalRequestConflict",
    );
    let error = lake.put_new(&snapshot(), b"{}").await.unwrap_err();
    assert!(matches!(error, LakeError::Changed(_)), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pointer_that_is_gone_was_changed() {
    let (_stand_in, lake) = lake("gone").await;
    let tag = Tag("\"0123456789abcdef0123456789abcdef\"".to_owned());
    let error = lake
        .swap(&Key::Current, b"two", Some(&tag))
        .await
        .unwrap_err();
    assert!(matches!(error, LakeError::Changed(name) if name == "current.json"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_denied_is_named_with_its_action_and_resource() {
    let (stand_in, lake) = lake("denied").await;
    stand_in.fail(|_| Some((403, s3_error("AccessDenied"))));
    let errors = [
        lake.get(&Key::Current).await.unwrap_err(),
        lake.put_new(&snapshot(), b"{}").await.unwrap_err(),
        lake.list("attempts/").await.unwrap_err(),
    ];
    assert_eq!(
        errors.map(|error| error.to_string()),
        [
            "no permission for `s3:GetObject` on `arn:aws:s3:::denied/current.json`",
            "no permission for `s3:PutObject` on `arn:aws:s3:::denied/runs/one/snapshot.json`",
            "no permission for `s3:ListBucket` on `arn:aws:s3:::denied`",
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_that_is_not_there_is_no_empty_lake() {
    let (stand_in, _) = lake("there").await;
    let lake = S3Lake::new(Aws::at(&stand_in.url).await, "nowhere");
    let error = lake.get(&Key::Current).await.unwrap_err();
    let LakeError::Other { cause, .. } = error else {
        panic!("{error}")
    };
    assert!(cause.to_string().contains("NoSuchBucket"), "{cause}");
}

#[tokio::test(flavor = "multi_thread")]
async fn half_an_object_is_an_error() {
    let (stand_in, lake) = lake("half").await;
    lake.put_new(&snapshot(), b"a whole object").await.unwrap();
    stand_in.fail(|seen| (seen.method == Method::GET).then(|| (200, "a whole".to_owned())));
    stand_in.with_header("x-amz-checksum-crc32", "AAAAAA==");
    let error = lake.get(&snapshot()).await.unwrap_err();
    let LakeError::Other { cause, .. } = error else {
        panic!("{error}")
    };
    assert!(cause.to_string().contains("checksum"), "{cause}");
}
