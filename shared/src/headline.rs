//! The answer in one line and all that must stand beside it, in words: the page shows it before its program runs, and the
//! program says the same.

use serde::Serialize;

use crate::card::{Skill, Verdict};
use crate::format;
use crate::lately::lately;
use crate::snapshot::Snapshot;
use crate::valuation::{Method, Valuation};

/// Gaps that are written as 0.0% need no direction.
const NO_GAP_PCT: f64 = 0.05;

/// Why the gate is closed, and what that means.
pub const GATE_CLOSED: &str = "The gate is closed: lately the model has not beaten yesterday's price by more than \
    luck, so yesterday's price stands in for its value. It opens again when the record is better.";

/// Which side of the model's value the price is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// The market asks more.
    Over,
    /// The market asks less.
    Under,
    /// There is no gap to speak of.
    Fair,
}

impl Standing {
    /// The standing of a gap in percent of the valuation.
    pub fn of(gap_pct: f64) -> Self {
        if gap_pct.abs() < NO_GAP_PCT {
            Self::Fair
        } else if gap_pct > 0.0 {
            Self::Over
        } else {
            Self::Under
        }
    }

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Over => "overvalued",
            Self::Under => "undervalued",
            Self::Fair => "fairly valued",
        }
    }

    /// The class that colours it: its name on the wire.
    pub fn class(self) -> &'static str {
        match self {
            Self::Over => "over",
            Self::Under => "under",
            Self::Fair => "fair",
        }
    }

    /// The arrow that says it without colour.
    pub fn arrow(self) -> &'static str {
        match self {
            Self::Over => "▲",
            Self::Under => "▼",
            Self::Fair => "●",
        }
    }
}

/// A sentence on the kind of data or preset behind an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Label {
    /// `synthetic` or `ahead`: the class that colours it.
    pub kind: &'static str,
    /// In two or three words.
    pub title: &'static str,
    /// In full.
    pub text: String,
}

/// The answer in one line: `{subject} is {standing}`. Never without its labels and caveats.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Headline {
    /// What is valued.
    pub subject: String,
    /// `overvalued by 1.83%`.
    pub standing: String,
    /// Its side; none where the value was held back.
    pub side: Option<Standing>,
    /// The side's arrow.
    pub arrow: &'static str,
    /// Since when, and what moved it; none where the value is not the model's.
    pub lately: Option<String>,
    /// On what kind of data and preset it rests.
    pub labels: Vec<Label>,
    /// Why not to trust it, or whose value it is.
    pub caveats: Vec<&'static str>,
}

impl Headline {
    /// That of a run.
    pub fn of(snapshot: &Snapshot) -> Self {
        let latest = &snapshot.latest;
        let held_back = is_held_back(latest.method);
        let side = (!held_back).then(|| Standing::of(latest.gap_pct()));
        let caveat = caveat(&snapshot.skill).filter(|_| !held_back);
        Self {
            subject: snapshot.target_title.clone(),
            standing: if held_back {
                "not valued: no skill lately".to_owned()
            } else {
                standing(latest)
            },
            side,
            arrow: side.map_or("", Standing::arrow),
            lately: lately(snapshot),
            labels: labels(snapshot.synthetic, snapshot.look_ahead.as_deref()),
            caveats: caveat.into_iter().chain(stand_in(latest.method)).collect(),
        }
    }
}

/// `overvalued by 1.83%`, or `fairly valued`.
pub fn standing(valuation: &Valuation) -> String {
    let gap_pct = valuation.gap_pct();
    match Standing::of(gap_pct) {
        Standing::Fair => Standing::Fair.word().to_owned(),
        side => format!("{} by {}", side.word(), format::percent(gap_pct.abs())),
    }
}

/// Whether the model's value was held back.
pub fn is_held_back(method: Method) -> bool {
    method == Method::NoChange
}

/// Says that data is made up, and that a preset looks ahead and why. None for real data and an honest preset.
pub fn labels(synthetic: bool, look_ahead: Option<&str>) -> Vec<Label> {
    let made_up = synthetic.then(|| Label {
        kind: "synthetic",
        title: "Synthetic data",
        text: "Made-up market, for trying Assay out. These are no real prices.".to_owned(),
    });
    let ahead = look_ahead.map(|why| Label {
        kind: "ahead",
        title: "Looks ahead by design",
        text: format::sentence(why),
    });
    made_up.into_iter().chain(ahead).collect()
}

/// A warning beside the headline where the gap is no evidence.
pub fn caveat(skill: &Skill) -> Option<&'static str> {
    match skill.verdict {
        Verdict::Skill => None,
        Verdict::NoSkill => Some("The model shows no skill: read the gap as noise."),
        Verdict::Worse => {
            Some("The model does worse than yesterday's price: do not act on the gap.")
        }
    }
}

/// Why something else than the model's own value is shown, if so.
pub fn stand_in(method: Method) -> Option<&'static str> {
    match method {
        Method::Model => None,
        Method::Ema => Some(
            "The price has left the range that the model was trained on, so gold's exponential mean stands in for its value.",
        ),
        Method::Linear => Some(
            "The day's move is larger than any that the model was trained on, so its linear part alone gives the value.",
        ),
        Method::NoChange => Some(GATE_CLOSED),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_say_what_data_and_preset_are() {
        let kinds = |labels: &[Label]| labels.iter().map(|label| label.kind).collect::<Vec<_>>();
        assert!(labels(false, None).is_empty());
        let both = labels(true, Some("it uses reference dates"));
        assert_eq!(kinds(&both), ["synthetic", "ahead"]);
        assert_eq!(both[1].text, "It uses reference dates.");
    }

    #[test]
    fn a_class_is_the_name_on_the_wire() {
        for side in [Standing::Over, Standing::Under, Standing::Fair] {
            assert_eq!(serde_json::to_value(side).unwrap(), side.class());
        }
    }
}
