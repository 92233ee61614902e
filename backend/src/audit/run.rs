//! The audit itself: draws days, makes the other worlds of each, and gathers what differs.

use chrono::{DateTime, NaiveDate, Utc};
use shared::card::{AuditCard, AuditCheck, AuditKind};
use shared::valuation::Information;

use super::disguise::twins;
use super::draw::draw;
use super::known::look_up;
use super::look::{Compared, compare, compare_newest};
use super::once::OnceSubject;
use super::report::Tally;
use super::said::{published, walked};
use super::subject::{AuditError, Frame, Subject};
use super::walk::WalkSubject;
use super::worlds::{World, factors, known_at, with_price, with_shuffled_future};
use super::{DATES_PER_RUN, OTHER_WORLDS_PER_RUN, TOLERANCE};
use crate::assemble::Dataset;
use crate::preset::Preset;
use crate::train::walk::Pass;
use crate::train::{Trained, deployed, with_workers};

/// How much to look at.
#[derive(Clone, Copy, Debug)]
pub struct AuditOptions {
    /// Days to draw under each state of information.
    pub dates: usize,
    /// Of these, days that are shown other futures and other prices too, the newest among them; the others are only cut off.
    pub in_other_worlds: usize,
    /// Seed of the draw.
    pub seed: u64,
    /// Days at once.
    pub threads: usize,
    /// Whether everything is looked at: a model that was fitted once is fitted anew in each world, and all rows' publication
    /// dates are looked up. Otherwise the dataset of the drawn days alone is.
    pub refits: bool,
}

impl AuditOptions {
    /// What every run is audited with. A preset that looks ahead by design is not held back by what is found: one day of its
    /// dataset is proof enough, and `assay audit` tells the rest.
    pub fn of_run(preset: &Preset, threads: usize) -> Self {
        let by_design = preset.look_ahead.is_some();
        Self {
            dates: if by_design { 1 } else { DATES_PER_RUN },
            in_other_worlds: OTHER_WORLDS_PER_RUN,
            seed: preset.train.seed,
            threads,
            refits: !by_design,
        }
    }
}

/// Audits a run: what `trained` says of its days against what it would have said knowing only what was out. Blocks; the result is
/// the same with any number of threads. Parameters that a search chose are taken as given.
pub fn audit(
    preset: &Preset,
    observations: &World,
    as_of: DateTime<Utc>,
    trained: &Trained,
    options: &AuditOptions,
) -> Result<AuditCard, AuditError> {
    let world = known_at(observations, as_of);
    let states: &[Information] = if preset.is_valued_twice() {
        &[Information::Provisional, Information::Final]
    } else {
        &[Information::Final]
    };
    let mut subjects: Vec<Box<dyn Subject + '_>> = Vec::new();
    for information in states {
        let frame = Frame {
            preset,
            world: &world,
            as_of,
            information: *information,
        };
        subjects.push(match &preset.train.walk_forward {
            Some(plan) => Box::new(WalkSubject::new(
                frame,
                plan,
                &trained.parameters,
                published(&trained.walk_rows, *information),
            )?),
            None => Box::new(OnceSubject::new(frame, trained, options.refits)?),
        });
    }
    let subjects: Vec<&dyn Subject> = subjects.iter().map(AsRef::as_ref).collect();
    let audited: Vec<&dyn Subject> = subjects
        .into_iter()
        .filter(|subject| !subject.days().is_empty())
        .collect();
    if audited.is_empty() {
        return Err(AuditError::NoDay);
    }
    examine(&audited, options)
}

/// What cutting the world off showed.
pub(crate) struct Truncations {
    /// Days drawn.
    pub(crate) dates: usize,
    /// The largest difference of two numbers.
    pub(crate) largest: f64,
    /// Numbers compared.
    pub(crate) compared: usize,
    /// The names of what differs by more than the tolerance.
    pub(crate) different: Vec<String>,
}

/// Cuts the world of a finished walk off at days drawn by seed, and computes everything anew.
pub(crate) fn truncations(
    preset: &Preset,
    observations: &World,
    as_of: DateTime<Utc>,
    (dataset, pass): (&Dataset, &Pass),
    options: &AuditOptions,
) -> Result<Truncations, AuditError> {
    let none = || AuditError::NoWalk(preset.name.clone());
    let plan = preset.train.walk_forward.as_ref().ok_or_else(none)?;
    let parameters = deployed(&preset.train).ok_or_else(none)?;
    let world = known_at(observations, as_of);
    let frame = Frame {
        preset,
        world: &world,
        as_of,
        information: Information::Final,
    };
    let subject = WalkSubject::new(frame, plan, &parameters, walked(dataset, pass))?;
    let drawn = draw(subject.days(), options.dates, options.seed);
    let only_cut_off = AuditOptions {
        in_other_worlds: 0,
        ..*options
    };
    let results = with_workers(
        options.threads,
        || |job: Job| one_day(&subject, &job),
        |pool| pool.run(jobs(&drawn, &only_cut_off), |_| ()),
    );
    let mut tally = Tally::new(AuditKind::Truncation);
    for showed in results {
        tally.compared(&showed?.truncated, "");
    }
    let check = tally.end();
    Ok(Truncations {
        dates: drawn.len(),
        largest: check.largest,
        compared: check.compared,
        different: check.findings.into_iter().map(|f| f.name).collect(),
    })
}

/// Runs every check on every subject.
pub(super) fn examine(
    subjects: &[&dyn Subject],
    options: &AuditOptions,
) -> Result<AuditCard, AuditError> {
    let mut checks = Checks::new();
    let mut dates = 0;
    for (place, subject) in subjects.iter().enumerate() {
        let drawn = draw(subject.days(), options.dates, options.seed + place as u64);
        dates += drawn.len();
        let results = with_workers(
            options.threads,
            || |job: Job| one_day(*subject, &job),
            |pool| pool.run(jobs(&drawn, options), |_| ()),
        );
        let under = if subjects.len() > 1 {
            wording(subject.frame().information)
        } else {
            ""
        };
        for day in results {
            checks.add(&day?, under);
        }
        if options.refits {
            checks.standing(*subject, under)?;
        }
    }
    let checks = checks.end();
    Ok(AuditCard {
        dates,
        seed: options.seed,
        tolerance: TOLERANCE,
        passed: checks.iter().all(|check| check.passed),
        checks,
    })
}

fn wording(information: Information) -> &'static str {
    match information {
        Information::Provisional => " (provisional values)",
        Information::Final => " (final values)",
    }
}

/// One day to look at.
struct Job {
    day: NaiveDate,
    /// The seed of its other future; `None` where the day is only cut off.
    other_worlds: Option<u64>,
}

fn jobs(drawn: &[NaiveDate], options: &AuditOptions) -> Vec<Job> {
    let step = drawn.len().div_ceil(options.in_other_worlds.max(1));
    let job = |(place, day): (usize, &NaiveDate)| Job {
        day: *day,
        other_worlds: (options.in_other_worlds > 0
            && (drawn.len() - 1 - place).is_multiple_of(step))
        .then(|| options.seed.wrapping_add(place as u64)),
    };
    drawn.iter().enumerate().map(job).collect()
}

/// What the worlds of one day showed.
#[derive(Default)]
struct OneDay {
    truncated: Compared,
    shuffled: Compared,
    repriced: Compared,
}

fn one_day(subject: &dyn Subject, job: &Job) -> Result<OneDay, AuditError> {
    let (frame, day) = (subject.frame(), job.day);
    let mut memo = None;
    let instant = frame.instant(day);
    let whole = subject.whole(day)?;
    let short = known_at(frame.world, instant);
    let anew = subject.anew(day, &short, instant, &mut memo)?;
    let mut showed = OneDay {
        truncated: compare(&whole, &anew),
        ..OneDay::default()
    };
    let Some(seed) = job.other_worlds else {
        return Ok(showed);
    };
    let other = with_shuffled_future(frame.world, instant, seed);
    let later = subject.anew(day, &other, frame.as_of, &mut memo)?;
    showed.shuffled = compare(&whole, &later);
    for factor in factors(&short, frame.preset, day) {
        let world = with_price(&short, frame.preset, day, factor);
        let priced = subject.anew(day, &world, instant, &mut memo)?;
        showed.repriced.absorb(compare_newest(&anew, &priced));
    }
    Ok(showed)
}

struct Checks {
    truncation: Tally,
    shuffled: Tally,
    own_price: Tally,
    available: Tally,
    disguise: Tally,
}

impl Checks {
    fn new() -> Self {
        Self {
            truncation: Tally::new(AuditKind::Truncation),
            shuffled: Tally::new(AuditKind::ShuffledFuture),
            own_price: Tally::new(AuditKind::OwnPrice),
            available: Tally::new(AuditKind::AvailableAt),
            disguise: Tally::new(AuditKind::Disguise),
        }
    }

    fn add(&mut self, day: &OneDay, under: &str) {
        self.truncation.compared(&day.truncated, under);
        self.shuffled.compared(&day.shuffled, under);
        self.own_price.compared(&day.repriced, under);
    }

    /// The checks that look at all rows at once.
    fn standing(&mut self, subject: &dyn Subject, under: &str) -> Result<(), AuditError> {
        self.available.looked_up(&look_up(subject)?, under);
        self.disguise.disguised(&twins(subject.dataset()), under);
        Ok(())
    }

    fn end(self) -> Vec<AuditCheck> {
        [
            self.truncation,
            self.shuffled,
            self.own_price,
            self.available,
            self.disguise,
        ]
        .map(Tally::end)
        .into_iter()
        .filter(|check| check.compared > 0)
        .collect()
    }
}
