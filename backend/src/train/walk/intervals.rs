//! Intervals around the walk-forward's valuation: a size of error to expect, and how often that was exceeded lately.
//!
//! Conformal prediction on errors over their expected size (Papadopoulos et al. 2002) in a rolling window, with the level
//! steered by Adaptive Conformal Inference (Gibbs and Candès 2021, <https://arxiv.org/abs/2106.00170>).

use chrono::NaiveDate;
use statrs::distribution::{ContinuousCDF, Normal};

use crate::train::intervals::NOMINAL;

use super::ewma::deviation_before;
use super::scale::{ALPHA, errors, newest_scale, scales};
use super::window::Window;

/// Ratios of error to scale looked back at.
const WINDOW: usize = 500;
/// Ratios needed before there is a band.
const LEAST: usize = 100;
/// How far one hit or miss moves the level.
const STEP: f64 = 0.01;
/// Where the level asks for more than was ever seen, the band is the largest ratio of the window times this.
const BEYOND: f64 = 1.5;

/// Half-widths by level (in the order of [`NOMINAL`]) and row, in log units; NaN where there is no band.
pub(crate) type HalfWidths = [Vec<f64>; NOMINAL.len()];

/// Bands of the recommended kind.
#[derive(Clone, Debug)]
pub(crate) struct Bands {
    /// The size of error that the scale model expects, by row; see [`scales`].
    pub scale: Vec<f64>,
    /// The band of row t is F · exp(± half-width).
    pub half_widths: HalfWidths,
}

/// Bands around `forecasts`; inputs as in [`scales`]. A band knows the outcomes of earlier rows only.
///
/// The half-width is q · scale, q being the k-th smallest |error| / scale of the last 500 rows, k = ⌈(n + 1)(1 − α)⌉. After
/// each row with a band α moves by 0.01 · (miss promised − missed), so that misses are followed by wider bands.
pub(crate) fn bands(
    dates: &[NaiveDate],
    forecasts: &[f64],
    outcomes: &[f64],
    extra: &[Vec<f64>],
) -> Bands {
    let scale = scales(dates, forecasts, outcomes, extra);
    let half_widths = adaptive(&errors(forecasts, outcomes), &scale);
    Bands { scale, half_widths }
}

/// The half-widths of the newest row alone, from the scales of the rows before it as [`bands`] gave them: its own scale takes
/// one fit instead of one a month.
pub(crate) fn newest_band(
    dates: &[NaiveDate],
    forecasts: &[f64],
    outcomes: &[f64],
    extra: &[Vec<f64>],
    scales_before: &[f64],
) -> [f64; NOMINAL.len()] {
    let mut scale = scales_before.to_vec();
    scale.push(newest_scale(dates, forecasts, outcomes, extra));
    let half_widths = adaptive(&errors(forecasts, outcomes), &scale);
    half_widths.map(|widths| widths.last().copied().unwrap_or(f64::NAN))
}

/// The customary bands to compare with: the errors' exponentially weighted deviation of the rows before (decay .94) times
/// the normal distribution's quantile. With forecasts of 0 they are those around no change.
pub(crate) fn normal_bands(forecasts: &[f64], outcomes: &[f64]) -> HalfWidths {
    let deviations = deviation_before(&errors(forecasts, outcomes), ALPHA);
    NOMINAL.map(|nominal| {
        let quantile = Normal::standard().inverse_cdf(0.5 + nominal / 2.0);
        deviations.iter().map(|d| quantile * d).collect()
    })
}

/// The half-widths of every row from the errors and scales before it, and its own scale.
fn adaptive(errors: &[f64], scale: &[f64]) -> HalfWidths {
    let mut window = Window::new(WINDOW);
    let mut levels = NOMINAL.map(Level::new);
    let mut half_widths = NOMINAL.map(|_| vec![f64::NAN; errors.len()]);
    for (row, (error, scale)) in errors.iter().zip(scale).enumerate() {
        let ratio = error.abs() / scale;
        for (level, widths) in levels.iter_mut().zip(&mut half_widths) {
            let Some(quantile) = level.quantile(window.sorted()) else {
                continue;
            };
            widths[row] = quantile * scale;
            if ratio.is_finite() {
                level.learn(ratio > quantile);
            }
        }
        window.push(ratio);
    }
    half_widths
}

/// One level's α.
struct Level {
    promised: f64,
    alpha: f64,
}

impl Level {
    fn new(nominal: f64) -> Self {
        Self {
            promised: 1.0 - nominal,
            alpha: 1.0 - nominal,
        }
    }

    /// The ratio that is exceeded with probability α, from the sorted ratios of the window.
    fn quantile(&self, sorted: &[f64]) -> Option<f64> {
        let largest = sorted.last().filter(|_| sorted.len() >= LEAST)?;
        // A negative number becomes 0: α above 1 asks for the smallest band there is.
        let k = ((sorted.len() + 1) as f64 * (1.0 - self.alpha)).ceil() as usize;
        let seen = sorted.get(k.saturating_sub(1));
        Some(seen.copied().unwrap_or(BEYOND * largest))
    }

    fn learn(&mut self, missed: bool) {
        self.alpha += STEP * (self.promised - f64::from(u8::from(missed)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::walk::fixture::{business_days, noise, same, with_other_future};

    #[test]
    fn a_quantile_is_the_kth_smallest_and_beyond_all_one_and_a_half_times_the_largest() {
        let sorted: Vec<f64> = (1..=200).map(f64::from).collect();
        let at = |alpha| {
            let level = Level {
                promised: 0.2,
                alpha,
            };
            level.quantile(&sorted)
        };
        // ⌈201 · 0.8⌉ = 161 and ⌈201 · 0.95⌉ = 191.
        assert_eq!(at(0.2), Some(161.0));
        assert_eq!(at(0.05), Some(191.0));
        assert_eq!(at(0.004), Some(300.0));
        assert_eq!(at(-0.3), Some(300.0));
        assert_eq!(at(1.2), Some(1.0));
        assert_eq!(Level::new(0.8).quantile(&sorted[..99]), None);
    }

    #[test]
    fn a_miss_widens_and_hits_narrow() {
        let mut level = Level::new(0.95);
        level.learn(true);
        assert!((level.alpha - (0.05 - 0.0095)).abs() < 1e-15);
        level.learn(false);
        assert!((level.alpha - (0.05 - 0.0095 + 0.0005)).abs() < 1e-15);
    }

    #[test]
    fn the_first_band_is_the_quantile_of_a_hundred_ratios_times_the_scale() {
        let errors: Vec<f64> = (1..=101).map(|row| f64::from(row) / 1000.0).collect();
        let widths = adaptive(&errors, &[0.5; 101]);
        assert!(widths[0][..100].iter().all(|width| width.is_nan()));
        // ⌈101 · 0.8⌉ = 81, ⌈101 · 0.95⌉ = 96.
        assert!((widths[0][100] - 0.081).abs() < 1e-15);
        assert!((widths[1][100] - 0.096).abs() < 1e-15);
    }

    /// Twice as large errors from the middle on, while the scale knows nothing of it.
    #[test]
    fn coverage_is_kept_through_a_change_that_the_scale_misses() {
        const ROWS: usize = 4000;
        let mut errors = noise(ROWS, 7);
        for error in &mut errors[2000..] {
            *error *= 2.0;
        }
        let widths = adaptive(&errors, &vec![1.0; ROWS]);
        for (place, nominal) in NOMINAL.iter().enumerate() {
            let held = |row: &usize| errors[*row].abs() <= widths[place][*row];
            let kept = (500..ROWS).filter(held).count() as f64 / (ROWS - 500) as f64;
            assert!((kept - nominal).abs() < 0.01, "{nominal}: {kept}");
        }
    }

    #[test]
    fn unknown_errors_and_scales_are_passed_over() {
        let mut errors = noise(300, 7);
        let mut scale = vec![1.0; 300];
        let whole = adaptive(&errors, &scale);
        errors.splice(150..150, [f64::NAN, 9.0]);
        scale.splice(150..150, [1.0, f64::NAN]);
        let gaps = adaptive(&errors, &scale);
        assert!(gaps[0][150].is_finite() && gaps[0][151].is_nan());
        assert!(same(&gaps[0][152..], &whole[0][150..]));
    }

    #[test]
    fn normal_bands_are_quantiles_times_the_deviation_before() {
        let widths = normal_bands(&[0.0; 3], &[0.03, -0.01, 0.5]);
        let deviation = ((1e-4 + 0.94 * 9e-4) / 1.94_f64).sqrt();
        assert!(widths[0][0].is_nan());
        assert!((widths[0][2] - 1.281_551_565_545 * deviation).abs() < 1e-9);
        assert!((widths[1][2] - 1.959_963_984_540 * deviation).abs() < 1e-9);
    }

    #[test]
    fn the_newest_band_alone_is_that_of_all_rows() {
        const ROWS: usize = 650;
        let dates = business_days(ROWS);
        let (forecasts, outcomes) = (noise(ROWS, 1), noise(ROWS, 2));
        let extra = [noise(ROWS, 4)];
        let whole = bands(&dates, &forecasts, &outcomes, &extra);
        for end in [420, 423, ROWS] {
            let newest = newest_band(
                &dates[..end],
                &forecasts[..end],
                &outcomes[..end],
                &[extra[0][..end].to_vec()],
                &whole.scale[..end - 1],
            );
            assert!(same(
                &newest,
                &[0, 1].map(|level| whole.half_widths[level][end - 1])
            ));
        }
    }

    #[test]
    fn no_band_depends_on_its_own_or_a_later_outcome() {
        const ROWS: usize = 650;
        let dates = business_days(ROWS);
        let (forecasts, outcomes, other) = (noise(ROWS, 1), noise(ROWS, 2), noise(ROWS, 3));
        let extra = [noise(ROWS, 4)];
        let whole = bands(&dates, &forecasts, &outcomes, &extra);
        assert!(whole.half_widths[1][400].is_finite());
        for end in [420, 600] {
            let short = [extra[0][..end].to_vec()];
            let cut = bands(&dates[..end], &forecasts[..end], &outcomes[..end], &short);
            let changed = with_other_future(&outcomes, end, &other);
            let after = bands(&dates, &forecasts, &changed, &extra);
            assert!(same(&after.scale[..=end], &whole.scale[..=end]));
            for level in 0..NOMINAL.len() {
                let whole = &whole.half_widths[level];
                assert!(same(&cut.half_widths[level], &whole[..end]));
                assert!(same(&after.half_widths[level][..=end], &whole[..=end]));
                assert!(!same(&after.half_widths[level], whole));
            }
        }
    }
}
