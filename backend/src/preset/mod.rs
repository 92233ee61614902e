//! Presets: which series, features, target and search make a valuation. Data, not code: a user adds a series in TOML.

mod check;
mod drivers;
mod features;
mod load;
mod series;
mod train;

#[cfg(test)]
mod tests;

pub use drivers::{Change, DriverDef, ScaleTerm};
pub use features::{CutOff, FeatureDef, Op, Role, Rows, TimeOfDay};
pub use load::{PresetError, built_in_names, load, parse};
pub use series::{DateShift, Publication, Request, SeriesDef, Source, Split};
pub use train::{Extrapolation, GridDef, Refit, TrainPlan, WalkPlan};

use serde::{Deserialize, Serialize};
use shared::series::SeriesId;

/// One preset file, checked: every name in it is known, no feature depends on itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preset {
    /// Its name; also the file's.
    pub name: String,
    /// Its title, for people.
    pub title: String,
    /// Says why, where the preset uses values before they could be known. Shown wherever its numbers are.
    #[serde(default)]
    pub look_ahead: Option<String>,
    /// The series whose value is the price.
    pub target: SeriesId,
    /// Which days are rows, and what a row may know.
    pub rows: Rows,
    /// Series, in the order in which they are extracted.
    pub series: Vec<SeriesDef>,
    /// Series that may move the target on the same day; each stands for several features.
    #[serde(default, rename = "driver")]
    pub drivers: Vec<DriverDef>,
    /// Features, in the order of the model's inputs; those of the drivers come first. Hidden ones only serve others.
    #[serde(default, rename = "feature")]
    pub features: Vec<FeatureDef>,
    /// How to train.
    pub train: TrainPlan,
}

impl Preset {
    /// The definition of a series of this preset.
    pub fn series(&self, id: &SeriesId) -> Option<&SeriesDef> {
        self.series.iter().find(|series| series.id == *id)
    }

    /// The features that the model sees, in order.
    pub fn visible_features(&self) -> impl Iterator<Item = &FeatureDef> {
        self.features.iter().filter(|feature| !feature.hidden)
    }
}
