//! The errors of a rule over years, blocks of years and other periods.

use chrono::{Datelike, NaiveDate};
use shared::evaluation::{Calibration, Comparison, Evaluation, Period, PeriodScore};

use crate::train::skill::diebold_mariano;

use super::regression::line;

/// What the rules are measured against; one value a row, oldest first, NaN = unknown, prices in one unit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Market<'a> {
    /// The rows' days.
    pub dates: &'a [NaiveDate],
    /// The price of the day, `P_t`.
    pub prices: &'a [f64],
    /// The price of the row before, `P_{t−1}`: no change.
    pub previous: &'a [f64],
    /// Whether `P_{t−1}` was above every price that the row's model was trained on.
    pub above_maximum: &'a [bool],
}

/// The periods that depend on taste. All rows, years, blocks and the rows above the maximum are always scored.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Periods {
    /// The first and the last year of the headline, both whole.
    pub years: (i32, i32),
    /// How many rows count as the last.
    pub last: usize,
}

/// Scores `values` (`F_t` by row, in the price's unit) under the name `rule`; `label` is the name for people.
///
/// Rows count where price, previous price and value are known and above zero. To compare rules, give them values on the
/// same rows. Periods without rows are left out.
pub(crate) fn evaluate(
    rule: &str,
    label: &str,
    market: &Market<'_>,
    values: &[f64],
    periods: Periods,
) -> Evaluation {
    let rows = 0..market.dates.len();
    let scored: Vec<Scored> = rows
        .filter_map(|row| Scored::at(market, values, row))
        .collect();
    Evaluation {
        rule: rule.to_owned(),
        label: label.to_owned(),
        periods: cut(&scored, periods)
            .into_iter()
            .filter_map(|(period, rows)| period_score(period, &rows))
            .collect(),
    }
}

/// Whether the first of two rules (name, and values by row) is better than the second, on the rows on which both have a
/// value: Diebold and Mariano's test on squared log errors.
pub(crate) fn compare(
    market: &Market<'_>,
    rule: (&str, &[f64]),
    against: (&str, &[f64]),
) -> Comparison {
    let gain = |row: usize| {
        let squared = |values| Some(Scored::at(market, values, row)?.log_error().powi(2));
        Some(squared(against.1)? - squared(rule.1)?)
    };
    let gains: Vec<f64> = (0..market.dates.len()).filter_map(gain).collect();
    let (dm_t, dm_p) = diebold_mariano(&gains).unwrap_or((0.0, 1.0));
    Comparison {
        rule: rule.0.to_owned(),
        against: against.0.to_owned(),
        rows: gains.len(),
        dm_t,
        dm_p,
    }
}

/// A row that can be scored.
#[derive(Clone, Copy)]
struct Scored {
    date: NaiveDate,
    price: f64,
    previous: f64,
    value: f64,
    above_maximum: bool,
}

impl Scored {
    fn at(market: &Market<'_>, values: &[f64], row: usize) -> Option<Self> {
        let scored = Self {
            date: market.dates[row],
            price: market.prices[row],
            previous: market.previous[row],
            value: values[row],
            above_maximum: market.above_maximum[row],
        };
        let is_price = |value: f64| value.is_finite() && value > 0.0;
        let complete = [scored.price, scored.previous, scored.value];
        complete.into_iter().all(is_price).then_some(scored)
    }

    fn log_error(&self) -> f64 {
        (self.price / self.value).ln()
    }

    /// `ln(P_t / P_{t−1})`: the log error of no change.
    fn outcome(&self) -> f64 {
        (self.price / self.previous).ln()
    }

    /// `ln(F_t / P_{t−1})`.
    fn forecast(&self) -> f64 {
        (self.value / self.previous).ln()
    }
}

/// The rows of each period, in the order in which the periods are shown.
fn cut(rows: &[Scored], periods: Periods) -> Vec<(Period, Vec<Scored>)> {
    let year = |row: &Scored| row.date.year();
    let block = |row: &Scored| Period::block_of(year(row));
    let those = |wanted: &dyn Fn(&Scored) -> bool| -> Vec<Scored> {
        rows.iter().copied().filter(|row| wanted(row)).collect()
    };
    let (first, last) = periods.years;
    let mut cut = vec![
        (Period::All, rows.to_vec()),
        (
            Period::Years { first, last },
            those(&|row| (first..=last).contains(&year(row))),
        ),
    ];
    for rows in rows.chunk_by(|a, b| year(a) == year(b)) {
        let year = year(&rows[0]);
        cut.push((Period::Year { year }, rows.to_vec()));
    }
    for rows in rows.chunk_by(|a, b| block(a) == block(b)) {
        cut.push((block(&rows[0]), rows.to_vec()));
    }
    let last = rows.len().saturating_sub(periods.last);
    cut.push((Period::Last { rows: periods.last }, rows[last..].to_vec()));
    let above = those(&|row| row.above_maximum);
    cut.push((Period::AboveTrainingMaximum, above));
    cut
}

/// The errors on `rows`; `None` without any.
fn period_score(period: Period, rows: &[Scored]) -> Option<PeriodScore> {
    let mean =
        |loss: &dyn Fn(&Scored) -> f64| rows.iter().map(loss).sum::<f64>() / rows.len() as f64;
    let squared = mean(&|row| (row.price - row.value).powi(2));
    let squared_log = mean(&|row| row.log_error().powi(2));
    let gains: Vec<f64> = rows
        .iter()
        .map(|row| row.outcome().powi(2) - row.log_error().powi(2))
        .collect();
    let (dm_t, dm_p) = diebold_mariano(&gains).unwrap_or((0.0, 1.0));
    Some(PeriodScore {
        period,
        first: rows.first()?.date,
        last: rows.last()?.date,
        rows: rows.len(),
        rmse: squared.sqrt(),
        rmse_pct: 100.0 * squared_log.sqrt(),
        mae: mean(&|row| (row.price - row.value).abs()),
        mae_pct: 100.0 * mean(&|row| row.log_error().abs()),
        skill: skill(squared_log, mean(&|row| row.outcome().powi(2))),
        skill_price: skill(squared, mean(&|row| (row.price - row.previous).powi(2))),
        dm_t,
        dm_p,
        calibration: calibration(rows),
    })
}

/// 1 − MSE / MSE(no-change); 0 where there is no change.
fn skill(squared: f64, no_change: f64) -> f64 {
    if no_change > 0.0 {
        1.0 - squared / no_change
    } else {
        0.0
    }
}

/// Mincer and Zarnowitz's (1969) regression of the outcome on the forecast; `None` where the slope cannot be tested.
fn calibration(rows: &[Scored]) -> Option<Calibration> {
    let forecasts: Vec<f64> = rows.iter().map(Scored::forecast).collect();
    let outcomes: Vec<f64> = rows.iter().map(Scored::outcome).collect();
    let line = line(&forecasts, &outcomes).filter(|line| line.slope_error > 0.0)?;
    Some(Calibration {
        intercept_pct: 100.0 * line.intercept,
        slope: line.slope,
        slope_t: (line.slope - 1.0) / line.slope_error,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::walk::fixture::{business_days, noise};

    const PERIODS: Periods = Periods {
        years: (2010, 2012),
        last: 300,
    };

    /// Prices that follow noise of up to 1 % a day, and the price before each.
    struct World {
        dates: Vec<NaiveDate>,
        prices: Vec<f64>,
        previous: Vec<f64>,
        above: Vec<bool>,
    }

    impl World {
        fn new(rows: usize) -> Self {
            let mut level = 100.0;
            let mut follow = |change: f64| {
                level *= (change / 100.0_f64).exp();
                level
            };
            let prices: Vec<f64> = noise(rows, 1).into_iter().map(&mut follow).collect();
            Self {
                dates: business_days(rows),
                previous: [&[100.0], &prices[..rows - 1]].concat(),
                above: (0..rows).map(|row| row % 10 == 0).collect(),
                prices,
            }
        }

        fn market(&self) -> Market<'_> {
            Market {
                dates: &self.dates,
                prices: &self.prices,
                previous: &self.previous,
                above_maximum: &self.above,
            }
        }

        /// P_{t−1} · exp(share of the move that is known, plus an error).
        fn values(&self, share: f64) -> Vec<f64> {
            let value = |row: usize| {
                let outcome = (self.prices[row] / self.previous[row]).ln();
                let error = 0.002 * noise(self.prices.len(), 2)[row];
                self.previous[row] * (share * outcome + error).exp()
            };
            (0..self.prices.len()).map(value).collect()
        }
    }

    fn of(evaluation: &Evaluation, period: Period) -> PeriodScore {
        let found = evaluation
            .periods
            .iter()
            .find(|score| score.period == period);
        found.unwrap().clone()
    }

    #[test]
    fn errors_and_skills_are_those_computed_by_hand() {
        let market = Market {
            dates: &business_days(3),
            prices: &[110.0, 100.0, 121.0],
            previous: &[100.0, 110.0, 100.0],
            above_maximum: &[false; 3],
        };
        let values = [105.0, 104.0, 121.0];
        let all = of(
            &evaluate("fair", "Fair", &market, &values, PERIODS),
            Period::All,
        );
        assert_eq!(all.rows, 3);
        assert!((all.rmse - (41.0_f64 / 3.0).sqrt()).abs() < 1e-12);
        assert!((all.mae - 3.0).abs() < 1e-12);
        let (a, b) = ((110.0_f64 / 105.0).ln(), (1.04_f64).ln());
        assert!((all.rmse_pct - 100.0 * ((a * a + b * b) / 3.0).sqrt()).abs() < 1e-12);
        assert!((all.mae_pct - 100.0 * (a + b) / 3.0).abs() < 1e-12);
        let (one, two) = (1.1_f64.ln(), 1.21_f64.ln());
        let expected = 1.0 - (a * a + b * b) / (2.0 * one * one + two * two);
        assert!((all.skill - expected).abs() < 1e-12);
        assert!((all.skill_price - (1.0 - 41.0 / 641.0)).abs() < 1e-12);
    }

    #[test]
    fn every_period_is_scored_on_its_rows() {
        let world = World::new(1000);
        let values = world.values(0.5);
        let evaluation = evaluate("fair", "Fair", &world.market(), &values, PERIODS);
        let rows: Vec<(String, usize)> = evaluation
            .periods
            .iter()
            .map(|score| (score.period.to_string(), score.rows))
            .collect();
        let expected = [
            ("all", 1000),
            ("2010–2012", 782),
            ("2010", 261),
            ("2011", 260),
            ("2012", 261),
            ("2013", 218),
            ("2009–2011", 521),
            ("2012–2014", 479),
            ("last 300 rows", 300),
            ("above the training maximum", 100),
        ];
        let expected = expected.map(|(name, rows)| (name.to_owned(), rows));
        assert_eq!(rows, expected);
        let year = of(&evaluation, Period::Year { year: 2011 });
        assert_eq!(year.first.to_string(), "2011-01-03");
        assert_eq!(year.last.to_string(), "2011-12-30");
        let alone = Market {
            dates: &world.dates[261..521],
            prices: &world.prices[261..521],
            previous: &world.previous[261..521],
            above_maximum: &world.above[261..521],
        };
        let again = evaluate("fair", "Fair", &alone, &values[261..521], PERIODS);
        let all = of(&again, Period::All);
        assert_eq!(
            PeriodScore {
                period: year.period,
                ..all
            },
            year
        );
    }

    #[test]
    fn half_moves_have_a_slope_of_two_and_skill_of_three_quarters() {
        let world = World::new(1000);
        let evaluation = evaluate("fair", "", &world.market(), &world.values(0.5), PERIODS);
        let all = of(&evaluation, Period::All);
        // Errors: half the move (variance ¼) and noise of 0.2 of it (variance 0.04).
        assert!((all.skill - 0.71).abs() < 0.02, "{}", all.skill);
        assert!(all.dm_t > 10.0 && all.dm_p < 1e-12);
        let calibration = all.calibration.unwrap();
        // The noise weakens the slope: ½ / (¼ + 0.04).
        assert!((calibration.slope - 0.5 / 0.29).abs() < 0.05);
        assert!(calibration.slope_t > 20.0);
        assert!(calibration.intercept_pct.abs() < 0.05);
    }

    #[test]
    fn no_change_has_no_skill_and_no_calibration() {
        let world = World::new(100);
        let market = world.market();
        let evaluation = evaluate("no_change", "", &market, &world.previous, PERIODS);
        let all = of(&evaluation, Period::All);
        assert_eq!((all.skill, all.skill_price), (0.0, 0.0));
        assert_eq!((all.dm_t, all.dm_p), (0.0, 1.0));
        assert_eq!(all.calibration, None);
        let still = Market {
            prices: &world.previous,
            ..market
        };
        let perfect = evaluate("no_change", "", &still, &world.previous, PERIODS);
        assert!(of(&perfect, Period::All).skill.abs() < 1e-15);
    }

    #[test]
    fn rows_without_a_value_do_not_count() {
        let world = World::new(100);
        let mut values = world.values(0.5);
        values[3] = f64::NAN;
        values[4] = 0.0;
        let evaluation = evaluate("fair", "", &world.market(), &values, PERIODS);
        assert_eq!(of(&evaluation, Period::All).rows, 98);
        let none = evaluate("fair", "", &world.market(), &[f64::NAN; 100], PERIODS);
        assert!(none.periods.is_empty());
    }

    #[test]
    fn a_comparison_is_antisymmetric_and_on_common_rows() {
        let world = World::new(600);
        let (mut half, most) = (world.values(0.5), world.values(0.9));
        half[7] = f64::NAN;
        let market = world.market();
        let better = compare(&market, ("most", &most), ("half", &half));
        let worse = compare(&market, ("half", &half), ("most", &most));
        assert_eq!(
            (better.rule.as_str(), better.against.as_str()),
            ("most", "half")
        );
        assert_eq!(better.rows, 599);
        assert!(better.dm_t > 5.0);
        assert!((better.dm_t + worse.dm_t).abs() < 1e-9);
        let equal = compare(&market, ("a", &most), ("b", &most));
        assert_eq!((equal.dm_t, equal.dm_p), (0.0, 1.0));
    }
}
