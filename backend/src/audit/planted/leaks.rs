//! The table of planted leaks, and of clean rules that look like them. What a preset can say is said as in a preset.

use serde::Deserialize;

use super::super::worlds::World;
use super::{believed, rules, world};
use crate::assemble::Dataset;
use crate::preset::{FeatureDef, Preset};

/// A rule that is planted into a preset.
pub(super) struct Planted {
    /// Its name.
    pub(super) name: &'static str,
    /// What it does.
    pub(super) what: &'static str,
    /// Features as a preset writes them; `TARGET` stands for the target.
    features: &'static str,
    /// What it takes the world for.
    pub(super) believes: fn(&World) -> World,
    /// A number that it tells of a row, from the whole dataset that it has.
    pub(super) tells: Option<fn(&Dataset, usize) -> f64>,
}

const HONEST: Planted = Planted {
    name: "",
    what: "",
    features: "",
    believes: World::clone,
    tells: None,
};

const MACRO: &str = r#"
[[feature]]
name = "planted"
label = "Planted macro series"
of = "planted_macro"
op = "level"
"#;

const EVENING: &str = r#"
[[feature]]
name = "planted"
label = "Planted market that closes two hours after the cut-off"
of = "planted_evening"
op = "level"
"#;

/// The leaks of the issue, in its order.
pub(super) const LEAKS: [Planted; 12] = [
    Planted {
        name: "same-day mean",
        what: "an exponential mean of the target that contains the day's own price",
        features: r#"
[[feature]]
name = "planted_mean"
label = "Planted mean"
of = "TARGET"
op = { ema = { span = 30, adjust = false } }
hidden = true

[[feature]]
name = "planted"
label = "Move of the planted mean"
of = "planted_mean"
op = { log_return = {} }
"#,
        ..HONEST
    },
    Planted {
        name: "high of the day",
        what: "the day's own high, which the day's price has a part in",
        features: r#"
[[feature]]
name = "planted"
label = "Planted high"
of = "planted_high"
op = { log_return = {} }
"#,
        ..HONEST
    },
    Planted {
        name: "reference-date macro",
        what: "a monthly series that counts as known on the first day of its month",
        features: MACRO,
        believes: believed::on_reference_dates,
        ..HONEST
    },
    Planted {
        name: "revised vintage",
        what: "a revised value that counts as known since the first one was",
        features: MACRO,
        believes: believed::revised_at_once,
        ..HONEST
    },
    Planted {
        name: "scaler on all rows",
        what: "a feature standardised by mean and deviation of all rows",
        tells: Some(rules::scaled_by_all),
        ..HONEST
    },
    Planted {
        name: "selection on the test set",
        what: "a parameter chosen by its error on the rows that it is judged on",
        tells: Some(rules::selected_on_test),
        ..HONEST
    },
    Planted {
        name: "overlapping labels",
        what: "a forecast of 20 days ahead, fitted on labels that were not yet known",
        tells: Some(rules::without_embargo),
        ..HONEST
    },
    Planted {
        name: "off-by-one join",
        what: "a driver joined one row too early",
        tells: Some(rules::next_row),
        ..HONEST
    },
    Planted {
        name: "time-zone shift",
        what: "New York's hours read as UTC, so that all seems known five hours early",
        features: EVENING,
        believes: believed::five_hours_early,
        ..HONEST
    },
    Planted {
        name: "fill from the future",
        what: "missing values filled from the next known one",
        tells: Some(rules::filled_backwards),
        ..HONEST
    },
    Planted {
        name: "target in disguise",
        what: "another share of the same gold bars among the drivers",
        features: r#"
[[feature]]
name = "planted"
label = "Planted twin of the target"
of = "planted_twin"
op = { log_return = {} }
"#,
        ..HONEST
    },
    Planted {
        name: "test rows in the conformal set",
        what: "an interval from the errors of all rows",
        tells: Some(rules::conformal_on_all),
        ..HONEST
    },
];

/// The same done properly: the audit must be silent.
pub(super) const CLEAN: [Planted; 8] = [
    Planted {
        name: "mean of the day before",
        what: "the same exponential mean, a row late",
        features: r#"
[[feature]]
name = "planted_mean"
label = "Planted mean"
of = "TARGET"
op = { ema = { span = 30, adjust = false } }
hidden = true

[[feature]]
name = "planted"
label = "Move of the planted mean, the day before"
of = "planted_mean"
op = { log_return = {} }
lag = 1

[[feature]]
name = "planted_high_lag1"
label = "Planted high, the day before"
of = "planted_high"
op = { log_return = {} }
lag = 1
"#,
        ..HONEST
    },
    Planted {
        name: "macro as published",
        what: "the same monthly series, its first values until they are revised",
        features: MACRO,
        ..HONEST
    },
    Planted {
        name: "late market, a day late",
        what: "the market that closes after the cut-off, with the day before's close",
        features: EVENING,
        ..HONEST
    },
    Planted {
        name: "scaler on earlier rows",
        what: "standardised by what came before",
        tells: Some(rules::scaled_by_earlier),
        ..HONEST
    },
    Planted {
        name: "selection on earlier rows",
        what: "a parameter chosen by its error on the rows before",
        tells: Some(rules::selected_on_earlier),
        ..HONEST
    },
    Planted {
        name: "labels with embargo",
        what: "the same forecast, fitted on labels that were known",
        tells: Some(rules::with_embargo),
        ..HONEST
    },
    Planted {
        name: "fill from the past",
        what: "missing values filled from the last known one",
        tells: Some(rules::filled_forwards),
        ..HONEST
    },
    Planted {
        name: "earlier rows in the conformal set",
        what: "an interval from the errors of earlier rows",
        tells: Some(rules::conformal_on_earlier),
        ..HONEST
    },
];

#[derive(Default, Deserialize)]
struct Extra {
    #[serde(default, rename = "feature")]
    features: Vec<FeatureDef>,
}

impl Planted {
    /// The preset with this planted in it.
    pub(super) fn on(&self, preset: &Preset) -> Preset {
        let mut preset = preset.clone();
        preset.series.extend(world::series(&preset));
        let text = self.features.replace("TARGET", preset.target.as_str());
        let extra: Extra = toml::from_str(&text).expect("the table above is well formed");
        preset.features.extend(extra.features);
        preset
    }
}
