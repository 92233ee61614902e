//! Leaks that are planted on purpose: an audit that does not catch them says nothing.

mod believed;
mod leaks;
mod rules;
mod subject;
mod world;

use chrono::{DateTime, Utc};
use serde::Serialize;
use shared::card::AuditCard;
use shared::valuation::Information;

use self::leaks::{CLEAN, LEAKS, Planted};
use self::subject::PlantedSubject;
use super::run::{AuditOptions, examine};
use super::subject::{AuditError, Frame};
use super::worlds::{World, known_at};
use crate::preset::Preset;

/// What the audit said of a planted leak, or of a clean rule that looks like one.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlantedResult {
    /// Its name.
    pub name: String,
    /// What was planted.
    pub what: String,
    /// Whether it leaks.
    pub leaks: bool,
    /// What the audit found.
    pub audit: AuditCard,
}

impl PlantedResult {
    /// Whether the audit was right.
    pub fn is_right(&self) -> bool {
        self.leaks != self.audit.passed
    }
}

/// Plants each leak into the preset's own data, and the clean rules beside them, and audits them under what is known
/// at each day's close. Fails where the preset does not walk forward.
pub fn demonstrate(
    preset: &Preset,
    observations: &World,
    as_of: DateTime<Utc>,
    options: &AuditOptions,
) -> Result<Vec<PlantedResult>, AuditError> {
    if preset.train.walk_forward.is_none() {
        return Err(AuditError::NoWalk(preset.name.clone()));
    }
    let world = world::with_planted(preset, &known_at(observations, as_of));
    let all = LEAKS.iter().map(|leak| (leak, true));
    let all = all.chain(CLEAN.iter().map(|rule| (rule, false)));
    all.map(|(planted, leaks)| {
        let audit = audit_one(planted, preset, &world, as_of, options)?;
        Ok(PlantedResult {
            name: planted.name.to_owned(),
            what: planted.what.to_owned(),
            leaks,
            audit,
        })
    })
    .collect()
}

fn audit_one(
    planted: &Planted,
    preset: &Preset,
    world: &World,
    as_of: DateTime<Utc>,
    options: &AuditOptions,
) -> Result<AuditCard, AuditError> {
    let preset = planted.on(preset);
    let frame = Frame {
        preset: &preset,
        world,
        as_of,
        information: Information::Provisional,
    };
    let subject = PlantedSubject::new(frame, planted)?;
    examine(&[&subject], options)
}
