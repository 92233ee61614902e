//! Plans that cannot work, wishes to stop, and progress.

use super::*;

#[test]
fn too_few_rows_are_counted_in_the_message() {
    let failure = train(
        &dataset(89, 1),
        &one_candidate(),
        "small",
        1,
        false,
        &Reporter::silent(),
    )
    .unwrap_err();
    assert!(
        matches!(
            failure,
            TrainError::TooFewRows {
                rows: 88,
                needed: 90
            }
        ),
        "{failure:?}"
    );
    assert!(
        train(
            &dataset(91, 1),
            &one_candidate(),
            "small",
            1,
            false,
            &Reporter::silent()
        )
        .is_ok()
    );
    let empty = train(
        &dataset(1, 1),
        &one_candidate(),
        "small",
        1,
        false,
        &Reporter::silent(),
    )
    .unwrap_err();
    assert!(
        matches!(empty, TrainError::TooFewRows { rows: 0, .. }),
        "{empty:?}"
    );
}

#[test]
fn a_plan_that_cannot_work_says_why() {
    let message = |dataset: &Dataset, plan: &TrainPlan, grid: &str| {
        train(dataset, plan, grid, 1, false, &Reporter::silent())
            .unwrap_err()
            .to_string()
    };
    let dataset = dataset(250, 1);
    assert_eq!(
        message(&dataset, &one_candidate(), "huge"),
        "there is no grid `huge` in this preset: choose one of `small`"
    );
    let misspelt = plan(&[&[("learnig_rate", &[0.1])]]);
    assert!(message(&dataset, &misspelt, "small").starts_with("`learnig_rate` is no parameter"));
    let refused = message(&dataset, &plan(&[&[("subsample", &[7.0, 0.5])]]), "small");
    assert!(
        refused.starts_with("XGBoost refused: ") && refused.contains("subsample"),
        "{refused}"
    );
    assert!(
        !refused.contains("Stack trace") && !refused.contains('\n'),
        "{refused}"
    );
    let rule = TrainPlan {
        extrapolation: Extrapolation::EmaOnActual,
        ..one_candidate()
    };
    let mut without = dataset.clone();
    without.features[2].name = "three".to_owned();
    assert!(message(&without, &rule, "small").contains("needs the feature `gold_ema_30`"));
}

#[test]
fn a_wish_to_stop_is_heard_before_and_during_the_search() {
    let dataset = dataset(250, 1);
    let before = Reporter::silent();
    before.cancel();
    let stopped = train(&dataset, &plan(&SEARCHES), "small", 2, false, &before);
    assert!(matches!(stopped, Err(TrainError::Cancelled)));

    let itself: Arc<OnceLock<Reporter>> = Arc::default();
    let sink = Arc::clone(&itself);
    let during = Reporter::new(move |event| {
        if matches!(event, Progress::Working { done: 10.., .. }) {
            sink.get().unwrap().cancel();
        }
    });
    itself.set(during.clone()).ok().unwrap();
    let stopped = train(&dataset, &plan(&SEARCHES), "small", 2, false, &during);
    assert!(matches!(stopped, Err(TrainError::Cancelled)));
}

#[test]
fn progress_counts_up_to_the_total_and_estimates_the_rest() {
    let events = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&events);
    let reporter = Reporter::new(move |event| {
        if let Progress::Working {
            done,
            total,
            message,
            seconds_left,
            ..
        } = event
        {
            sink.lock()
                .unwrap()
                .push((done, total, message, seconds_left));
        }
    });
    train(
        &dataset(250, 1),
        &plan(&SEARCHES),
        "small",
        2,
        false,
        &reporter,
    )
    .unwrap();
    let events = events.lock().unwrap();
    assert!(events.windows(2).all(|pair| pair[0].0 <= pair[1].0));
    let (done, total, message, left) = events.last().unwrap();
    assert_eq!((*done, *total), (124, 4 * (18 + 12 + 1)));
    assert_eq!(message, "the winner on every fold and on all rows");
    assert_eq!(*left, Some(0.0));
    assert_eq!(events[0].2, "search 1 of 2");
    assert_eq!(events[0].3, None);
    assert!(
        events
            .iter()
            .any(|event| event.3.is_some_and(|left| left > 0.0))
    );
}
