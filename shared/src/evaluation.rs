//! How good the walk-forward's valuations, intervals and gaps were, period by period.

use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The scores of one rule over several periods.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Evaluation {
    /// The rule: `valuation`, `no_change`, `ema_previous`, a member's name, …
    pub rule: String,
    /// What it is, for people.
    pub label: String,
    /// One score a period that has rows: all, the years asked for, each year, each block, the last rows, the rows above the
    /// training maximum.
    pub periods: Vec<PeriodScore>,
}

/// A rule's errors on the rows of a period. Errors in percent are 100 × ln(price / value).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PeriodScore {
    /// Which rows.
    pub period: Period,
    /// Date of the first row scored.
    pub first: NaiveDate,
    /// Date of the last row scored.
    pub last: NaiveDate,
    /// Rows scored.
    pub rows: usize,
    /// Root mean squared error, in the price's unit.
    pub rmse: f64,
    /// Root mean squared error, in percent.
    pub rmse_pct: f64,
    /// Mean absolute error, in the price's unit.
    pub mae: f64,
    /// Mean absolute error, in percent.
    pub mae_pct: f64,
    /// 1 − MSE / MSE(no-change) on log returns; 0 where the price never moves.
    pub skill: f64,
    /// The same on errors in the price's unit.
    pub skill_price: f64,
    /// t of Diebold and Mariano's test against no-change on squared log errors (Newey–West, Harvey–Leybourne–Newbold
    /// corrected); above 0 the rule is better, 0 where nothing can be tested.
    pub dm_t: f64,
    /// Its two-sided p, 1 where nothing can be tested.
    pub dm_p: f64,
    /// Whether the rule's moves are too large or too small; absent where it never says a move.
    pub calibration: Option<Calibration>,
}

/// The regression of Mincer and Zarnowitz: `ln(P_t / P_{t−1})` on `ln(F_t / P_{t−1})`, where F is the valuation.
/// Right moves have intercept 0 and slope 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Calibration {
    /// The intercept, in percent.
    pub intercept_pct: f64,
    /// The slope: below 1 the rule's moves are too large.
    pub slope: f64,
    /// t of the hypothesis that the slope is 1 (Newey–West).
    pub slope_t: f64,
}

/// Rows that are scored together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Period {
    /// All out-of-sample rows.
    All,
    /// The years that the headline speaks of.
    Years {
        /// The first, whole.
        first: i32,
        /// The last, whole.
        last: i32,
    },
    /// A calendar year.
    Year {
        /// Which.
        year: i32,
    },
    /// Three calendar years; 2012 begins one.
    Block {
        /// The first of them.
        first: i32,
    },
    /// The last rows.
    Last {
        /// How many were asked for.
        rows: usize,
    },
    /// Rows whose previous price was above all prices that the model was trained on.
    AboveTrainingMaximum,
}

impl Period {
    /// Calendar years in a block.
    pub const BLOCK_YEARS: i32 = 3;

    /// The block in which `year` lies.
    pub const fn block_of(year: i32) -> Self {
        Self::Block {
            first: year - (year - 2012).rem_euclid(Self::BLOCK_YEARS),
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => write!(out, "all"),
            Self::Years { first, last } => write!(out, "{first}–{last}"),
            Self::Year { year } => write!(out, "{year}"),
            Self::Block { first } => write!(out, "{first}–{}", first + Self::BLOCK_YEARS - 1),
            Self::Last { rows } => write!(out, "last {rows} rows"),
            Self::AboveTrainingMaximum => write!(out, "above the training maximum"),
        }
    }
}

/// Whether one rule is better than another on the same rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Comparison {
    /// The rule tested.
    pub rule: String,
    /// The rule to beat.
    pub against: String,
    /// Rows on which both have a value.
    pub rows: usize,
    /// t of Diebold and Mariano's test on squared log errors; above 0 `rule` is better, 0 where nothing can be tested.
    pub dm_t: f64,
    /// Its two-sided p, 1 where nothing can be tested.
    pub dm_p: f64,
}

/// How good the intervals of one level were, next to the customary ones, on the same rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct IntervalScore {
    /// What they promise: 0.8 or 0.95.
    pub nominal: f64,
    /// Rows scored.
    pub rows: usize,
    /// The intervals.
    pub bands: BandScore,
    /// The same with the errors' exponentially weighted deviation (decay .94) and the normal distribution's quantile.
    pub baseline: BandScore,
    /// t of Diebold and Mariano's test on Winkler scores; above 0 the intervals are better than the baseline, 0 where nothing
    /// can be tested.
    pub dm_t: f64,
    /// Its two-sided p, 1 where nothing can be tested.
    pub dm_p: f64,
}

/// Coverage and width of intervals. Coverage alone is easy to fake with bands that swing; the Winkler score is not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BandScore {
    /// How often the band held the price.
    pub measured: f64,
    /// Mean width: 100 × ln(upper / lower).
    pub mean_width_pct: f64,
    /// Mean of Winkler's (1972) score, in percent: the width, and 2 / (1 − nominal) times by how much the price lay outside.
    /// Less is better.
    pub winkler_pct: f64,
    /// Coverage by calendar year, oldest first.
    pub years: Vec<YearCoverage>,
}

/// How often a band held the price in a calendar year.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct YearCoverage {
    /// The year.
    pub year: i32,
    /// The share of its rows that the band held.
    pub measured: f64,
    /// Rows counted.
    pub rows: usize,
}

/// Where a valuation gap stands among those of the last three years. It describes the day and forecasts nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum GapBand {
    /// Below 97.5 % of them.
    VeryCheap,
    /// Below 90 %.
    Cheap,
    /// Among the middle 80 %.
    Usual,
    /// Above 90 %.
    Rich,
    /// Above 97.5 %.
    VeryRich,
}

impl GapBand {
    /// The word in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::VeryCheap => "very_cheap",
            Self::Cheap => "cheap",
            Self::Usual => "usual",
            Self::Rich => "rich",
            Self::VeryRich => "very_rich",
        }
    }
}

/// The gaps that part the bands, in log units; a gap that equals one belongs to the band nearer to usual.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GapLimits {
    /// Below it: very cheap (2.5 % quantile).
    pub very_cheap: f64,
    /// Below it: cheap (10 %).
    pub cheap: f64,
    /// Above it: rich (90 %).
    pub rich: f64,
    /// Above it: very rich (97.5 %).
    pub very_rich: f64,
}

impl GapLimits {
    /// The band of `gap` (log units, finite).
    pub fn band(&self, gap: f64) -> GapBand {
        if gap < self.very_cheap {
            GapBand::VeryCheap
        } else if gap < self.cheap {
            GapBand::Cheap
        } else if gap <= self.rich {
            GapBand::Usual
        } else if gap <= self.very_rich {
            GapBand::Rich
        } else {
            GapBand::VeryRich
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_aligned_to_2012() {
        let first = |year| match Period::block_of(year) {
            Period::Block { first } => first,
            _ => 0,
        };
        assert_eq!(
            [2009, 2010, 2011, 2012, 2014, 2015, 2026].map(first),
            [2009, 2009, 2009, 2012, 2012, 2015, 2024]
        );
        assert_eq!(Period::block_of(2013).to_string(), "2012–2014");
        assert_eq!(Period::Last { rows: 300 }.to_string(), "last 300 rows");
    }

    #[test]
    fn a_period_is_tagged_on_the_wire() {
        let json = serde_json::to_string(&Period::Year { year: 2016 }).unwrap();
        assert_eq!(json, r#"{"kind":"year","year":2016}"#);
        let all: Period = serde_json::from_str(r#"{"kind":"all"}"#).unwrap();
        assert_eq!(all, Period::All);
    }

    #[test]
    fn a_gap_on_a_limit_belongs_nearer_to_usual() {
        let limits = GapLimits {
            very_cheap: -0.03,
            cheap: -0.01,
            rich: 0.01,
            very_rich: 0.03,
        };
        let bands = [-0.031, -0.03, -0.01, 0.0, 0.01, 0.011, 0.03, 0.031].map(|g| limits.band(g));
        assert_eq!(
            bands,
            [
                GapBand::VeryCheap,
                GapBand::Cheap,
                GapBand::Usual,
                GapBand::Usual,
                GapBand::Usual,
                GapBand::Rich,
                GapBand::Rich,
                GapBand::VeryRich,
            ]
        );
        assert!(GapBand::Cheap < GapBand::Usual && GapBand::Usual < GapBand::Rich);
        assert_eq!(
            serde_json::to_string(&GapBand::VeryRich).unwrap(),
            r#""very_rich""#
        );
    }
}
