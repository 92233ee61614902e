//! A planted rule as a subject of the audit.

use chrono::{DateTime, NaiveDate, Utc};

use super::super::known::level_preset;
use super::super::look::{Column, Kind, Look};
use super::super::subject::{AuditError, Frame, Memo, Subject, dataset_if_any, dataset_of};
use super::super::worlds::World;
use super::leaks::Planted;
use crate::assemble::Dataset;

/// The part of the history whose days are left alone: rules need rows to learn from.
const LEARNING: usize = 3;

/// A planted rule on a preset's features.
pub(super) struct PlantedSubject<'a> {
    frame: Frame<'a>,
    planted: &'a Planted,
    dataset: Dataset,
    days: Vec<NaiveDate>,
}

impl<'a> PlantedSubject<'a> {
    /// The rule on the whole world, as it takes it.
    pub(super) fn new(frame: Frame<'a>, planted: &'a Planted) -> Result<Self, AuditError> {
        let believed = (planted.believes)(frame.world);
        let dataset = dataset_of(frame.preset, &believed, frame.as_of, frame.information)?;
        let days = dataset.dates[dataset.rows() / LEARNING..].to_vec();
        Ok(Self {
            frame,
            planted,
            dataset,
            days,
        })
    }

    fn look(&self, dataset: &Dataset, day: NaiveDate) -> Look {
        let mut look = Look::at(dataset, day);
        if let (Some(tells), true) = (self.planted.tells, look.dates.last() == Some(&day)) {
            let value = tells(dataset, look.dates.len() - 1);
            look.columns
                .push(Column::newest("planted", Kind::Said, value));
        }
        look
    }
}

impl Subject for PlantedSubject<'_> {
    fn frame(&self) -> &Frame<'_> {
        &self.frame
    }

    fn days(&self) -> &[NaiveDate] {
        &self.days
    }

    fn dataset(&self) -> &Dataset {
        &self.dataset
    }

    fn whole(&self, day: NaiveDate) -> Result<Look, AuditError> {
        Ok(self.look(&self.dataset, day))
    }

    fn anew(
        &self,
        day: NaiveDate,
        world: &World,
        as_of: DateTime<Utc>,
        _: &mut Memo,
    ) -> Result<Look, AuditError> {
        let frame = &self.frame;
        let believed = (self.planted.believes)(world);
        let dataset = dataset_if_any(frame.preset, &believed, as_of, frame.information)?;
        Ok(dataset.map_or_else(Look::default, |dataset| self.look(&dataset, day)))
    }

    fn levels(&self) -> Result<Option<Dataset>, AuditError> {
        let frame = &self.frame;
        let levels = level_preset(frame.preset);
        let believed = (self.planted.believes)(frame.world);
        Ok(Some(dataset_of(
            &levels,
            &believed,
            frame.as_of,
            frame.information,
        )?))
    }
}
