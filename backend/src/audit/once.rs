//! A model that was fitted once before its test part, as a subject: fitted again on the same days, from what a day could know.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use shared::card::Parameters;
use shared::valuation::{Method, Split, Valuation};

use super::known::levels_of;
use super::look::{Column, Kind, Look};
use super::subject::{AuditError, Frame, Memo, Subject, dataset_if_any, dataset_of};
use super::worlds::World;
use crate::assemble::Dataset;
use crate::preset::{GridDef, TrainPlan};
use crate::progress::Reporter;
use crate::train::{Datasets, Trained, train};

/// The grid of the one point that the run found.
const FOUND: &str = "found";

/// A model that was fitted once.
pub(super) struct OnceSubject<'a> {
    frame: Frame<'a>,
    plan: TrainPlan,
    dataset: Dataset,
    said: BTreeMap<NaiveDate, Valuation>,
    days: Vec<NaiveDate>,
    test_first: NaiveDate,
    refits: bool,
}

impl<'a> OnceSubject<'a> {
    /// What the run said of each day of its test part, held against `frame`. Without `refits` only the dataset is looked at.
    pub(super) fn new(
        frame: Frame<'a>,
        trained: &Trained,
        refits: bool,
    ) -> Result<Self, AuditError> {
        let dataset = dataset_of(frame.preset, frame.world, frame.as_of, frame.information)?;
        let tested = trained.valuations.iter().filter(|v| v.split == Split::Test);
        let said: BTreeMap<NaiveDate, Valuation> = tested.map(|v| (v.date, v.clone())).collect();
        Ok(Self {
            plan: plan_of(&frame.preset.train, trained),
            days: said.keys().copied().collect(),
            test_first: trained.data.test_first,
            refits,
            dataset,
            said,
            frame,
        })
    }

    /// Trains on the days before the run's own test part.
    fn train(&self, dataset: &Dataset) -> Result<Trained, AuditError> {
        let split = self.split(dataset);
        let plan = TrainPlan {
            test_rows: dataset.rows() - split,
            ..self.plan.clone()
        };
        let sets = Datasets {
            last: dataset,
            provisional: None,
        };
        Ok(train(&sets, &plan, FOUND, 1, false, &Reporter::silent())?)
    }

    fn split(&self, dataset: &Dataset) -> usize {
        dataset.dates.partition_point(|day| *day < self.test_first)
    }
}

/// The plan without its search. Folds matter to intervals alone; without these, two are enough.
fn plan_of(plan: &TrainPlan, trained: &Trained) -> TrainPlan {
    let axes = trained.parameters.iter();
    let point = axes.map(|(name, value)| (name.clone(), vec![*value]));
    let found = GridDef {
        scale: trained.scaler.is_some(),
        searches: vec![point.collect()],
    };
    TrainPlan {
        fixed: Parameters::new(),
        folds: if plan.intervals { plan.folds } else { 2 },
        grids: BTreeMap::from([(FOUND.to_owned(), found)]),
        ..plan.clone()
    }
}

impl Subject for OnceSubject<'_> {
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
        let mut look = Look::at(&self.dataset, day);
        look.columns.push(split_column(self.split(&self.dataset)));
        let said = self.said.get(&day).filter(|_| self.refits);
        look.columns.extend(said.map(columns).into_iter().flatten());
        Ok(look)
    }

    fn anew(
        &self,
        day: NaiveDate,
        world: &World,
        as_of: DateTime<Utc>,
        _: &mut Memo,
    ) -> Result<Look, AuditError> {
        let frame = &self.frame;
        let Some(dataset) = dataset_if_any(frame.preset, world, as_of, frame.information)? else {
            return Ok(Look::default());
        };
        let mut look = Look::at(&dataset, day);
        look.columns.push(split_column(self.split(&dataset)));
        if self.refits && look.dates.last() == Some(&day) {
            let trained = self.train(&dataset.until(look.dates.len()))?;
            let newest = trained.valuations.iter().rfind(|v| v.date == day);
            look.columns
                .extend(newest.map(columns).into_iter().flatten());
        }
        Ok(look)
    }

    fn levels(&self) -> Result<Option<Dataset>, AuditError> {
        Ok(levels_of(&self.frame)?)
    }
}

fn split_column(rows: usize) -> Column {
    Column::newest("training rows", Kind::Split, rows as f64)
}

fn columns(said: &Valuation) -> [Column; 4] {
    let width = |band: Option<shared::valuation::Interval>| {
        band.map_or(f64::NAN, |band| (band.upper / band.lower).ln() / 2.0)
    };
    let method = f64::from(u8::from(said.method != Method::Model));
    [
        Column::newest("valuation", Kind::Said, said.valuation),
        Column::newest("method", Kind::Method, method),
        Column::newest("interval 80 %", Kind::Said, width(said.interval_80)),
        Column::newest("interval 95 %", Kind::Said, width(said.interval_95)),
    ]
}
