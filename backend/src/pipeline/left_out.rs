//! Drivers that a run has to do without: their newest value is too old for the newest day.

use crate::assemble::Dataset;
use crate::preset::{Preset, Role};

/// Names of the drivers that have no value on the newest row of a preset that walks forward. Its members cannot value a row
/// without one of their features, so that one dead series would end every valuation.
pub(super) fn dead_drivers(preset: &Preset, dataset: &Dataset) -> Vec<String> {
    let newest = dataset.rows().checked_sub(1);
    let Some(newest) = newest.filter(|_| preset.train.walk_forward.is_some()) else {
        return Vec::new();
    };
    let is_dead = |name: &str| {
        let features = dataset.features.iter().zip(&dataset.columns);
        let mut seen = features
            .filter(|(f, _)| f.driver == name && matches!(f.role, Role::Trees | Role::Linear));
        seen.any(|(_, column)| column[newest].is_nan())
    };
    let drivers = preset.drivers.iter().map(|driver| &driver.name);
    drivers.filter(|name| is_dead(name)).cloned().collect()
}

/// The preset without these drivers: their features and series go with them. `None` if no driver is left.
pub(super) fn without(preset: &Preset, dead: &[String]) -> Option<Preset> {
    let mut rest = preset.clone();
    rest.drivers.retain(|driver| !dead.contains(&driver.name));
    let lives = |name: &Option<String>| name.as_ref().is_none_or(|name| !dead.contains(name));
    rest.features.retain(|feature| lives(&feature.driver));
    let is_used = |id: &str| {
        let mut of = rest.features.iter().map(|feature| feature.of.as_str());
        of.any(|of| of == id) || rest.target.as_str() == id
    };
    rest.series.retain(|def| is_used(def.id.as_str()));
    (!rest.drivers.is_empty()).then_some(rest)
}

/// What the report says of a driver that is left out.
pub(super) fn warning(preset: &Preset, name: &str) -> String {
    let driver = preset.drivers.iter().find(|driver| driver.name == name);
    let series =
        driver.and_then(|driver| preset.series.iter().find(|s| s.id.as_str() == driver.of));
    let days = series.map_or(0, |series| series.stale_after_days);
    format!(
        "`{name}` was left out and the model fitted without it: its series has no value of the last {days} days"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preset;

    #[test]
    fn a_dead_driver_takes_its_features_and_its_series_along() {
        let preset = preset::load("fair").unwrap();
        let rest = without(&preset, &["copper".to_owned()]).unwrap();
        assert_eq!(rest.drivers.len() + 1, preset.drivers.len());
        assert!(
            rest.features
                .iter()
                .all(|f| f.driver.as_deref() != Some("copper"))
        );
        assert!(rest.series.iter().all(|s| s.id.as_str() != "copper_close"));
        assert_eq!(rest.series.len() + 1, preset.series.len());
        let all: Vec<String> = preset.drivers.iter().map(|d| d.name.clone()).collect();
        assert_eq!(without(&preset, &all), None);
        assert_eq!(
            warning(&preset, "copper"),
            "`copper` was left out and the model fitted without it: its series has no value of the last 10 days"
        );
    }
}
