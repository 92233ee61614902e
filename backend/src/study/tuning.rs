//! Whether tuning helps, and what happens where penalties meet returns in raw units.

use shared::card::Parameters;
use shared::evaluation::Period;

use super::rules::Rules;
use super::targets::Target;
use super::{StudyError, StudyOptions, Walked};
use crate::preset::{GridDef, Preset};
use crate::progress::Reporter;
use crate::train::walk::walk_through;
use crate::train::{DEPLOYED, search_trees, skill_in_raw_units};

/// The grid that is searched.
const GRID: &str = "full";

/// T11: both searches on the rows up to the study's own choice (2011), then the walk with what they found; and the trees with
/// the original's penalties on raw returns.
pub(super) fn tune(
    preset: &Preset,
    fixed: &Walked,
    options: &StudyOptions,
    reporter: &Reporter,
    say: &mut dyn FnMut(String),
) -> Result<Target, StudyError> {
    let until = fixed
        .dataset
        .dates
        .partition_point(|day| *day < super::HEADLINE.0);
    let found = search_trees(
        &fixed.dataset,
        until,
        &preset.train,
        GRID,
        options.threads,
        reporter,
    )?;
    let mut tuned = preset.train.clone();
    tuned.grids.insert(DEPLOYED.to_owned(), one_point(&found));
    let pass = walk_through(&fixed.dataset, &tuned, options.threads, reporter)?;
    let tuned = Walked {
        dataset: fixed.dataset.clone(),
        pass,
    };
    let skill = |walked: &Walked, rule: &str| {
        let scores = Rules::new(walked).evaluate(rule).periods;
        let headline = scores
            .iter()
            .find(|s| matches!(s.period, Period::Years { .. }));
        headline.map_or(f64::NAN, |score| score.skill)
    };
    let (fixed_trees, tuned_trees) = (skill(fixed, "trees"), skill(&tuned, "trees"));
    let (fixed_both, tuned_both) = (skill(fixed, "combined"), skill(&tuned, "combined"));
    let raw = skill_in_raw_units(&fixed.dataset, until, &preset.train)?;
    say(format!(
        "trees fixed {fixed_trees:.4}, tuned on data to 2011 {tuned_trees:.4} ({}); combined {fixed_both:.4} and {tuned_both:.4}",
        in_words(&found)
    ));
    say(format!(
        "the original's gamma 0.1 and alpha 0.1 on raw log returns: skill {raw:+.4} (no split survives)\n"
    ));
    Ok(Target::new(
        11,
        "tuned against fixed: skill within 0.01; penalties on raw units learn nothing and are never used",
        format!(
            "difference {:+.4} (trees {:+.4}); raw units {raw:+.4}",
            tuned_both - fixed_both,
            tuned_trees - fixed_trees
        ),
        (tuned_both - fixed_both).abs() <= 0.01 && raw.abs() < 0.01,
    ))
}

fn one_point(parameters: &Parameters) -> GridDef {
    let axes = parameters
        .iter()
        .map(|(name, value)| (name.clone(), vec![*value]));
    GridDef {
        scale: false,
        searches: vec![axes.collect()],
    }
}

fn in_words(parameters: &Parameters) -> String {
    let pairs = parameters
        .iter()
        .map(|(name, value)| format!("{name} {value}"));
    pairs.collect::<Vec<_>>().join(", ")
}
