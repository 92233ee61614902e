//! Drivers: a short way to write the columns that the two members, the intervals and the gap make of one series.

use serde::{Deserialize, Serialize};

use super::features::{FeatureDef, Op, Role};

/// Weight of the newest square in a driver's volatility.
const ALPHA: f64 = 0.03;
/// Smallest volatility, as a part of its median so far.
const FLOOR: f64 = 0.25;
/// Moves beyond so many volatilities count as this many.
const CLIP: f64 = 8.0;
/// Span of the mean that the gap measures from.
const SPAN: u32 = 30;

/// A series that may move the target on the same day. Stands for its change and the change of the row before, both as they
/// are (trees) and over the driver's volatility (linear member), its distance from its own mean (gap), and what the
/// intervals see of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DriverDef {
    /// Name of the driver and of its change's column.
    pub name: String,
    /// What it is, for people.
    pub label: String,
    /// The group that gold people put it in.
    pub group: String,
    /// The series.
    pub of: String,
    /// How it changes.
    pub change: Change,
    /// Smallest level that is taken as it is, for logarithms of what may fall below zero.
    #[serde(default)]
    pub floor: Option<f64>,
    /// What the scale of the intervals sees of it, if anything.
    #[serde(default)]
    pub scale: Option<ScaleTerm>,
}

/// How a driver changes from row to row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// By its log return: prices and indices.
    Log,
    /// By its difference: yields and spreads in percentage points.
    Difference,
}

/// What the scale of the intervals sees of a driver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScaleTerm {
    /// The size of its move today, in volatilities.
    Move,
    /// The logarithm of its level: an index of volatility.
    Level,
}

/// The features that drivers stand for, in the drivers' order.
pub(super) fn expand(drivers: &[DriverDef]) -> Vec<FeatureDef> {
    drivers.iter().flat_map(DriverDef::features).collect()
}

impl DriverDef {
    fn features(&self) -> Vec<FeatureDef> {
        let name = self.name.as_str();
        let level = format!("{name}_level");
        let scaled = format!("{name}_scaled");
        let lagged = |of: &FeatureDef| FeatureDef {
            name: format!("{}_lag1", of.name),
            label: format!("{}, the day before", of.label),
            lag: 1,
            ..of.clone()
        };
        let change = self.feature(name, "", &level, Op::Diff, Role::Trees);
        let in_volatilities = Op::Scaled {
            alpha: ALPHA,
            floor: FLOOR,
            clip: CLIP,
        };
        let shock = self.feature(
            &scaled,
            ", in volatilities",
            name,
            in_volatilities,
            Role::Linear,
        );
        let distance = Op::Deviation { span: SPAN };
        let gap = format!("{name}_over_mean");
        let mut features = vec![
            FeatureDef {
                hidden: true,
                ..self.feature(&level, ", level", &self.of, self.coordinate(), Role::Trees)
            },
            change.clone(),
            lagged(&change),
            shock.clone(),
            lagged(&shock),
            self.feature(&gap, ", over its mean", &level, distance, Role::Gap),
        ];
        features.extend(self.scale.map(|term| match term {
            ScaleTerm::Move => {
                let size = format!("{name}_shock");
                self.feature(&size, ", size of the move", &scaled, Op::Size, Role::Scale)
            }
            ScaleTerm::Level => {
                let log = Op::Log { floor: self.floor };
                let height = format!("{name}_height");
                self.feature(&height, ", logarithm", &self.of, log, Role::Scale)
            }
        }));
        features
    }

    /// The level whose difference is the change.
    fn coordinate(&self) -> Op {
        match self.change {
            Change::Log => Op::Log { floor: self.floor },
            Change::Difference => Op::Level,
        }
    }

    fn feature(&self, name: &str, what: &str, of: &str, op: Op, role: Role) -> FeatureDef {
        FeatureDef {
            name: name.to_owned(),
            label: format!("{}{what}", self.label),
            group: self.group.clone(),
            of: of.to_owned(),
            op,
            lag: 0,
            hidden: false,
            role,
            driver: Some(self.name.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn driver(change: Change, scale: Option<ScaleTerm>) -> DriverDef {
        DriverDef {
            name: "silver".to_owned(),
            label: "Silver".to_owned(),
            group: "metals".to_owned(),
            of: "silver_close".to_owned(),
            change,
            floor: Some(10.0),
            scale,
        }
    }

    #[test]
    fn a_driver_stands_for_the_columns_of_every_part_of_the_model() {
        let features = expand(&[driver(Change::Log, Some(ScaleTerm::Move))]);
        let told: Vec<(&str, &str, usize, Role)> = features
            .iter()
            .filter(|feature| !feature.hidden)
            .map(|f| (f.name.as_str(), f.of.as_str(), f.lag, f.role))
            .collect();
        assert_eq!(
            told,
            [
                ("silver", "silver_level", 0, Role::Trees),
                ("silver_lag1", "silver_level", 1, Role::Trees),
                ("silver_scaled", "silver", 0, Role::Linear),
                ("silver_scaled_lag1", "silver", 1, Role::Linear),
                ("silver_over_mean", "silver_level", 0, Role::Gap),
                ("silver_shock", "silver_scaled", 0, Role::Scale),
            ]
        );
        assert_eq!(features[0].op, Op::Log { floor: Some(10.0) });
        assert!(
            features
                .iter()
                .all(|f| f.driver.as_deref() == Some("silver"))
        );
    }

    #[test]
    fn yields_change_by_their_difference_and_an_index_of_volatility_shows_its_height() {
        let features = expand(&[driver(Change::Difference, Some(ScaleTerm::Level))]);
        assert_eq!(features[0].op, Op::Level);
        let last = features.last().unwrap();
        assert_eq!(
            (last.name.as_str(), last.of.as_str()),
            ("silver_height", "silver_close")
        );
        assert_eq!(expand(&[driver(Change::Difference, None)]).len(), 6);
    }
}
