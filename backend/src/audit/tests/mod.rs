//! The audit is silent where nothing leaks, and names what does.

mod made_up;

use std::sync::OnceLock;

use shared::card::AuditKind::{AvailableAt, Disguise, OwnPrice, ShuffledFuture, Truncation};
use shared::card::{AuditCard, AuditCheck, AuditKind};

use self::made_up::{as_of, classic, day, small, train, world};
use super::run::{audit, truncations};
use super::worlds::World;
use super::{AuditError, AuditOptions, TOLERANCE, demonstrate, first_finding};
use crate::assemble::assemble;
use crate::preset::Preset;
use crate::progress::Reporter;
use crate::train::Trained;
use crate::train::walk::walk_through;

const HOW: AuditOptions = AuditOptions {
    refits: true,
    dates: 6,
    in_other_worlds: 6,
    seed: 7,
    threads: 2,
};

/// The small preset's own run, made once.
fn clean() -> &'static (World, Trained) {
    static RUN: OnceLock<(World, Trained)> = OnceLock::new();
    RUN.get_or_init(|| {
        let world = world(&small());
        let trained = train(&small(), &world);
        (world, trained)
    })
}

fn audited(preset: &Preset) -> AuditCard {
    let world = world(preset);
    let trained = train(preset, &world);
    audit(preset, &world, as_of(), &trained, &HOW).unwrap()
}

fn check(card: &AuditCard, kind: AuditKind) -> &AuditCheck {
    card.checks.iter().find(|c| c.check == kind).unwrap()
}

fn names(card: &AuditCard, kind: AuditKind) -> Vec<&str> {
    let findings = &check(card, kind).findings;
    findings.iter().map(|f| f.name.as_str()).collect()
}

#[test]
fn a_clean_walk_passes_every_check_with_all_its_numbers_compared() {
    let (world, trained) = clean();
    let newest = trained.walk_rows.last().unwrap();
    assert!(newest.is_open && newest.interval_95.is_some());
    let card = audit(&small(), world, as_of(), trained, &HOW).unwrap();
    assert_eq!(first_finding(&card), None);
    assert!(card.passed && card.dates == 12 && card.checks.len() == 5);
    for check in &card.checks {
        assert!(check.passed && check.compared > 0, "{check:?}");
    }
    let truncation = check(&card, AuditKind::Truncation);
    assert!(truncation.largest <= TOLERANCE, "{}", truncation.largest);
}

#[test]
fn the_card_is_the_same_with_any_number_of_threads_and_another_one_with_another_seed() {
    let (world, trained) = clean();
    let with = |threads, seed| {
        let how = AuditOptions {
            seed,
            threads,
            ..HOW
        };
        audit(&small(), world, as_of(), trained, &how).unwrap()
    };
    assert_eq!(with(1, 7), with(3, 7));
    assert_ne!(with(1, 7), with(1, 8));
}

#[test]
fn fewer_days_in_other_worlds_have_the_newest_among_them() {
    let (world, trained) = clean();
    let compared = |in_other_worlds| {
        let how = AuditOptions {
            in_other_worlds,
            ..HOW
        };
        let card = audit(&small(), world, as_of(), trained, &how).unwrap();
        // A check that compared nothing is not on the card.
        let of = |kind| {
            let mut checks = card.checks.iter();
            checks
                .find(|check| check.check == kind)
                .map_or(0, |check| check.compared)
        };
        [
            of(AuditKind::Truncation),
            of(AuditKind::ShuffledFuture),
            of(AuditKind::OwnPrice),
        ]
    };
    let (all, two, none) = (compared(6), compared(2), compared(0));
    assert_eq!((all[0], two[0]), (none[0], none[0]));
    assert_eq!(none[1..], [0, 0]);
    // Two of six days: the third and the last.
    assert_eq!(3 * two[2], all[2]);
    assert!(two[1] > 0 && 2 * two[1] < all[1]);
}

#[test]
fn every_planted_leak_is_caught_and_what_looks_like_it_is_not() {
    let how = AuditOptions {
        dates: 12,
        in_other_worlds: 12,
        ..HOW
    };
    let results = demonstrate(&small(), &clean().0, as_of(), &how).unwrap();
    for result in &results {
        assert!(
            result.is_right(),
            "{} ({}): {:?}",
            result.name,
            result.leaks,
            first_finding(&result.audit)
        );
    }
    let caught_by = |name: &str| -> Vec<AuditKind> {
        let result = results.iter().find(|r| r.name == name).unwrap();
        let failed = result.audit.checks.iter().filter(|c| !c.passed);
        failed.map(|c| c.check).collect()
    };
    let by_knowledge = vec![Truncation, ShuffledFuture, AvailableAt];
    let by_computing = vec![Truncation, ShuffledFuture];
    for (name, expected) in [
        ("same-day mean", vec![OwnPrice, Disguise]),
        ("high of the day", vec![OwnPrice]),
        ("reference-date macro", by_knowledge.clone()),
        ("revised vintage", by_knowledge.clone()),
        ("scaler on all rows", by_computing.clone()),
        ("selection on the test set", by_computing.clone()),
        ("overlapping labels", by_computing.clone()),
        ("off-by-one join", by_computing.clone()),
        ("time-zone shift", by_knowledge),
        ("fill from the future", by_computing.clone()),
        ("target in disguise", vec![Disguise]),
        ("test rows in the conformal set", by_computing),
    ] {
        let by = caught_by(name);
        let all = expected.iter().all(|check| by.contains(check));
        assert!(all, "{name}: {by:?} without {expected:?}");
    }
    assert_eq!(results.iter().filter(|r| r.leaks).count(), 12);
    assert_eq!(results.iter().filter(|r| !r.leaks).count(), 8);
}

#[test]
fn the_originals_way_is_named_mean_macro_and_range_test() {
    let card = audited(&classic());
    assert!(!card.passed);
    assert_eq!(
        names(&card, AuditKind::OwnPrice),
        ["gold_ema_30", "valuation", "method"]
    );
    let own_price = &check(&card, AuditKind::OwnPrice).findings;
    assert_eq!(own_price[0].detail, "contains the price of its own day");
    assert!(own_price[2].detail.contains("a range test on the actual"));
    let available = check(&card, AuditKind::AvailableAt);
    // Gold's own price is revised, and the newest value of all stands on its day.
    assert_eq!(
        names(&card, AuditKind::AvailableAt),
        ["gold", "rate", "cpi", "cpi"]
    );
    let details: Vec<bool> = available
        .findings
        .iter()
        .map(|f| f.detail.contains("before it was published"))
        .collect();
    assert_eq!(details, [false, true, true, false]);
    assert!(
        available.findings[0]
            .detail
            .contains("is used as revised before it was")
    );
    // A month's value stands on its first day as it is revised 72 days later, at 08:30; the price is known at 16:00.
    let late = available.findings[2].difference.unwrap();
    assert!((late - 72.0).abs() < 0.4, "{late}");
    let unknown = names(&card, AuditKind::Truncation);
    assert_eq!(unknown[..2], ["cpi_level", "rate_level"]);
}

#[test]
fn a_feature_without_its_lag_is_found_by_name() {
    let mut preset = small();
    let feature = preset.features.iter_mut();
    let momentum = feature.into_iter().find(|f| f.name == "gold_return_lag1");
    momentum.unwrap().lag = 0;
    let card = audited(&preset);
    let found = names(&card, AuditKind::OwnPrice);
    assert!(
        found.contains(&"gold_return_lag1") && found.contains(&"valuation"),
        "{found:?}"
    );
    assert_eq!(names(&card, AuditKind::Disguise), ["gold_return_lag1"; 2]);
    assert!(check(&card, AuditKind::Truncation).passed);
}

#[test]
fn a_publication_rule_that_knows_a_month_before_it_is_over_is_found() {
    let mut preset = small();
    let cpi = preset.series.iter_mut().find(|s| s.id.as_str() == "cpi");
    cpi.unwrap().publication.days = 3;
    let card = audited(&preset);
    assert_eq!(names(&card, AuditKind::AvailableAt), ["cpi"; 2]);
    let first = first_finding(&card).unwrap();
    assert!(
        first.contains("before the month that it speaks of is over"),
        "{first}"
    );
    assert!(check(&card, AuditKind::Truncation).passed);
}

#[test]
fn a_published_number_that_the_day_does_not_give_is_found() {
    let (world, trained) = clean();
    let mut changed = trained.clone();
    for row in &mut changed.walk_rows {
        row.linear_pct += 1e-9;
    }
    let card = audit(&small(), world, as_of(), &changed, &HOW).unwrap();
    assert_eq!(names(&card, AuditKind::Truncation), ["linear member"; 2]);
    let size = check(&card, AuditKind::Truncation).largest;
    assert!((size - 1e-11).abs() < 1e-13, "{size}");
}

#[test]
fn a_finished_walk_is_cut_off_at_as_many_days_as_asked() {
    let (world, _) = clean();
    let preset = small();
    let dataset = assemble(
        &preset,
        world,
        as_of(),
        shared::valuation::Information::Final,
    )
    .unwrap();
    let pass = walk_through(&dataset, &preset.train, 2, &Reporter::silent()).unwrap();
    let how = AuditOptions { dates: 20, ..HOW };
    let cut = truncations(&preset, world, as_of(), (&dataset, &pass), &how).unwrap();
    assert_eq!((cut.dates, cut.different), (20, Vec::new()));
    assert!(cut.largest <= TOLERANCE && cut.compared > 20 * 400);
}

#[test]
fn planted_leaks_need_a_walk() {
    let error = demonstrate(&classic(), &world(&classic()), as_of(), &HOW).unwrap_err();
    assert!(matches!(error, AuditError::NoWalk(name) if name == "classic"));
}

#[test]
fn a_world_that_ends_before_the_run_has_no_day_to_audit() {
    let (world, trained) = clean();
    let nothing = Trained {
        walk_rows: Vec::new(),
        ..trained.clone()
    };
    let error = audit(&small(), world, as_of(), &nothing, &HOW).unwrap_err();
    assert!(matches!(error, AuditError::NoDay), "{error}");
    assert!(trained.walk_rows[0].date < day("2024-01-01"));
}
