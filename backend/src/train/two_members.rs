//! Trains two members that walk forward through time, and tells what they say of each day.

use shared::card::{Choice, Coverage, Parameters};
use shared::valuation::{BASE, Contribution, Information, Interval, Method, Split, Valuation};
use shared::walk::WalkRow;

use super::choice::{choose, deployed};
use super::inputs::Inputs;
use super::meter::Meter;
use super::refit::last_fits;
use super::value::Valued;
use super::walk::{Pass, drivers, pass, reading, report};
use super::winner::{self, Effort, Winner};
use super::{Datasets, TrainError, Trained, booster, data_range, intervals, scores, skill};
use crate::assemble::Dataset;
use crate::preset::{GridDef, Role, TrainPlan, WalkPlan};

/// Chooses the trees' parameters, walks through the history under each state of information, and values each row by the
/// best that was known: final where the day's late series are out, provisional on the newest rows.
pub(super) fn train(
    sets: &Datasets<'_>,
    plan: &TrainPlan,
    walk: &WalkPlan,
    grid: &GridDef,
    effort: &Effort<'_>,
) -> Result<Trained, TrainError> {
    let chosen = choose_parameters(sets.last, plan, grid, effort)?;
    let passes = Passes::walk(sets, plan, walk, &chosen.winner.parameters, effort)?;
    let dataset = sets.last;
    let rows: Vec<Row<'_>> = (0..dataset.rows())
        .filter_map(|row| passes.row(sets, row))
        .collect();
    let newest = rows.last().ok_or(TrainError::TooFewRows {
        rows: 0,
        needed: walk.min_rows,
    })?;
    let valued: Vec<Valued> = rows.iter().map(Row::valued).collect();
    let bands: Vec<intervals::Bands> = rows.iter().map(Row::bands).collect();
    let scored = scores::scored_rows(dataset, &valued);
    let members = &newest.pass.walk.last;
    Ok(Trained {
        versions: [("xgboost".to_owned(), booster::version(&members.trees.json)?)].into(),
        model: members.trees.json.clone(),
        scaler: None,
        coverage: coverage(&valued, &bands, dataset),
        valuations: rows.iter().map(Row::valuation).collect(),
        contributions: rows
            .iter()
            .flat_map(|row| row.contributions(&drivers(dataset)))
            .collect(),
        scores: scores::scores(&scored),
        skill: skill::skill(&scored),
        data: data_range(dataset, valued[0].place, valued[0].place),
        folds: chosen
            .winner
            .folds
            .iter()
            .map(|result| result.fold)
            .collect(),
        walk: Some(report(
            newest.information,
            newest.pass,
            (dataset, &passes.last),
            sets.provisional.zip(passes.provisional.as_ref()),
            chosen.choice,
        )),
        walk_rows: passes.rows(sets),
        gap: reading(newest.pass, newest.place),
        scale: newest.pass.scale_model(newest.dataset, newest.place),
        parameters: chosen.winner.parameters,
        searches: chosen.winner.searches,
    })
}

fn coverage(valued: &[Valued], bands: &[intervals::Bands], dataset: &Dataset) -> Vec<Coverage> {
    intervals::coverage(valued, bands, &dataset.price)
}

/// The trees' parameters, and how they were found.
struct Chosen {
    winner: Winner,
    choice: Option<Choice>,
}

/// Searches the grid on the rows before the test part. Where that finds something else than what is deployed, it must be
/// better by more than one standard error to be used.
fn choose_parameters(
    dataset: &Dataset,
    plan: &TrainPlan,
    grid: &GridDef,
    effort: &Effort<'_>,
) -> Result<Chosen, TrainError> {
    let inputs = Inputs::new(
        &dataset.only(Role::Trees),
        plan.test_rows,
        plan.folds,
        grid.scale,
    )?;
    let mut winner = winner::find(&inputs, plan, grid, effort)?;
    let default: Option<Parameters> = deployed(plan).filter(|p| *p != winner.parameters);
    let Some(default) = default else {
        return Ok(Chosen {
            winner,
            choice: None,
        });
    };
    let mut meter = Meter::start(effort.reporter, inputs.folds.len());
    let (folds, refit) = last_fits(&inputs, plan.seed, &default, effort, &mut meter)?;
    let choice = choose(&winner.folds, &folds);
    if !choice.adopted {
        winner.parameters = default;
        winner.folds = folds;
        winner.refit = refit;
    }
    Ok(Chosen {
        winner,
        choice: Some(choice),
    })
}

/// The walks under each state of information.
struct Passes {
    last: Pass,
    provisional: Option<Pass>,
}

impl Passes {
    fn walk(
        sets: &Datasets<'_>,
        plan: &TrainPlan,
        walk: &WalkPlan,
        parameters: &Parameters,
        effort: &Effort<'_>,
    ) -> Result<Self, TrainError> {
        let both = std::iter::once(sets.last).chain(sets.provisional);
        let months: usize = both.map(|set| super::walk::fits(set, walk)).sum();
        let mut meter = Meter::start(effort.reporter, months);
        let mut one = |dataset: &Dataset, message: &str| {
            let cost: usize = (1..=super::walk::fits(dataset, walk)).sum();
            meter.begin(message, cost as f64);
            pass(dataset, plan, walk, parameters, effort, &mut meter)
        };
        Ok(Self {
            last: one(sets.last, "walking forward, final values")?,
            provisional: sets
                .provisional
                .map(|set| one(set, "walking forward, as known at the close"))
                .transpose()?,
        })
    }

    /// A row as it is published; `None` where it cannot be valued.
    fn row<'a>(&'a self, sets: &Datasets<'a>, place: usize) -> Option<Row<'a>> {
        match (&self.provisional, sets.provisional) {
            (Some(pass), Some(dataset)) if !sets.last.is_final[place] => {
                Row::new(pass, dataset, place, Information::Provisional)
            }
            _ => Row::new(&self.last, sets.last, place, Information::Final),
        }
    }

    /// Every row under every state of information that it has reached.
    fn rows(&self, sets: &Datasets<'_>) -> Vec<WalkRow> {
        let mut rows = Vec::new();
        for place in 0..sets.last.rows() {
            if let Some((pass, dataset)) = self.provisional.as_ref().zip(sets.provisional) {
                rows.extend(Row::new(pass, dataset, place, Information::Provisional));
            }
            if sets.last.is_final[place] {
                rows.extend(Row::new(&self.last, sets.last, place, Information::Final));
            }
        }
        rows.iter().filter_map(Row::walk_row).collect()
    }
}

/// One row under one state of information.
struct Row<'a> {
    pass: &'a Pass,
    dataset: &'a Dataset,
    place: usize,
    information: Information,
}

impl<'a> Row<'a> {
    /// `None` where there is no forecast or no price.
    fn new(
        pass: &'a Pass,
        dataset: &'a Dataset,
        place: usize,
        information: Information,
    ) -> Option<Self> {
        let known = pass.shipped[place].is_finite()
            && dataset.price[place].is_finite()
            && dataset.previous_price[place].is_finite();
        known.then_some(Self {
            pass,
            dataset,
            place,
            information,
        })
    }

    fn price_after(&self, forecast: f64) -> f64 {
        self.dataset.previous_price[self.place] * forecast.exp()
    }

    fn value(&self) -> f64 {
        self.price_after(self.pass.shipped[self.place])
    }

    fn method(&self) -> Method {
        let takes_over = self.pass.walk.forecasts[self.place].as_ref();
        match self.pass.is_open[self.place] {
            false => Method::NoChange,
            true if takes_over.is_some_and(|f| f.takes_over) => Method::Linear,
            true => Method::Model,
        }
    }

    fn valued(&self) -> Valued {
        Valued {
            place: self.place,
            raw: self.price_after(self.pass.combined[self.place]),
            value: self.value(),
            method: self.method(),
            split: Split::Test,
        }
    }

    fn bands(&self) -> intervals::Bands {
        let value = self.value();
        [0, 1].map(|level| {
            let width = self.pass.bands.half_widths[level][self.place];
            width.is_finite().then(|| Interval {
                lower: value * (-width).exp(),
                upper: value * width.exp(),
            })
        })
    }

    fn valuation(&self) -> Valuation {
        let [interval_80, interval_95] = self.bands();
        Valuation {
            date: self.dataset.dates[self.place],
            price: self.dataset.price[self.place],
            valuation: self.value(),
            interval_80,
            interval_95,
            method: self.method(),
            split: Split::Test,
            information: self.information,
        }
    }

    /// What each driver adds to the shipped move, in percent, the base last.
    fn contributions(&self, drivers: &[String]) -> Vec<Contribution> {
        let share = self.pass.walk.forecasts[self.place].as_ref();
        let share = share.filter(|_| self.pass.is_open[self.place]);
        let of = |place: usize| share.map_or(0.0, |f| 100.0 * f.combined.drivers[place]);
        let base = share.map_or(0.0, |f| 100.0 * f.combined.base);
        let date = self.dataset.dates[self.place];
        let named = drivers
            .iter()
            .enumerate()
            .map(|(place, name)| (name.as_str(), of(place)));
        named
            .chain([(BASE, base)])
            .map(|(feature, contribution)| Contribution {
                date,
                feature: feature.to_owned(),
                contribution,
            })
            .collect()
    }

    fn walk_row(&self) -> Option<WalkRow> {
        let forecast = self.pass.walk.forecasts[self.place].as_ref()?;
        let [interval_80, interval_95] = self.bands();
        Some(WalkRow {
            date: self.dataset.dates[self.place],
            information: self.information,
            price: self.dataset.price[self.place],
            valuation: self.value(),
            interval_80,
            interval_95,
            linear_pct: 100.0 * forecast.linear,
            trees_pct: 100.0 * forecast.trees,
            combined_pct: 100.0 * forecast.combined.sum(),
            takes_over: forecast.takes_over,
            is_open: self.pass.is_open[self.place],
            above_maximum: self.pass.above_maximum[self.place],
            gap: reading(self.pass, self.place),
        })
    }
}
