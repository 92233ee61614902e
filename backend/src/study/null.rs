//! Worlds in which nothing can be known: a model that finds skill there would find it anywhere. And worlds in which something
//! can: a test that never finds anything says nothing.

use std::sync::Arc;

use chrono::{Datelike, Days, NaiveDate, NaiveTime, Weekday};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StudentT};
use shared::card::Verdict;
use shared::evaluation::Period;
use shared::series::{Observation, SeriesId};

use super::rules::Rules;
use super::targets::Target;
use super::{Observations, StudyError, StudyOptions, Walked, walk};
use crate::preset::{Change, FeatureDef, Op, Preset, Refit, Role};
use crate::progress::Reporter;

/// Planted worlds, and the correlation of the return with the first driver's in them.
const PLANTED: (usize, f64) = (10, 0.3);
/// First and last year of a world, as in the study.
const YEARS: (i32, i32) = (2004, 2026);
/// Degrees of freedom of the shocks.
const FREEDOM: f64 = 5.0;

/// What the model says of one world.
struct Finding {
    /// Skill over the headline's years, and whether the test calls it one.
    skill: f64,
    claims: bool,
    /// MSE of what the gate ships over that of no change, minus one.
    gated_loss: f64,
}

/// T8: null worlds, the planted ones, and the canary: the linear member given the day's own exponential mean.
pub(super) fn worlds(
    preset: &Preset,
    options: &StudyOptions,
    reporter: &Reporter,
    say: &mut dyn FnMut(String),
) -> Result<Target, StudyError> {
    let mut yearly = preset.clone();
    if let Some(walk) = &mut yearly.train.walk_forward {
        walk.refit = Refit::Yearly;
    }
    let find = |preset: &Preset, seed: u64, correlation: f64, rule: &str| {
        let world = world(preset, seed, correlation);
        let as_of = options.as_of.max(instant(last_day()));
        let later = StudyOptions {
            preset: preset.clone(),
            as_of,
            ..*options
        };
        walk(preset, &world, &later, reporter).map(|walked| finding(&walked, rule))
    };
    let mut null = Vec::new();
    for seed in 0..options.null_worlds {
        null.push(find(&yearly, seed as u64, 0.0, "combined")?);
    }
    let mut planted = 0;
    for seed in 0..PLANTED.0 {
        let found = find(&yearly, 1_000 + seed as u64, PLANTED.1, "combined")?;
        planted += usize::from(found.claims);
    }
    let canary = find(&with_canary(&yearly), 2_000, 0.0, "linear")?;
    let claims = null.iter().filter(|finding| finding.claims).count();
    let mean = null.iter().map(|finding| finding.skill).sum::<f64>() / null.len() as f64;
    let worst = null
        .iter()
        .map(|finding| finding.gated_loss)
        .fold(0.0, f64::max);
    say(format!(
        "{} null worlds (GARCH, t{FREEDOM}): {claims} claim skill, mean skill {mean:+.4}, worst loss behind the gate {:.3} %",
        null.len(),
        100.0 * worst
    ));
    say(format!(
        "planted correlation {}: found in {planted} of {}; canary (the day's own mean): skill {:.3}\n",
        PLANTED.1, PLANTED.0, canary.skill
    ));
    let allowed = null.len() * 5 / 100;
    Ok(Target::new(
        8,
        "null worlds: claims ≤ 5 %, loss behind the gate ≤ 0.5 %; correlation 0.3 found in 8 of 10; canary > 0.9",
        format!(
            "{claims} of {} claim, worst loss {:.2} %, found {planted} of {}, canary {:.3}",
            null.len(),
            100.0 * worst,
            PLANTED.0,
            canary.skill
        ),
        claims <= allowed && worst <= 0.005 && planted >= 8 && canary.skill > 0.9,
    ))
}

fn finding(walked: &Walked, rule: &str) -> Finding {
    let rules = Rules::new(walked);
    let headline = |rule: &str| {
        let scores = rules.evaluate(rule).periods;
        let found = scores
            .into_iter()
            .find(|s| matches!(s.period, Period::Years { .. }));
        found.map_or((0.0, 0.0, 1.0), |score| {
            (score.skill, score.dm_t, score.dm_p)
        })
    };
    let (skill, t, p) = headline(rule);
    let (gated, ..) = headline("shipped (behind the gate)");
    let verdict = if t > 0.0 && p < 0.05 {
        Verdict::Skill
    } else {
        Verdict::NoSkill
    };
    Finding {
        skill,
        claims: verdict == Verdict::Skill,
        gated_loss: -gated,
    }
}

/// The linear member also sees how the day's own exponential mean moved: the price gives itself away.
fn with_canary(preset: &Preset) -> Preset {
    let mut preset = preset.clone();
    let feature = |name: &str, of: &str, op, hidden| FeatureDef {
        name: name.to_owned(),
        label: name.to_owned(),
        group: String::new(),
        of: of.to_owned(),
        op,
        lag: 0,
        hidden,
        role: Role::Linear,
        driver: None,
    };
    let target = preset.target.to_string();
    let mean = Op::Ema {
        span: 30,
        adjust: false,
    };
    let ratio = Op::Ratio {
        to: "gold_volatility_lag1".to_owned(),
        clip: 100.0,
    };
    preset
        .features
        .push(feature("canary_mean", &target, mean, true));
    preset.features.push(feature(
        "canary_move",
        "canary_mean",
        Op::LogReturn { floor: None },
        true,
    ));
    preset
        .features
        .push(feature("canary", "canary_move", ratio, false));
    preset
}

/// Independent random walks with volatility that comes in clusters (GARCH(1,1), Bollerslev 1986) and Student's t shocks: one
/// for the target, one for each driver. The target's shock is `correlation` × the first driver's plus its own.
fn world(preset: &Preset, seed: u64, correlation: f64) -> Observations {
    let mut chance = ChaCha8Rng::seed_from_u64(seed);
    let days = weekdays();
    let first = preset.drivers.first().map(|driver| driver.of.clone());
    let mut shocks = vec![0.0; days.len()];
    let mut world = Observations::new();
    for driver in &preset.drivers {
        let own = returns(&mut chance, days.len());
        if Some(&driver.of) == first.as_ref() {
            shocks.clone_from(&own);
        }
        let levels: Vec<f64> = match driver.change {
            Change::Log => cumulative(&own).map(|sum| 100.0 * sum.exp()).collect(),
            Change::Difference => cumulative(&own).map(|sum| 5.0 + 5.0 * sum).collect(),
        };
        insert(&mut world, &driver.of, &days, &levels);
    }
    let own = returns(&mut chance, days.len());
    let rest = (1.0 - correlation * correlation).sqrt();
    let mixed: Vec<f64> = own
        .iter()
        .zip(&shocks)
        .map(|(own, shock)| rest * own + correlation * shock)
        .collect();
    let prices: Vec<f64> = cumulative(&mixed).map(|sum| 100.0 * sum.exp()).collect();
    insert(&mut world, preset.target.as_str(), &days, &prices);
    world
}

/// Daily returns of about 1 %.
fn returns(chance: &mut impl Rng, count: usize) -> Vec<f64> {
    const OMEGA: f64 = 2e-6;
    const ALPHA: f64 = 0.05;
    const BETA: f64 = 0.93;
    let mut variance = OMEGA / (1.0 - ALPHA - BETA);
    let heavy = StudentT::new(FREEDOM).expect("a number of degrees above zero");
    let unit = ((FREEDOM - 2.0) / FREEDOM).sqrt();
    let mut next = || {
        let shock: f64 = heavy.sample(chance);
        let value = variance.sqrt() * unit * shock;
        variance = OMEGA + ALPHA * value * value + BETA * variance;
        value
    };
    (0..count).map(|_| next()).collect()
}

fn cumulative(values: &[f64]) -> impl Iterator<Item = f64> {
    values.iter().scan(0.0, |sum, value| {
        *sum += value;
        Some(*sum)
    })
}

fn insert(world: &mut Observations, series: &str, days: &[NaiveDate], values: &[f64]) {
    let Ok(id) = series.parse::<SeriesId>() else {
        return;
    };
    let observation = |(day, value): (&NaiveDate, &f64)| Observation {
        date: *day,
        value: *value,
        available_at: instant(*day),
        vintage: *day,
        source: Arc::default(),
    };
    world.insert(id, days.iter().zip(values).map(observation).collect());
}

fn instant(day: NaiveDate) -> chrono::DateTime<chrono::Utc> {
    day.and_time(NaiveTime::MIN).and_utc()
}

fn last_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(YEARS.1, 4, 17).unwrap_or(NaiveDate::MAX) + Days::new(30)
}

fn weekdays() -> Vec<NaiveDate> {
    let first = NaiveDate::from_ymd_opt(YEARS.0, 11, 18).unwrap_or(NaiveDate::MIN);
    let all = first.iter_days().take_while(|day| *day < last_day());
    all.filter(|day| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun))
        .collect()
}
