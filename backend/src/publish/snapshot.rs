//! The dashboard's first view.

use shared::card::{ModelCard, Output};
use shared::run::Status;
use shared::series::Observation;
use shared::snapshot::Snapshot;
use shared::valuation::{BASE, Contribution, Interval, Split, Valuation};

use super::freshness::freshness;
use super::run::{Publication, PublishError};

/// The snapshot of a publication and its card.
pub(super) fn snapshot(
    publication: &Publication<'_>,
    card: &ModelCard,
) -> Result<Snapshot, PublishError> {
    let trained = publication.trained;
    let latest = trained.valuations.last().ok_or(PublishError::NoValuation)?;
    let test = trained
        .valuations
        .iter()
        .filter(|row| row.split == Split::Test);
    let known = publication.observations.values().flatten();
    let newest = known.map(|o: &Observation| o.available_at).max();
    let snapshot = Snapshot {
        run_id: publication.run_id.to_owned(),
        as_of: publication.as_of,
        preset: publication.preset.name.clone(),
        preset_title: publication.preset.title.clone(),
        look_ahead: publication.preset.look_ahead.clone(),
        synthetic: publication.synthetic,
        status: if publication.is_partial() {
            Status::Partial
        } else {
            Status::Success
        },
        newest_input_at: newest.unwrap_or_default(),
        target_title: card.target.clone(),
        unit: card.unit.clone(),
        latest: latest.clone(),
        history: newest_rows(test, publication.preset.train.test_rows),
        contributions: of_day(latest, &trained.contributions),
        contribution_unit: match card.output {
            Output::Level => card.unit.clone(),
            Output::PercentReturn => "% of the price of the day before, logarithmic".to_owned(),
        },
        features: if card.drivers.is_empty() {
            card.features.clone()
        } else {
            card.drivers.clone()
        },
        gap: trained.gap,
        scores: card.scores.clone(),
        skill: card.skill.clone(),
        coverage: card.coverage.clone(),
        data: card.data,
        series: freshness(
            publication.preset,
            publication.series,
            publication.observations,
        ),
        headline: None,
    };
    Ok(snapshot.with_headline())
}

/// The last `count` rows. A walk-forward has thousands of rows that its members had not seen: too many for a first view. All but
/// the newest are rounded: half of the first view would be digits that no chart shows, and SQL has them all.
fn newest_rows<'a>(rows: impl Iterator<Item = &'a Valuation>, count: usize) -> Vec<Valuation> {
    let rows: Vec<&Valuation> = rows.collect();
    let shown = &rows[rows.len().saturating_sub(count)..];
    let Some((newest, older)) = shown.split_last() else {
        return Vec::new();
    };
    let older = older.iter().map(|row| rounded(row));
    older.chain([(*newest).clone()]).collect()
}

/// To a hundredth of a cent.
fn rounded(row: &Valuation) -> Valuation {
    let round = |value: f64| (1e4 * value).round() / 1e4;
    let interval = |interval: Option<Interval>| {
        interval.map(|Interval { lower, upper }| Interval {
            lower: round(lower),
            upper: round(upper),
        })
    };
    Valuation {
        price: round(row.price),
        valuation: round(row.valuation),
        interval_80: interval(row.interval_80),
        interval_95: interval(row.interval_95),
        ..row.clone()
    }
}

/// The contributions of one day, the largest first, the base at the end.
fn of_day(day: &Valuation, all: &[Contribution]) -> Vec<Contribution> {
    let mut of_day: Vec<Contribution> = all
        .iter()
        .rev()
        .take_while(|c| c.date == day.date)
        .cloned()
        .collect();
    of_day.sort_by(|a, b| {
        let key = |c: &Contribution| (c.feature == BASE, -c.contribution.abs());
        let (a, b) = (key(a), key(b));
        a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))
    });
    of_day
}

#[cfg(test)]
mod tests {
    use shared::valuation::{Information, Method};

    use super::*;

    #[test]
    fn older_days_are_rounded_and_the_newest_is_not() {
        let exact = 240.123_456_789;
        let interval = Interval {
            lower: exact,
            upper: exact,
        };
        let row = Valuation {
            date: "2024-09-23".parse().unwrap(),
            price: exact,
            valuation: exact,
            interval_80: Some(interval),
            interval_95: None,
            method: Method::Model,
            split: Split::Test,
            information: Information::Final,
        };
        let rows = [row.clone(), row.clone(), row.clone()];
        let shown = newest_rows(rows.iter(), 2);
        let told = |row: &Valuation| {
            let lower = row.interval_80.unwrap().lower;
            [row.price, row.valuation, lower].map(|value| value.to_string())
        };
        assert_eq!(told(&shown[0]), ["240.1235"; 3]);
        assert_eq!(shown[1], row);
        assert_eq!(shown.len(), 2);
        assert!(newest_rows([].iter(), 2).is_empty());
    }
}
