//! Faults of the data: rows that are wrong, missing, doubled or out of order.

use chrono::NaiveDate;
use rand::seq::SliceRandom;

use super::{Fault, Pick};
use crate::calendar::later;
use crate::market::generator::chance::stream;
use crate::market::rows::{Row, Rows};

const OUNCES_PER_GRAM: f64 = 1.0 / 31.103_476_8;

impl Fault {
    /// Alters the rows of an answer on the market's day `today`; the other kinds change nothing.
    pub(in crate::market) fn alter(&self, rows: &mut Rows, today: NaiveDate) {
        match self {
            Self::Nan { text, pick } => write_text(rows, pick, text.as_deref().unwrap_or("NaN")),
            Self::Dot { text, pick } => write_text(rows, pick, text.as_deref().unwrap_or(".")),
            Self::DuplicateDates { factor, pick } => {
                duplicate(rows, pick, factor.unwrap_or(1.001));
            }
            Self::UnsortedDates { seed } => {
                rows.list.shuffle(&mut stream(*seed, "unsorted dates"));
            }
            Self::NegativePrice { pick } => negate(rows, pick),
            Self::SplitJump {
                factor,
                from,
                count,
            } => split(rows, factor.unwrap_or(0.1), *from, count.unwrap_or(5)),
            Self::ChangedUnit { factor, unit } => {
                let unit = unit.clone();
                rows.unit = Some(unit.unwrap_or_else(|| "dollars per gram".to_owned()));
                let factor = factor.unwrap_or(OUNCES_PER_GRAM);
                rows.list.iter_mut().for_each(|row| scale(row, factor));
            }
            Self::MissingNewest { count } => drop_newest(rows, count.unwrap_or(1)),
            Self::FutureRow { days } => copy_into_future(rows, later(today, days.unwrap_or(3))),
            _ => {}
        }
    }
}

fn picked(rows: &Rows, pick: &Pick) -> Vec<usize> {
    if let Some(date) = pick.date {
        let found = rows.list.iter().enumerate();
        return found
            .filter(|(_, row)| row.date == date)
            .map(|(index, _)| index)
            .collect();
    }
    if let Some(every) = pick.every {
        let every = every.max(1);
        let newest = rows.newest(rows.list.len());
        return newest.into_iter().skip(every - 1).step_by(every).collect();
    }
    rows.newest(pick.count.unwrap_or(1))
}

fn write_text(rows: &mut Rows, pick: &Pick, text: &str) {
    for index in picked(rows, pick) {
        rows.list[index].values.fill(text.to_owned());
    }
}

fn duplicate(rows: &mut Rows, pick: &Pick, factor: f64) {
    let mut indices = picked(rows, pick);
    // From the end, so that the indices before stay right.
    indices.sort_unstable_by(|a, b| b.cmp(a));
    for index in indices {
        let mut copy = rows.list[index].clone();
        scale(&mut copy, factor);
        rows.list.insert(index + 1, copy);
    }
}

fn negate(rows: &mut Rows, pick: &Pick) {
    for index in picked(rows, pick) {
        for price in rows.list[index].prices_mut() {
            *price = format!("-{}", price.trim_start_matches('-'));
        }
    }
}

fn split(rows: &mut Rows, factor: f64, from: Option<NaiveDate>, count: usize) {
    let newest = rows.newest(count);
    for (index, row) in rows.list.iter_mut().enumerate() {
        if from.map_or_else(|| newest.contains(&index), |from| row.date >= from) {
            scale(row, factor);
            if let Some(volume) = row.volume_mut() {
                *volume = scaled(volume, 1.0 / factor, 0);
            }
        }
    }
}

fn drop_newest(rows: &mut Rows, count: usize) {
    let newest = rows.newest(count);
    let mut index = 0;
    rows.list.retain(|_| {
        index += 1;
        !newest.contains(&(index - 1))
    });
}

fn copy_into_future(rows: &mut Rows, date: NaiveDate) {
    let Some(newest) = rows.newest(1).first().copied() else {
        return;
    };
    let copy = Row {
        date,
        ..rows.list[newest].clone()
    };
    let place = if rows.descending { 0 } else { rows.list.len() };
    rows.list.insert(place, copy);
}

fn scale(row: &mut Row, factor: f64) {
    for price in row.prices_mut() {
        let decimals = price.split_once('.').map_or(0, |(_, after)| after.len());
        *price = scaled(price, factor, decimals.max(4));
    }
}

/// A number's text multiplied; what is no number stays as it is.
fn scaled(text: &str, factor: f64, decimals: usize) -> String {
    text.parse::<f64>().map_or_else(
        |_| text.to_owned(),
        |number| format!("{:.*}", decimals, number * factor),
    )
}
