//! The checks between a vendor's rows and observations. Pure: the same rows give the same verdicts.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use shared::run::Rejected;

use super::date_shift::market_days;
use super::row::{Parsed, Row};
use crate::preset::{SeriesDef, Split};

/// A row that passed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Point {
    /// Reference date, put back on its market day.
    pub(super) date: NaiveDate,
    /// Value, on today's share where a split is known.
    pub(super) value: f64,
    /// First day on which the vendor reported it, where it says so.
    pub(super) vintage: Option<NaiveDate>,
}

/// What the checks made of an answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Checked {
    /// Rows that passed, by date and vintage.
    pub(super) points: Vec<Point>,
    /// Rows that did not.
    pub(super) rejected: Vec<Rejected>,
    /// How many of those look like a split or a changed unit: they will be refused again until somebody acts.
    pub(super) held_back: usize,
    /// Things worth a word that stopped nothing.
    pub(super) warnings: Vec<String>,
}

/// What the checks compare an answer with.
pub(super) struct Context<'a> {
    /// The series' definition.
    pub(super) def: &'a SeriesDef,
    /// The newest value known for each date.
    pub(super) known: &'a BTreeMap<NaiveDate, f64>,
    /// The day of the answer (UTC).
    pub(super) today: NaiveDate,
    /// SHA-256 of the answer.
    pub(super) source: &'a str,
}

/// Rows to look ahead for a price that comes back after a jump.
const COMES_BACK_WITHIN: usize = 10;

/// Checks one answer.
pub(super) fn check(parsed: &Parsed, context: &Context<'_>) -> Checked {
    let mut checked = Checked::default();
    let mut candidates = read_rows(parsed, context, &mut checked);
    warn_of_disorder(&candidates, &mut checked);
    candidates.sort_by_key(|(point, _)| (point.date, point.vintage));
    let candidates = without_conflicts(&candidates, context, &mut checked);
    let candidates = on_one_share(candidates, &context.def.splits);
    let candidates = without_rescaled(candidates, context, &mut checked);
    checked.points = without_jumps(candidates, context, &mut checked);
    checked
}

/// A candidate with the row that it came from, for the case that it is refused.
type Candidate<'a> = (Point, &'a Row);

fn read_rows<'a>(
    parsed: &'a Parsed,
    context: &Context<'_>,
    checked: &mut Checked,
) -> Vec<Candidate<'a>> {
    let mut candidates = Vec::with_capacity(parsed.rows.len());
    for row in &parsed.rows {
        match read_row(row, context) {
            Ok(Some(point)) => candidates.push((point, row)),
            Ok(None) => {}
            Err(reason) => checked.rejected.push(row.rejected(reason, context.source)),
        }
    }
    if let Some(shift) = context.def.date_shift {
        let dates: Vec<NaiveDate> = candidates.iter().map(|(point, _)| point.date).collect();
        let days = market_days(shift, &dates);
        candidates = candidates
            .into_iter()
            .zip(days)
            .filter_map(|((point, row), day)| day.map(|date| (Point { date, ..point }, row)))
            .collect();
    }
    candidates
}

/// The row as a point; `None` where the vendor says that there is no value.
fn read_row(row: &Row, context: &Context<'_>) -> Result<Option<Point>, String> {
    let date: NaiveDate = row.date.parse().map_err(|_| "not a date".to_owned())?;
    if matches!(row.value.as_str(), "" | "." | "None" | "null") {
        return Ok(None);
    }
    let value: f64 = row.value.parse().map_err(|_| "not a number".to_owned())?;
    if !value.is_finite() {
        return Err("not a number".to_owned());
    }
    if date > context.today {
        return Err("dated after the day of the answer".to_owned());
    }
    if let Some(min) = context.def.min.filter(|min| value < *min) {
        return Err(format!("below the smallest plausible value {min}"));
    }
    if let Some(max) = context.def.max.filter(|max| value > *max) {
        return Err(format!("above the largest plausible value {max}"));
    }
    let vintage = row.vintage;
    Ok(Some(Point {
        date,
        value,
        vintage,
    }))
}

fn warn_of_disorder(candidates: &[Candidate<'_>], checked: &mut Checked) {
    let dates = || candidates.iter().map(|(point, _)| point.date);
    if !dates().is_sorted() && !dates().rev().is_sorted() {
        let warning = "the rows came in no order of date; they were sorted";
        checked.warnings.push(warning.to_owned());
    }
}

/// Drops repeated rows. Where one date has two values, nobody can say which is right: both are refused.
fn without_conflicts<'a>(
    candidates: &[Candidate<'a>],
    context: &Context<'_>,
    checked: &mut Checked,
) -> Vec<Candidate<'a>> {
    let same_row =
        |a: &Candidate<'_>, b: &Candidate<'_>| (a.0.date, a.0.vintage) == (b.0.date, b.0.vintage);
    let mut kept = Vec::with_capacity(candidates.len());
    for group in candidates.chunk_by(same_row) {
        if group
            .iter()
            .all(|(point, _)| point.value.to_bits() == group[0].0.value.to_bits())
        {
            kept.push(group[0]);
        } else {
            let refused = group
                .iter()
                .map(|(_, row)| row.rejected("two different values for one date", context.source));
            checked.rejected.extend(refused);
        }
    }
    kept
}

/// Brings prices before a known split to the new share, if the answer shows the split at all: some vendors adjust themselves.
fn on_one_share<'a>(mut candidates: Vec<Candidate<'a>>, splits: &[Split]) -> Vec<Candidate<'a>> {
    for split in splits.iter().filter(|split| split.adjust) {
        let first_after = candidates.partition_point(|(point, _)| point.date < split.on);
        let shown = first_after > 0
            && candidates.get(first_after).is_some_and(|(after, _)| {
                is_split(
                    after.value / candidates[first_after - 1].0.value,
                    split.ratio,
                )
            });
        if shown {
            for (point, _) in &mut candidates[..first_after] {
                point.value *= split.ratio;
            }
        }
    }
    candidates
}

/// Whether a day's ratio is that of the split, give or take a day's move.
fn is_split(ratio: f64, expected: f64) -> bool {
    (ratio / expected).ln().abs() < 1.5_f64.ln()
}

/// Refuses rows whose value is another multiple of what was known for the same date: a changed unit, or a split that rewrote history.
fn without_rescaled<'a>(
    candidates: Vec<Candidate<'a>>,
    context: &Context<'_>,
    checked: &mut Checked,
) -> Vec<Candidate<'a>> {
    let Some(factor) = context.def.split_factor else {
        return candidates;
    };
    let mut kept = Vec::with_capacity(candidates.len());
    for (point, row) in candidates {
        match context.known.get(&point.date) {
            Some(&known) if beyond(point.value, known, factor) => {
                let reason = format!(
                    "looks like a changed unit or a split: {known} was known for this date"
                );
                checked.held_back += 1;
                checked.rejected.push(row.rejected(reason, context.source));
            }
            _ => kept.push((point, row)),
        }
    }
    kept
}

/// Refuses all rows from a jump on that does not come back, and single rows that jump far and come back.
fn without_jumps(
    candidates: Vec<Candidate<'_>>,
    context: &Context<'_>,
    checked: &mut Checked,
) -> Vec<Point> {
    let Some(factor) = context.def.split_factor else {
        return candidates.into_iter().map(|(point, _)| point).collect();
    };
    let mut kept: Vec<Point> = Vec::with_capacity(candidates.len());
    for (index, &(point, row)) in candidates.iter().enumerate() {
        let before = value_before(point.date, &kept, context.known);
        let jumped = before.filter(|before| beyond(point.value, *before, factor));
        let Some(before) = jumped.filter(|before| !is_known_split(point, *before, context)) else {
            kept.push(point);
            continue;
        };
        let later = candidates.iter().skip(index + 1).take(COMES_BACK_WITHIN);
        let comes_back = later
            .clone()
            .any(|(later, _)| !beyond(later.value, before, factor));
        if comes_back && !beyond(point.value, before, factor * factor) {
            kept.push(point);
        } else if comes_back {
            let reason = format!("a spike: {before} the row before, and back soon after");
            checked.rejected.push(row.rejected(reason, context.source));
        } else {
            let reason = format!(
                "looks like a split or a changed unit: {before} before {}, then {}",
                point.date, point.value
            );
            let held = candidates[index..].iter();
            checked.held_back += held.len();
            let held = held.map(|(_, row)| row.rejected(&*reason, context.source));
            checked.rejected.extend(held);
            break;
        }
    }
    kept
}

/// The newest value before a date: of this answer, or known from before.
fn value_before(date: NaiveDate, kept: &[Point], known: &BTreeMap<NaiveDate, f64>) -> Option<f64> {
    let of_answer = kept.last().map(|point| (point.date, point.value));
    let of_lake = known.range(..date).next_back();
    let of_lake = of_lake.map(|(day, value)| (*day, *value));
    let later = match (of_answer, of_lake) {
        (Some(answer), Some(lake)) if lake.0 > answer.0 => Some(lake),
        (answer, lake) => answer.or(lake),
    };
    later.map(|(_, value)| value)
}

fn is_known_split(point: Point, before: f64, context: &Context<'_>) -> bool {
    let splits = context.def.splits.iter();
    splits.clone().any(|split| {
        let days = (point.date - split.on).num_days();
        (0..=7).contains(&days) && is_split(point.value / before, split.ratio)
    })
}

/// Whether two positive values are more than `factor` apart. Says nothing of values of zero and below.
fn beyond(a: f64, b: f64, factor: f64) -> bool {
    a > 0.0 && b > 0.0 && (a / b > factor || b / a > factor)
}
