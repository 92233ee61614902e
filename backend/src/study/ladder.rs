//! The ladder of information: what the model is worth when it knows less on the day.

use shared::evaluation::Period;

use super::rules::Rules;
use super::targets::Target;
use super::{Observations, StudyError, StudyOptions, walk};
use crate::preset::{Preset, Refit, Rows};
use crate::progress::Reporter;

/// A rung: drivers that are a day late, and drivers that are left out, by the names of the study's presets.
struct Rung {
    name: &'static str,
    late: &'static [&'static str],
    without: &'static [&'static str],
}

const RATES: [&str; 5] = [
    "rate_2y_change",
    "rate_10y_change",
    "real_rate_change",
    "breakeven_change",
    "high_yield_change",
];

const RUNGS: [Rung; 4] = [
    Rung {
        name: "all closes of the day",
        late: &[],
        without: &[],
    },
    Rung {
        name: "rates a day late, no spot oil",
        late: &RATES,
        without: &["oil"],
    },
    Rung {
        name: "dollar and VIX late as well",
        late: &[
            RATES[0],
            RATES[1],
            RATES[2],
            RATES[3],
            RATES[4],
            "dollar",
            "vix_change",
        ],
        without: &["oil"],
    },
    Rung {
        name: "no metals",
        late: &[],
        without: &["silver", "copper"],
    },
];

/// The preset with every series known at the cut-off of its own day: what an observer of all closes would know.
pub(super) fn all_at_the_close(preset: &Preset) -> Preset {
    let mut preset = preset.clone();
    if let Rows::TargetDays {
        cut_off,
        final_cut_off,
    } = &mut preset.rows
    {
        let last = final_cut_off.take().unwrap_or(*cut_off);
        *cut_off = last;
    }
    preset
}

/// T6: skill on each rung, refitted quarterly as in the study.
pub(super) fn climb(
    options: &StudyOptions,
    observations: &Observations,
    reporter: &Reporter,
    say: &mut dyn FnMut(String),
) -> Result<Target, StudyError> {
    let mut skills = Vec::new();
    say("the ladder of information (quarterly refits): skill 2012–2025, last 300 rows".to_owned());
    for rung in &RUNGS {
        let preset = rung.on(&all_at_the_close(&options.preset));
        let observations = rung.delayed(&preset, observations);
        let walked = walk(&preset, &observations, options, reporter)?;
        let scores = Rules::new(&walked).evaluate("combined").periods;
        let skill = |is: fn(&Period) -> bool| {
            let score = scores.iter().find(|score| is(&score.period));
            score.map_or(f64::NAN, |score| score.skill)
        };
        let headline = skill(|period| matches!(period, Period::Years { .. }));
        let last = skill(|period| matches!(period, Period::Last { .. }));
        say(format!("  {:<34}{headline:>8.3}{last:>8.3}", rung.name));
        skills.push(headline);
    }
    say(String::new());
    let passed = skills
        .iter()
        .zip([0.56, 0.52, 0.47, 0.20])
        .all(|(skill, least)| *skill >= least);
    Ok(Target::new(
        6,
        "ladder: rates late and no spot oil ≥ 0.52; dollar and VIX late too ≥ 0.47; no metals ≥ 0.20",
        skills
            .iter()
            .map(|skill| format!("{skill:.3}"))
            .collect::<Vec<_>>()
            .join(", "),
        passed,
    ))
}

impl Rung {
    /// The preset without the drivers that are left out.
    fn on(&self, preset: &Preset) -> Preset {
        let mut preset = preset.clone();
        let kept = |driver: &str| !self.without.contains(&driver);
        preset.drivers.retain(|driver| kept(&driver.name));
        preset
            .features
            .retain(|f| f.driver.as_deref().is_none_or(kept));
        let used: Vec<String> = preset.features.iter().map(|f| f.of.clone()).collect();
        preset
            .series
            .retain(|def| used.iter().any(|of| *of == def.id.as_str()));
        if let Some(walk) = &mut preset.train.walk_forward {
            walk.refit = Refit::Quarterly;
        }
        preset
    }

    /// The observations with the late drivers' values a row late: each takes the place of the next row's.
    fn delayed(&self, preset: &Preset, observations: &Observations) -> Observations {
        let mut observations = observations.clone();
        for driver in preset
            .drivers
            .iter()
            .filter(|d| self.late.contains(&d.name.as_str()))
        {
            let series = observations
                .iter_mut()
                .find(|(id, _)| id.as_str() == driver.of);
            let Some((_, all)) = series else { continue };
            let dates: Vec<_> = all.iter().map(|o| (o.date, o.available_at)).collect();
            let later = dates.iter().skip(1).copied();
            for (observation, (date, available_at)) in all.iter_mut().zip(later) {
                observation.date = date;
                observation.available_at = available_at;
            }
            all.pop();
        }
        observations
    }
}
