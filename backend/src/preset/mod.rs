//! Presets: which series, features, target and search make a valuation. Data, not code: a user adds a series in TOML.

mod check;
mod drivers;
mod features;
mod load;
mod scenarios;
mod series;
mod train;

#[cfg(test)]
mod tests;

pub use drivers::{Change, DriverDef, ScaleTerm};
pub use features::{CutOff, FeatureDef, Op, Role, Rows, TimeOfDay};
pub use load::{PresetError, built_in_names, load, parse};
pub use scenarios::{How, ScenarioDef};
pub use series::{DateShift, Publication, Request, SeriesDef, Source, Split};
pub use train::{Extrapolation, GridDef, Refit, TrainPlan, WalkPlan};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use shared::series::SeriesId;
use shared::valuation::Information;

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
    /// Moves that a reader of the what-if page may start from.
    #[serde(default, rename = "scenario", skip_serializing_if = "Vec::is_empty")]
    pub scenarios: Vec<ScenarioDef>,
    /// How to train.
    pub train: TrainPlan,
}

impl Preset {
    /// The definition of a series of this preset.
    pub fn series(&self, id: &SeriesId) -> Option<&SeriesDef> {
        self.series.iter().find(|series| series.id == *id)
    }

    /// The instant whose knowledge the row of `day` uses. Where rows are calendar days it is the one at which the day's price is
    /// published.
    pub fn cut_off(&self, day: NaiveDate, information: Information) -> DateTime<Utc> {
        match self.rows {
            Rows::TargetDays {
                cut_off,
                final_cut_off,
            } => match information {
                Information::Provisional => cut_off.of(day),
                Information::Final => final_cut_off.unwrap_or(cut_off).of(day),
            },
            Rows::CalendarFilled => {
                let target = self.series(&self.target);
                target.map_or(DateTime::<Utc>::MAX_UTC, |def| {
                    def.publication.available_at(day)
                })
            }
        }
    }

    /// Whether each day has a valuation at the close and another one when late series are out.
    pub fn is_valued_twice(&self) -> bool {
        let late = matches!(
            self.rows,
            Rows::TargetDays {
                final_cut_off: Some(_),
                ..
            }
        );
        late && self.train.walk_forward.is_some()
    }

    /// The features that the model sees, in order.
    pub fn visible_features(&self) -> impl Iterator<Item = &FeatureDef> {
        self.features.iter().filter(|feature| !feature.hidden)
    }
}
