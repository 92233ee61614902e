//! What a chart shows, before it is drawn: days, panes, layers, shaded spans and marked days. Pure.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveTime};

use crate::format;

/// A chart over days that all its layers share.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Plot {
    /// The days, oldest first, each once.
    pub(crate) days: Vec<NaiveDate>,
    /// The panes from top to bottom.
    pub(crate) panes: Vec<Pane>,
    /// Spans of days with another ground.
    pub(crate) shades: Vec<Shade>,
    /// Days that carry a mark at the bottom of the first pane, by their places in [`Plot::days`].
    pub(crate) marks: Vec<usize>,
}

/// A part of the chart with a scale of its own.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Pane {
    /// How its numbers are written.
    pub(crate) scale: Scale,
    /// Its height relative to the other panes'.
    pub(crate) height: f64,
    /// What is drawn, the lowest first.
    pub(crate) layers: Vec<Layer>,
}

/// One thing that is drawn.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Layer {
    /// Its name in legend, table and speech.
    pub(crate) name: String,
    /// The token of its colour: `price` is `--chart-price` of the style sheet.
    pub(crate) colour: &'static str,
    /// Its form and values, as many as there are days; NaN where a day has none.
    pub(crate) shape: Shape,
}

/// Form and values of a layer.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Shape {
    /// A line from day to day.
    Line(Vec<f64>),
    /// A dashed line.
    Dashed(Vec<f64>),
    /// A line that keeps its height until the next value.
    Steps(Vec<f64>),
    /// Columns from zero: in the colour `over` above it, `under` below.
    Columns(Vec<f64>),
    /// The space between a lower and an upper end.
    Band(Vec<f64>, Vec<f64>),
}

/// A span of days, both ends by their places in [`Plot::days`] and inclusive.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Shade {
    /// The first day.
    pub(crate) from: usize,
    /// The last day.
    pub(crate) to: usize,
    /// The token of its colour.
    pub(crate) colour: &'static str,
}

/// How a pane's numbers are written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Scale {
    /// What stands before a number: `$`.
    pub(crate) prefix: &'static str,
    /// What stands after it: `%`.
    pub(crate) suffix: &'static str,
    /// Digits after the point.
    pub(crate) digits: usize,
    /// Whether numbers above zero carry a plus.
    pub(crate) signed: bool,
}

impl Scale {
    /// A value as it is read: `$1,234.50`, `+1.2%`, or a dash where there is none.
    pub(crate) fn write(&self, value: f64) -> String {
        if value.is_nan() {
            return format::NONE.to_owned();
        }
        let number = format::grouped(value.abs(), self.digits);
        let is_zero = number.chars().all(|c| matches!(c, '0' | '.'));
        let sign = match (is_zero, value < 0.0) {
            (false, true) => "\u{2212}",
            (false, false) if self.signed => "+",
            _ => "",
        };
        format!("{sign}{}{number}{}", self.prefix, self.suffix)
    }
}

impl Layer {
    /// The text of its value on the day at `index`; of a band both ends.
    pub(crate) fn write(&self, index: usize, scale: &Scale) -> String {
        let at = |values: &[f64]| values.get(index).copied().unwrap_or(f64::NAN);
        match &self.shape {
            Shape::Line(values)
            | Shape::Dashed(values)
            | Shape::Steps(values)
            | Shape::Columns(values) => scale.write(at(values)),
            Shape::Band(lower, _) if at(lower).is_nan() => format::NONE.to_owned(),
            Shape::Band(lower, upper) => {
                format!("{} to {}", scale.write(at(lower)), scale.write(at(upper)))
            }
        }
    }
}

impl Plot {
    /// Midnight UTC of each day, in seconds since 1970.
    pub(super) fn times(&self) -> Vec<f64> {
        let midnight = |day: &NaiveDate| day.and_time(NaiveTime::MIN).and_utc().timestamp() as f64;
        self.days.iter().map(midnight).collect()
    }

    /// All layers with the scale of their pane, from top to bottom.
    pub(crate) fn layers(&self) -> impl Iterator<Item = (&Scale, &Layer)> {
        let panes = self.panes.iter();
        panes.flat_map(|pane| pane.layers.iter().map(|layer| (&pane.scale, layer)))
    }
}

/// Series of different days on the union of their days: the days, and for each series a value or NaN a day.
pub(crate) fn align(series: &[Vec<(NaiveDate, f64)>]) -> (Vec<NaiveDate>, Vec<Vec<f64>>) {
    let mut places: BTreeMap<NaiveDate, usize> = BTreeMap::new();
    for (day, _) in series.iter().flatten() {
        places.insert(*day, 0);
    }
    for (place, slot) in places.values_mut().enumerate() {
        *slot = place;
    }
    let laid = series.iter().map(|one| {
        let mut values = vec![f64::NAN; places.len()];
        for (day, value) in one {
            values[places[day]] = *value;
        }
        values
    });
    let values = laid.collect();
    (places.into_keys().collect(), values)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn series_of_different_days_share_the_union_of_them() {
        let daily = vec![(day("2024-01-02"), 1.0), (day("2024-01-03"), 2.0)];
        let weekly = vec![(day("2024-01-01"), 9.0), (day("2024-01-03"), 8.0)];
        let (days, values) = align(&[daily, weekly]);
        assert_eq!(days, ["2024-01-01", "2024-01-02", "2024-01-03"].map(day));
        assert!(values[0][0].is_nan() && values[1][1].is_nan());
        assert_eq!((values[0][2], values[1][0]), (2.0, 9.0));
        assert_eq!(align(&[]), (vec![], vec![]));
    }

    #[test]
    fn numbers_carry_sign_and_unit_of_their_scale() {
        let money = Scale {
            prefix: "$",
            digits: 2,
            ..Scale::default()
        };
        assert_eq!(money.write(1234.5), "$1,234.50");
        assert_eq!(money.write(-0.5), "\u{2212}$0.50");
        let percent = Scale {
            suffix: "%",
            digits: 1,
            signed: true,
            ..Scale::default()
        };
        assert_eq!(percent.write(1.25), "+1.2%");
        assert_eq!(percent.write(-0.04), "0.0%");
        assert_eq!(percent.write(f64::NAN), format::NONE);
    }

    #[test]
    fn a_band_is_read_with_both_ends_and_a_day_without_values_as_none() {
        let band = Layer {
            name: "Range".to_owned(),
            colour: "band",
            shape: Shape::Band(vec![1.0, f64::NAN], vec![2.0, f64::NAN]),
        };
        let scale = Scale::default();
        assert_eq!(band.write(0, &scale), "1 to 2");
        assert_eq!(band.write(1, &scale), format::NONE);
        assert_eq!(band.write(7, &scale), format::NONE);
    }
}
