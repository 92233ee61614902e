//! The dataset: dates, features, target, and the prices that valuations and baselines need.

use chrono::NaiveDate;

use crate::preset::Role;

/// A feature of a dataset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feature {
    /// Column name.
    pub name: String,
    /// What it is, for people.
    pub label: String,
    /// The group that gold people put it in.
    pub group: String,
    /// Which part of the model sees it.
    pub role: Role,
    /// The driver whose contribution it is part of.
    pub driver: String,
}

/// What a model is trained on. Rows are days, oldest first; all columns are equally long.
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset {
    /// The day of each row.
    pub dates: Vec<NaiveDate>,
    /// Whether all that the row may ever use was out; otherwise its valuation is provisional.
    pub is_final: Vec<bool>,
    /// The features, in the order of the model's inputs.
    pub features: Vec<Feature>,
    /// One column a feature; NaN where there is no value.
    pub columns: Vec<Vec<f64>>,
    /// What the model learns, in the unit of the plan's output: the price, or 100 × the log return. NaN where unknown.
    pub target: Vec<f64>,
    /// The market's price of the row's day.
    pub price: Vec<f64>,
    /// The price of the row before; NaN on the first row.
    pub previous_price: Vec<f64>,
    /// Exponential mean (span 30) of the price, same day included. The row before's is what could be known.
    pub ema: Vec<f64>,
}

impl Dataset {
    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.dates.len()
    }

    /// The columns of the features with this role, in order.
    pub fn columns_of(&self, role: Role) -> Vec<&[f64]> {
        let pairs = self.features.iter().zip(&self.columns);
        let chosen = pairs.filter(|(feature, _)| feature.role == role);
        chosen.map(|(_, column)| column.as_slice()).collect()
    }

    /// The same rows with the features of this role alone.
    #[must_use]
    pub fn only(&self, role: Role) -> Self {
        let is_chosen = |feature: &&Feature| feature.role == role;
        Self {
            features: self.features.iter().filter(is_chosen).cloned().collect(),
            columns: self
                .columns_of(role)
                .into_iter()
                .map(<[f64]>::to_vec)
                .collect(),
            ..self.clone()
        }
    }

    /// This dataset on the rows of `other`; NaN on days that this one lacks, prices and targets included: a price that was
    /// late or was revised later must not come in by way of the other's.
    #[must_use]
    pub fn on_rows_of(&self, other: &Self) -> Self {
        let places: Vec<Option<usize>> = other
            .dates
            .iter()
            .map(|day| self.dates.binary_search(day).ok())
            .collect();
        let laid = |column: &Vec<f64>| {
            let values = places
                .iter()
                .map(|place| place.map_or(f64::NAN, |at| column[at]));
            values.collect()
        };
        Self {
            features: self.features.clone(),
            columns: self.columns.iter().map(laid).collect(),
            dates: other.dates.clone(),
            is_final: other.is_final.clone(),
            target: laid(&self.target),
            price: laid(&self.price),
            previous_price: laid(&self.previous_price),
            ema: laid(&self.ema),
        }
    }

    /// The first `rows` rows alone.
    #[must_use]
    pub fn until(&self, rows: usize) -> Self {
        let cut = |column: &Vec<f64>| column[..rows.min(column.len())].to_vec();
        Self {
            dates: self.dates.iter().take(rows).copied().collect(),
            is_final: self.is_final.iter().take(rows).copied().collect(),
            features: self.features.clone(),
            columns: self.columns.iter().map(cut).collect(),
            target: cut(&self.target),
            price: cut(&self.price),
            previous_price: cut(&self.previous_price),
            ema: cut(&self.ema),
        }
    }

    /// The features of the rows in `range`, row by row, as XGBoost takes them.
    pub fn matrix(&self, range: std::ops::Range<usize>) -> Vec<f32> {
        let mut values = Vec::with_capacity(range.len() * self.columns.len());
        for row in range {
            values.extend(self.columns.iter().map(|column| column[row] as f32));
        }
        values
    }
}
