//! A small published run and its model card for the host's tests.

mod card;

use shared::card::{DataRange, FeatureCard, Skill, Verdict};
use shared::run::{RunReport, SeriesReport, SeriesState, Status};
use shared::series::Vendor;
use shared::snapshot::{SeriesFreshness, Snapshot};
use shared::valuation::{BASE, Contribution, Information, Interval, Method, Split, Valuation};

pub(crate) use card::{card, walk};

pub(crate) const UNIT: &str = "USD per share of GLD";

/// A day of September 2024 with an interval of ±2 and ±4 around the valuation.
pub(crate) fn row(day: u32, price: f64, valuation: f64) -> Valuation {
    let around = |half: f64| {
        Some(Interval {
            lower: valuation - half,
            upper: valuation + half,
        })
    };
    Valuation {
        date: chrono::NaiveDate::from_ymd_opt(2024, 9, day).unwrap(),
        price,
        valuation,
        interval_80: around(2.0),
        interval_95: around(4.0),
        method: Method::Model,
        split: Split::Test,
        information: Information::Final,
    }
}

/// A whole and fresh run of three days, without skill.
pub(crate) fn snapshot() -> Snapshot {
    let history = vec![
        row(19, 238.0, 240.0),
        row(20, 242.0, 241.0),
        row(23, 245.0, 240.0),
    ];
    let latest = history[2].clone();
    Snapshot {
        run_id: "run".to_owned(),
        as_of: latest.date,
        preset: "fair".to_owned(),
        preset_title: "Fair value".to_owned(),
        look_ahead: None,
        synthetic: true,
        status: Status::Success,
        newest_input_at: "2024-09-23T20:00:00Z".parse().unwrap(),
        target_title: "Gold (GLD)".to_owned(),
        unit: UNIT.to_owned(),
        contributions: [("silver", 0.5), ("dollar", -0.2), (BASE, 0.03)]
            .map(|(feature, contribution)| Contribution {
                date: latest.date,
                feature: feature.to_owned(),
                contribution,
            })
            .to_vec(),
        contribution_unit: "% of the price of the day before, logarithmic".to_owned(),
        features: [
            ("silver", "Silver (SLV)", "metals"),
            ("copper", "Copper (CPER)", "metals"),
            ("dollar", "US dollar (UUP)", "currency"),
        ]
        .map(|(name, label, group)| FeatureCard {
            name: name.to_owned(),
            label: label.to_owned(),
            group: group.to_owned(),
        })
        .to_vec(),
        gap: None,
        scores: Vec::new(),
        skill: skill(Verdict::NoSkill, 0.02, 0.41),
        coverage: Vec::new(),
        data: DataRange {
            first: history[0].date,
            test_first: history[0].date,
            last: latest.date,
            train_rows: 0,
            test_rows: 3,
        },
        series: vec![series("silver_close", "Silver (SLV)", SeriesState::Fresh)],
        headline: None,
        latest,
        history,
    }
}

pub(crate) fn skill(verdict: Verdict, skill: f64, dm_p: f64) -> Skill {
    Skill {
        skill,
        dm_t: 0.83,
        dm_p,
        verdict,
    }
}

pub(crate) fn series(id: &str, title: &str, state: SeriesState) -> SeriesFreshness {
    SeriesFreshness {
        series: id.parse().unwrap(),
        title: title.to_owned(),
        vendor: Vendor::AlphaVantage,
        unit: UNIT.to_owned(),
        state,
        last_date: None,
        last_value: None,
        known_since: None,
    }
}

/// The newest attempt, ended on 23 September 2024 at 21:00 UTC.
pub(crate) fn report(status: Status, series: Vec<SeriesReport>) -> RunReport {
    RunReport {
        attempt_id: "attempt".to_owned(),
        run_id: None,
        as_of: chrono::NaiveDate::from_ymd_opt(2024, 9, 23).unwrap(),
        preset: "fair".to_owned(),
        grid: "deployed".to_owned(),
        look_ahead: None,
        synthetic: true,
        status,
        already_published: false,
        started_at: "2024-09-23T20:59:00Z".parse().unwrap(),
        finished_at: "2024-09-23T21:00:00Z".parse().unwrap(),
        steps: Vec::new(),
        series,
        failure: None,
        warnings: Vec::new(),
    }
}
