//! One published run, written by hand.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use shared::card::{
    Coverage, DataRange, FeatureCard, Fold, ModelCard, Output, Score, Search, Skill, Verdict,
};
use shared::catalogue::{Current, PublishedRun};
use shared::journal::JournalEntry;
use shared::run::{Failure, RunReport, SeriesState, Status, Step, StepReport};
use shared::series::Vendor;
use shared::snapshot::{SeriesFreshness, Snapshot};
use shared::valuation::{BASE, Contribution, Information, Interval, Method, Split, Valuation};

pub(super) const RUN: &str = "run-b";
pub(super) const ATTEMPT: &str = "20240923T221500Z-4f2a";

pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(super) fn instant(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub(super) fn current() -> Current {
    let run = |run_id: &str, preset: &str| PublishedRun {
        run_id: run_id.to_owned(),
        as_of: day("2024-09-23"),
        preset: preset.to_owned(),
        published_at: instant("2024-09-23T22:20:00Z"),
    };
    Current {
        run_id: RUN.to_owned(),
        by_preset: BTreeMap::from([
            ("classic".to_owned(), "run-a".to_owned()),
            ("fair".to_owned(), RUN.to_owned()),
        ]),
        published: vec![run("run-a", "classic"), run(RUN, "fair")],
    }
}

pub(super) fn valuation() -> Valuation {
    Valuation {
        date: day("2024-09-23"),
        price: 242.5,
        valuation: 240.0,
        interval_80: Some(Interval {
            lower: 237.0,
            upper: 243.0,
        }),
        interval_95: Some(Interval {
            lower: 234.5,
            upper: 245.5,
        }),
        method: Method::Model,
        split: Split::Test,
        information: Information::Final,
    }
}

pub(super) fn contributions() -> Vec<Contribution> {
    let row = |feature: &str, contribution| Contribution {
        date: day("2024-09-23"),
        feature: feature.to_owned(),
        contribution,
    };
    vec![row("real_yield", -0.75), row(BASE, 0.05)]
}

pub(super) fn freshness() -> Vec<SeriesFreshness> {
    vec![SeriesFreshness {
        series: "gold_open".parse().unwrap(),
        title: "Gold, opening price of GLD".to_owned(),
        vendor: Vendor::AlphaVantage,
        unit: "USD per share".to_owned(),
        state: SeriesState::Fresh,
        last_date: Some(day("2024-09-23")),
        last_value: Some(242.5),
        known_since: Some(instant("2024-09-23T20:15:00Z")),
    }]
}

fn score(rule: &str, rmse: f64) -> Score {
    Score {
        rule: rule.to_owned(),
        label: rule.replace('_', " "),
        rmse,
        mae: rmse * 0.75,
        rmse_pct: rmse / 2.0,
        rows: 300,
    }
}

fn skill() -> Skill {
    Skill {
        skill: 0.125,
        dm_t: 2.5,
        dm_p: 0.0125,
        verdict: Verdict::Skill,
    }
}

fn range() -> DataRange {
    DataRange {
        first: day("2010-01-14"),
        test_first: day("2023-07-28"),
        last: day("2024-09-23"),
        train_rows: 3533,
        test_rows: 300,
    }
}

fn coverage() -> Vec<Coverage> {
    vec![Coverage {
        nominal: 0.8,
        measured: 0.8125,
        rows: 300,
    }]
}

fn features() -> Vec<FeatureCard> {
    vec![FeatureCard {
        name: "real_yield".to_owned(),
        label: "Change of the 10-year real yield".to_owned(),
        group: "rates".to_owned(),
    }]
}

pub(super) fn snapshot(run_id: &str, preset: &str) -> Snapshot {
    Snapshot {
        run_id: run_id.to_owned(),
        as_of: day("2024-09-23"),
        preset: preset.to_owned(),
        preset_title: "Fair value".to_owned(),
        look_ahead: None,
        synthetic: true,
        status: Status::Success,
        newest_input_at: instant("2024-09-23T20:15:00Z"),
        target_title: "Gold (GLD, opening price)".to_owned(),
        unit: "USD per share".to_owned(),
        latest: valuation(),
        history: vec![valuation()],
        contributions: contributions(),
        contribution_unit: "percent".to_owned(),
        features: features(),
        gap: None,
        scores: vec![score("valuation", 1.5), score("no_change", 1.625)],
        skill: skill(),
        coverage: coverage(),
        data: range(),
        series: freshness(),
        headline: None,
    }
}

pub(super) fn card() -> ModelCard {
    ModelCard {
        run_id: RUN.to_owned(),
        preset: "fair".to_owned(),
        look_ahead: None,
        target: "gold_open".to_owned(),
        unit: "USD per share".to_owned(),
        output: Output::PercentReturn,
        features: features(),
        drivers: Vec::new(),
        scaler: None,
        parameters: BTreeMap::from([("max_depth".to_owned(), 2.0)]),
        grid: "deployed".to_owned(),
        searches: vec![Search {
            axes: BTreeMap::from([("max_depth".to_owned(), vec![2.0])]),
            candidates: 1,
            cut: 0,
            best: Vec::new(),
        }],
        folds: vec![Fold {
            train_rows: 299,
            validation_rows: 294,
            train_rmse: 0.5,
            validation_rmse: 0.75,
        }],
        scores: vec![score("valuation", 1.5)],
        skill: skill(),
        coverage: coverage(),
        data: range(),
        model_sha256: "ab".repeat(32),
        input_sha256: "cd".repeat(32),
        seed: 42,
        walk: None,
        audit: None,
        versions: BTreeMap::from([("xgboost".to_owned(), "3.4.1".to_owned())]),
    }
}

pub(super) fn journal_entry() -> JournalEntry {
    let latest = valuation();
    JournalEntry {
        sequence: 1,
        previous_sha256: "0".repeat(64),
        run_id: RUN.to_owned(),
        as_of: day("2024-09-23"),
        preset: "fair".to_owned(),
        looks_ahead: false,
        synthetic: true,
        target: "gold_open".parse().unwrap(),
        unit: "USD per share".to_owned(),
        date: latest.date,
        previous_price: Some(241.0),
        price: Some(latest.price),
        valuation: latest.valuation,
        interval_80: latest.interval_80,
        interval_95: latest.interval_95,
        method: latest.method,
        input_sha256: "cd".repeat(32),
        model_sha256: "ab".repeat(32),
        manifest_sha256: "ef".repeat(32),
    }
}

pub(super) fn report(attempt_id: &str, status: Status) -> RunReport {
    let failed = status == Status::Failed;
    RunReport {
        attempt_id: attempt_id.to_owned(),
        run_id: (!failed).then(|| RUN.to_owned()),
        as_of: day("2024-09-23"),
        preset: "fair".to_owned(),
        grid: "deployed".to_owned(),
        look_ahead: None,
        synthetic: true,
        status,
        already_published: false,
        started_at: instant("2024-09-23T22:15:00Z"),
        finished_at: instant("2024-09-23T22:15:02Z"),
        steps: vec![StepReport {
            step: Step::Extract,
            milliseconds: 1250,
            summary: "12 series asked".to_owned(),
        }],
        series: Vec::new(),
        failure: failed.then(|| Failure {
            step: Some(Step::Extract),
            message: "the vendor does not answer".to_owned(),
            advice: "try again later".to_owned(),
            retry: true,
        }),
        warnings: Vec::new(),
    }
}
