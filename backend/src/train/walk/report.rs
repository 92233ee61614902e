//! What a walk says of itself in the model card, and the gap beside a valuation.

use shared::card::{Choice, Parameters};
use shared::evaluation::Evaluation;
use shared::members::LinearModel;
use shared::valuation::Information;
use shared::walk::{GapReading, WalkCard};

use super::band_scores::interval_scores;
use super::evaluation::{Market, Periods, compare, evaluate};
use super::gap::residual_sums;
use super::intervals::normal_bands;
use super::members::{Members, WalkSettings};
use super::panel::{Panel, drivers, periods};
use super::pass::{Pass, previous};
use crate::assemble::Dataset;
use crate::preset::{Role, WalkPlan};
use crate::train::TrainError;

/// The years of the headline and the last rows that are scored together, as in the study.
pub(crate) const PERIODS: Periods = Periods {
    years: (2012, 2025),
    last: 300,
};
/// Residuals in the sum that tells what drivers leave unexplained over a month.
const RESIDUALS: usize = 20;

/// How often the members of this dataset are fitted at most.
pub(crate) fn fits(dataset: &Dataset, plan: &WalkPlan) -> usize {
    periods(&dataset.dates, plan).len()
}

/// The card of the pass that made the newest valuation; scores are those of the pass on `last` information.
pub(crate) fn report(
    information: Information,
    newest: &Pass,
    last: (&Dataset, &Pass),
    provisional: Option<(&Dataset, &Pass)>,
    choice: Option<Choice>,
) -> WalkCard {
    let (dataset, pass) = last;
    let market = market(dataset, pass);
    let forecasts = &pass.walk.forecasts;
    let known = forecasts.iter().flatten().count();
    let open = pass.shipped.iter().zip(&pass.is_open);
    let open = open.filter(|(forecast, open)| forecast.is_finite() && **open);
    let takeovers = dataset.dates.iter().zip(forecasts);
    let takeovers = takeovers.filter(|(_, f)| f.as_ref().is_some_and(|f| f.takes_over));
    let rules = Rules::new(dataset, pass);
    WalkCard {
        information,
        linear: linear_model(&newest.walk.last, &newest.panel, dataset),
        fitted_before: newest.walk.fitted_before,
        fits: newest.walk.fits,
        choice,
        shipped: open.count() as f64 / known.max(1) as f64,
        takeovers: takeovers.map(|(day, _)| *day).collect(),
        evaluations: rules.evaluations(&market),
        provisional: provisional.map(|(dataset, pass)| {
            let values = values(dataset, &pass.shipped);
            let market = self::market(dataset, pass);
            evaluate(
                "provisional",
                "Valuation at the close",
                &market,
                &values,
                PERIODS,
            )
        }),
        comparisons: ["linear", "trees"]
            .map(|member| {
                let of = |name| (name, rules.values(name));
                compare(&market, of("combined"), of(member))
            })
            .into(),
        intervals: interval_scores(
            &dataset.dates,
            &pass.shipped,
            &pass.panel.returns,
            &pass.bands.half_widths,
            &normal_bands(&pass.shipped, &pass.panel.returns),
        ),
    }
}

fn market<'a>(dataset: &'a Dataset, pass: &'a Pass) -> Market<'a> {
    Market {
        dates: &dataset.dates,
        prices: &dataset.price,
        previous: &dataset.previous_price,
        above_maximum: &pass.above_maximum,
    }
}

/// P_{t−1} · exp(forecast) by row.
fn values(dataset: &Dataset, forecasts: &[f64]) -> Vec<f64> {
    let pairs = dataset.previous_price.iter().zip(forecasts);
    pairs
        .map(|(price, forecast)| price * forecast.exp())
        .collect()
}

/// Rules by name, with the name for people and the values; known on the same rows.
struct Rules(Vec<(&'static str, &'static str, Vec<f64>)>);

impl Rules {
    fn new(dataset: &Dataset, pass: &Pass) -> Self {
        let members = |number: fn(&super::members::Forecast) -> f64| {
            values(dataset, &pass.walk.by_row(number))
        };
        let on_known_rows = |rule: Vec<f64>| -> Vec<f64> {
            let pairs = rule.into_iter().zip(&pass.combined);
            pairs
                .map(|(value, forecast)| value + 0.0 * forecast)
                .collect()
        };
        Self(vec![
            (
                "valuation",
                "Valuation as published",
                values(dataset, &pass.shipped),
            ),
            (
                "combined",
                "Both members, whatever their record",
                values(dataset, &pass.combined),
            ),
            ("linear", "Linear member alone", members(|f| f.linear)),
            ("trees", "Trees alone", members(|f| f.trees)),
            (
                "no_change",
                "Price of the day before",
                on_known_rows(dataset.previous_price.clone()),
            ),
            (
                "ema_previous",
                "Exponential mean up to the day before",
                on_known_rows(previous(&dataset.ema)),
            ),
        ])
    }

    fn values(&self, name: &str) -> &[f64] {
        let rule = self.0.iter().find(|(rule, ..)| *rule == name);
        rule.map_or(&[], |(_, _, values)| values)
    }

    fn evaluations(&self, market: &Market<'_>) -> Vec<Evaluation> {
        let rules = self.0.iter();
        rules
            .map(|(rule, label, values)| evaluate(rule, label, market, values, PERIODS))
            .collect()
    }
}

/// Both members as fitted for the dataset's last period with these parameters of the trees: the linear one, and the trees as
/// XGBoost writes them.
pub(crate) fn last_members(
    dataset: &Dataset,
    plan: &WalkPlan,
    parameters: &Parameters,
    seed: u64,
) -> Result<(LinearModel, Vec<u8>), TrainError> {
    let panel = Panel::new(dataset)?;
    let settings = WalkSettings {
        plan,
        parameters,
        seed,
        drivers: drivers(dataset).len(),
    };
    let until = periods(&dataset.dates, plan)
        .last()
        .map_or(0, |rows| rows.start);
    let members = Members::fit(&panel, &settings, until, &|| false)?;
    let members = members.ok_or_else(|| TrainError::TooFewRows {
        rows: panel.linear_rows(until).len(),
        needed: plan.min_rows,
    })?;
    Ok((linear_model(&members, &panel, dataset), members.trees.json))
}

fn linear_model(members: &Members, panel: &Panel, dataset: &Dataset) -> LinearModel {
    let member = &members.linear;
    let volatility = dataset.features.iter().find(|f| f.role == Role::Volatility);
    LinearModel {
        features: panel.linear.names.clone(),
        volatility: volatility.map(|f| f.name.clone()).unwrap_or_default(),
        limit: member.limit(),
        ..member.ridge().model()
    }
}

/// The gap and the residuals of a row; `None` where the gap is unknown.
pub(crate) fn reading(pass: &Pass, row: usize) -> Option<GapReading> {
    let value = pass.gaps.value[row];
    let residual = |row: usize| pass.panel.returns[row] - pass.shipped[row];
    let first = (row + 1).saturating_sub(RESIDUALS);
    let residuals: Vec<f64> = (first..=row).map(residual).collect();
    let sum = residual_sums(&residuals, RESIDUALS).last().copied();
    value.is_finite().then(|| GapReading {
        value,
        gap_pct: 100.0 * pass.gaps.gap[row],
        band: pass.gaps.band[row],
        limits: pass.gaps.limits[row],
        residual_pct: 100.0 * residual(row),
        residual_20_pct: sum.map(|sum| 100.0 * sum).filter(|sum| sum.is_finite()),
    })
}
