//! What can be seen of a row, and how two looks at it differ.

use chrono::NaiveDate;

use super::TOLERANCE;
use crate::assemble::Dataset;

/// What a number is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A column that a model sees.
    Feature,
    /// Price, target, and what is defined by them: they alone may know the price of their day.
    Price,
    /// Where training ends.
    Split,
    /// A forecast, a valuation, a width: what the run says of the day.
    Said,
    /// By which rule it is said.
    Method,
}

/// Numbers of the last rows of a look, oldest first; NaN = unknown.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) values: Vec<f64>,
}

impl Column {
    /// A number of the newest row alone.
    pub(super) fn newest(name: &str, kind: Kind, value: f64) -> Self {
        Self {
            name: name.to_owned(),
            kind,
            values: vec![value],
        }
    }
}

/// All that is told of the rows up to a day.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Look {
    pub(super) dates: Vec<NaiveDate>,
    pub(super) columns: Vec<Column>,
}

impl Look {
    /// Features, prices and target of the rows up to `day`.
    pub(super) fn at(dataset: &Dataset, day: NaiveDate) -> Self {
        let end = dataset.dates.partition_point(|date| *date <= day);
        let column = |name: &str, kind, values: &[f64]| Column {
            name: name.to_owned(),
            kind,
            values: values[..end].to_vec(),
        };
        let pairs = dataset.features.iter().zip(&dataset.columns);
        let features = pairs.map(|(f, values)| column(&f.name, Kind::Feature, values));
        let prices = [
            ("price", &dataset.price),
            ("target", &dataset.target),
            ("previous_price", &dataset.previous_price),
            ("mean_of_price", &dataset.ema),
        ];
        let kind = |name| match name {
            "previous_price" => Kind::Feature,
            _ => Kind::Price,
        };
        let prices = prices.map(|(name, values)| column(name, kind(name), values));
        Self {
            dates: dataset.dates[..end].to_vec(),
            columns: features.chain(prices).collect(),
        }
    }
}

/// A number that is not the same in two looks.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Difference {
    pub(super) name: String,
    pub(super) kind: Kind,
    /// The look's own day if it shows there, else the day on which it is largest.
    pub(super) date: NaiveDate,
    /// `None` where one side has no number.
    pub(super) size: Option<f64>,
}

/// How two looks differ.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Compared {
    pub(super) numbers: usize,
    /// The largest difference of two numbers, small ones included.
    pub(super) largest: f64,
    pub(super) differences: Vec<Difference>,
}

/// Compares the columns that both looks have, over all their rows.
pub(super) fn compare(one: &Look, other: &Look) -> Compared {
    if one.dates != other.dates {
        return Compared {
            numbers: one.dates.len(),
            differences: rows_differ(one, other).into_iter().collect(),
            ..Compared::default()
        };
    }
    compare_columns(one, other, usize::MAX, |_| true)
}

/// Compares the newest row alone, less what may know the day's price.
pub(super) fn compare_newest(one: &Look, other: &Look) -> Compared {
    compare_columns(one, other, 1, |kind| kind != Kind::Price)
}

fn rows_differ(one: &Look, other: &Look) -> Option<Difference> {
    let mut pairs = one.dates.iter().zip(&other.dates);
    let first = pairs.find(|(a, b)| a != b).map(|(a, _)| a);
    let date = first.or(one.dates.last()).or(other.dates.last())?;
    Some(Difference {
        name: "rows".to_owned(),
        kind: Kind::Split,
        date: *date,
        size: None,
    })
}

fn compare_columns(
    one: &Look,
    other: &Look,
    rows: usize,
    of_interest: impl Fn(Kind) -> bool,
) -> Compared {
    let mut compared = Compared::default();
    for column in one.columns.iter().filter(|column| of_interest(column.kind)) {
        let same_name = |c: &&Column| c.name == column.name && c.kind == column.kind;
        let Some(twin) = other.columns.iter().find(same_name) else {
            continue;
        };
        let tail = |values: &[f64]| values[values.len().saturating_sub(rows)..].to_vec();
        let (a, b) = (tail(&column.values), tail(&twin.values));
        compared.numbers += a.len().min(b.len());
        compared.column(column, &a, &b, &one.dates);
    }
    compared
}

impl Compared {
    /// Adds another comparison of the same day: of two differences of a number the larger one stays.
    pub(super) fn absorb(&mut self, other: Self) {
        self.numbers += other.numbers;
        self.largest = self.largest.max(other.largest);
        let size = |difference: &Difference| difference.size.unwrap_or(f64::INFINITY);
        for difference in other.differences {
            let same = |d: &&mut Difference| d.name == difference.name;
            match self.differences.iter_mut().find(same) {
                Some(known) if size(known) >= size(&difference) => {}
                Some(known) => *known = difference,
                None => self.differences.push(difference),
            }
        }
    }

    /// Notes the difference of two columns that end on the last of `dates`.
    fn column(&mut self, column: &Column, a: &[f64], b: &[f64], dates: &[NaiveDate]) {
        let mut worst: Option<(usize, f64)> = None;
        let mut newest = None;
        for (back, (a, b)) in a.iter().rev().zip(b.iter().rev()).enumerate() {
            let size = size(*a, *b);
            if size.is_finite() {
                self.largest = self.largest.max(size);
            }
            if size > TOLERANCE && back == 0 {
                newest = Some((back, size));
            }
            if size > TOLERANCE && worst.is_none_or(|(_, most)| size > most) {
                worst = Some((back, size));
            }
        }
        let Some((back, size)) = newest.or(worst) else {
            return;
        };
        let Some(date) = dates.iter().rev().nth(back) else {
            return;
        };
        self.differences.push(Difference {
            name: column.name.clone(),
            kind: column.kind,
            date: *date,
            size: size.is_finite().then_some(size),
        });
    }
}

/// 0 for two unknown numbers, ∞ where one is unknown.
fn size(a: f64, b: f64) -> f64 {
    match (a.is_nan(), b.is_nan()) {
        (true, true) => 0.0,
        (false, false) if a.to_bits() == b.to_bits() => 0.0,
        (false, false) => (a - b).abs(),
        _ => f64::INFINITY,
    }
}
