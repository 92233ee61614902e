//! The valuation gap without yesterday's price: where drivers put the price against its own mean, and how unusual that is.
//!
//! It describes the day. It closes because the mean and the drivers catch up, not because the price comes back.

use chrono::NaiveDate;
use shared::evaluation::{GapBand, GapLimits};

use super::refit::monthly_ridge;
use super::window::Window;

/// Rows needed before the model is fitted.
const LEAST: usize = 500;
/// Gaps looked back at for the bands: three years.
const WINDOW: usize = 750;
/// Gaps needed before there are bands: one year.
const LEAST_GAPS: usize = 250;

/// The gap by row.
#[derive(Clone, Debug)]
pub(crate) struct Gaps {
    /// F: the price that the drivers' distance from their own means speaks for, in the price's unit; NaN where unknown.
    pub value: Vec<f64>,
    /// ln(P / F), P being the price; above 0 it is rich. NaN where unknown.
    pub gap: Vec<f64>,
    /// What counts as usual at a row, from the gaps before it.
    pub limits: Vec<Option<GapLimits>>,
    /// Where the row's gap stands.
    pub band: Vec<Option<GapBand>>,
}

/// The gaps of every row from `first` on: a ridge of `ln(P_t / E_{t−1})` on `deviations`, refitted on the first row of each
/// month on all rows before it.
///
/// All inputs have one value a row, oldest first, NaN = unknown. `prices` are `P_t` and `anchors` `E_{t−1}`, the price's
/// exponential mean (span 30) of the row before, in one unit. `deviations` has a column a driver: its transformed level at t
/// less its own exponential mean at t − 1. `F_t = E_{t−1} · exp(prediction)`; neither it nor
/// the limits know `P_t`.
pub(crate) fn gaps(
    dates: &[NaiveDate],
    prices: &[f64],
    anchors: &[f64],
    deviations: &[Vec<f64>],
    first: usize,
) -> Gaps {
    let target: Vec<f64> = prices
        .iter()
        .zip(anchors)
        .map(|(price, anchor)| (price / anchor).ln())
        .collect();
    let columns: Vec<&[f64]> = deviations.iter().map(Vec::as_slice).collect();
    let predictions = monthly_ridge(dates, &columns, &target, first, LEAST, 0);
    let value = anchors
        .iter()
        .zip(&predictions)
        .map(|(anchor, prediction)| anchor * prediction.exp());
    let gap: Vec<f64> = target
        .iter()
        .zip(&predictions)
        .map(|(target, prediction)| target - prediction)
        .collect();
    let limits = limits_before(&gap);
    let band = |(gap, limits): (&f64, &Option<GapLimits>)| {
        limits.filter(|_| gap.is_finite()).map(|l| l.band(*gap))
    };
    Gaps {
        value: value.collect(),
        band: gap.iter().zip(&limits).map(band).collect(),
        gap,
        limits,
    }
}

/// For each row the sum of `residuals` (`ln(P_t / F_t)` of the fair valuation, in log units) over the last `rows` rows, its own
/// included: what the drivers did not explain. NaN where one of them is unknown.
pub(crate) fn residual_sums(residuals: &[f64], rows: usize) -> Vec<f64> {
    let sum = |end: usize| match end.checked_sub(rows) {
        Some(start) => residuals[start..end].iter().sum(),
        None => f64::NAN,
    };
    (1..=residuals.len()).map(sum).collect()
}

/// For each row the limits from the known gaps before it.
fn limits_before(gap: &[f64]) -> Vec<Option<GapLimits>> {
    let mut window = Window::new(WINDOW);
    let before = |gap: &f64| {
        let limits = limits(window.sorted());
        window.push(*gap);
        limits
    };
    gap.iter().map(before).collect()
}

fn limits(sorted: &[f64]) -> Option<GapLimits> {
    (sorted.len() >= LEAST_GAPS).then(|| GapLimits {
        very_cheap: quantile(sorted, 0.025),
        cheap: quantile(sorted, 0.1),
        rich: quantile(sorted, 0.9),
        very_rich: quantile(sorted, 0.975),
    })
}

/// The quantile by linear interpolation between the two nearest values (type 7 of Hyndman and Fan 1996, the usual default).
fn quantile(sorted: &[f64], probability: f64) -> f64 {
    let place = probability * (sorted.len() - 1) as f64;
    let below = sorted[place.floor() as usize];
    let above = sorted[place.ceil() as usize];
    below + (above - below) * place.fract()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::walk::fixture::{business_days, noise, same, with_other_future};

    const ROWS: usize = 1100;

    /// A price around 100 that stands by 2 × its driver's deviation and noise away from its mean.
    fn world() -> (Vec<f64>, Vec<f64>, Vec<Vec<f64>>) {
        let deviation: Vec<f64> = noise(ROWS, 1).iter().map(|value| value * 0.01).collect();
        let away = deviation
            .iter()
            .zip(noise(ROWS, 2))
            .map(|(deviation, noise)| 100.0 * (2.0 * deviation + 0.005 * noise).exp());
        (away.collect(), vec![100.0; ROWS], vec![deviation])
    }

    #[test]
    fn the_gap_is_what_the_drivers_do_not_explain() {
        let (prices, anchors, deviations) = world();
        let gaps = gaps(&business_days(ROWS), &prices, &anchors, &deviations, 500);
        assert!(gaps.gap[..500].iter().all(|gap| gap.is_nan()));
        let noise = noise(ROWS, 2);
        for row in 520..ROWS {
            assert!(
                (gaps.gap[row] - 0.005 * noise[row]).abs() < 1e-3,
                "row {row}"
            );
            let again = (prices[row] / gaps.value[row]).ln();
            assert!((gaps.gap[row] - again).abs() < 1e-12);
        }
        assert_eq!(gaps.limits.iter().position(Option::is_some), Some(750));
        // Noise is even from −0.5 % to 0.5 %: the limits are at ±0.4 % and ±0.475 %.
        let last = gaps.limits[ROWS - 1].unwrap();
        for (limit, expected) in [
            (last.very_cheap, -0.00475),
            (last.cheap, -0.004),
            (last.rich, 0.004),
            (last.very_rich, 0.00475),
        ] {
            assert!((limit - expected).abs() < 5e-4, "{limit} {expected}");
        }
        let usual = |band: &&Option<GapBand>| **band == Some(GapBand::Usual);
        let share = gaps.band.iter().filter(usual).count() as f64 / (ROWS - 750) as f64;
        assert!((share - 0.8).abs() < 0.07, "{share}");
    }

    #[test]
    fn quantiles_are_interpolated() {
        let sorted: Vec<f64> = (0..=10).map(f64::from).collect();
        assert!((quantile(&sorted, 0.1) - 1.0).abs() < 1e-12);
        assert!((quantile(&sorted, 0.025) - 0.25).abs() < 1e-12);
        assert!((quantile(&sorted, 0.975) - 9.75).abs() < 1e-12);
    }

    #[test]
    fn limits_look_back_750_known_gaps() {
        let mut before = vec![9.0; 100];
        before.extend((0..751).map(|gap| f64::from(gap) / 750.0));
        before.extend([f64::NAN; 30]);
        before.push(-9.0);
        // The last row's own gap says nothing; the 750 known ones before it run from 1/750 to 1.
        let all = limits_before(&before);
        let limits = all[before.len() - 1].unwrap();
        let at = |probability: f64| (1.0 + 749.0 * probability) / 750.0;
        assert!((limits.cheap - at(0.1)).abs() < 1e-12);
        assert!((limits.very_rich - at(0.975)).abs() < 1e-12);
        assert_eq!(all.iter().position(Option::is_some), Some(250));
    }

    #[test]
    fn sums_need_all_their_rows() {
        let sums = residual_sums(&[0.1, 0.2, f64::NAN, 0.3, 0.4, 0.5], 2);
        assert!((sums[1] - 0.3).abs() < 1e-15);
        assert!((sums[4] - 0.7).abs() < 1e-15);
        assert!((sums[5] - 0.9).abs() < 1e-15);
        assert!([0, 2, 3].iter().all(|row: &usize| sums[*row].is_nan()));
        assert!(residual_sums(&[0.1; 19], 20).iter().all(|sum| sum.is_nan()));
        assert!(residual_sums(&[], 20).is_empty());
    }

    #[test]
    fn neither_value_nor_limits_depend_on_their_own_or_a_later_price() {
        let (prices, anchors, deviations) = world();
        let dates = business_days(ROWS);
        let whole = gaps(&dates, &prices, &anchors, &deviations, 500);
        let other: Vec<f64> = prices.iter().map(|price| price * 1.3).collect();
        for end in [600, 901] {
            let short = [deviations[0][..end].to_vec()];
            let cut = gaps(&dates[..end], &prices[..end], &anchors[..end], &short, 500);
            assert!(same(&cut.gap, &whole.gap[..end]));
            assert_eq!(cut.band, whole.band[..end]);
            let changed = with_other_future(&prices, end, &other);
            let after = gaps(&dates, &changed, &anchors, &deviations, 500);
            assert!(same(&after.value[..=end], &whole.value[..=end]));
            assert_eq!(after.limits[..=end], whole.limits[..=end]);
            assert!(!same(&after.value, &whole.value));
        }
    }
}
