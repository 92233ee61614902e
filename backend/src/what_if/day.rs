//! Builds the day out of what a run is about to publish.

use shared::card::{FeatureCard, ModelCard};
use shared::model::{ModelError, Trees};
use shared::valuation::{Information, Interval, Method, Valuation};
use shared::what_if::{Band, DayModel, Evaluator, Today, WhatIf};

use super::inputs::inputs;
use super::scenarios::scenarios;
use crate::assemble::{Newest, NewestError, newest};
use crate::clock::end_of_day;
use crate::preset::Role;
use crate::publish::Publication;

/// The day's own levels must give the published valuation up to this part of it.
const TOLERANCE: f64 = 1e-9;

/// Why a run cannot be asked.
#[derive(Debug, thiserror::Error)]
enum Impossible {
    #[error("the newest day has no valuation")]
    NotValued,
    #[error("nothing but the target itself moves this model")]
    NoInput,
    #[error("the column `{0}` of the model is no feature of the preset")]
    NoFeature(String),
    #[error(transparent)]
    Newest(#[from] NewestError),
    #[error("its trees cannot be evaluated outside XGBoost: {0}")]
    Model(#[from] ModelError),
    #[error("it cannot be written down: {0}")]
    Unwritable(#[from] serde_json::Error),
    #[error("the day's own levels give {found:?} instead of the published {published}")]
    Differs { found: Option<f64>, published: f64 },
}

/// The newest day of a publication. Never stands in the way of publishing: what cannot be asked says why.
pub(crate) fn what_if(publication: &Publication<'_>, card: &ModelCard) -> WhatIf {
    match today(publication, card).and_then(proven) {
        Ok(today) => WhatIf::Possible(Box::new(today)),
        Err(why) => WhatIf::Impossible {
            why: why.to_string(),
        },
    }
}

/// Lets nothing be published that cannot be read back, or says another number than the run.
#[expect(
    clippy::needless_pass_by_value,
    reason = "what was read back takes its place"
)]
fn proven(today: Today) -> Result<Today, Impossible> {
    // JSON has neither infinity nor NaN: it writes `null`, which is no number.
    let today: Today = serde_json::from_slice(&serde_json::to_vec(&today)?)?;
    let (levels, published) = (today.levels(), today.published.valuation);
    let evaluator = Evaluator::new(today)?;
    let found = evaluator.outcome(&levels).map(|outcome| outcome.valuation);
    match found {
        Some(value) if ((value - published) / published).abs() <= TOLERANCE => {
            Ok(evaluator.into_today())
        }
        found => Err(Impossible::Differs { found, published }),
    }
}

fn today(publication: &Publication<'_>, card: &ModelCard) -> Result<Today, Impossible> {
    let (preset, trained) = (publication.preset, publication.trained);
    let published = trained.valuations.last().ok_or(Impossible::NotValued)?;
    let information = trained.walk.as_ref();
    let newest = newest(
        preset,
        publication.observations,
        end_of_day(publication.as_of),
        information.map_or(Information::Final, |walk| walk.information),
        &wanted(publication),
    )?;
    if newest.dates.last() != Some(&published.date) {
        return Err(Impossible::NotValued);
    }
    if newest.inputs.is_empty() {
        return Err(Impossible::NoInput);
    }
    let drivers = match card.drivers.as_slice() {
        [] => card.features.clone(),
        drivers => drivers.to_vec(),
    };
    let inputs = inputs(preset, &newest);
    let previous = newest.dataset.previous_price.last().copied();
    Ok(Today {
        run_id: publication.run_id.to_owned(),
        preset: preset.name.clone(),
        preset_title: preset.title.clone(),
        look_ahead: preset.look_ahead.clone(),
        synthetic: publication.synthetic,
        target_title: card.target.clone(),
        unit: card.unit.clone(),
        published: published.clone(),
        previous_price: previous.filter(|price| price.is_finite()),
        model: model(publication, &newest, &drivers, published)?,
        band: band(publication, &newest, published)?,
        scenarios: scenarios(preset, &newest, &inputs),
        inputs,
        cells: newest.cells,
        drivers,
    })
}

/// The columns that model and interval look at.
fn wanted(publication: &Publication<'_>) -> Vec<String> {
    let trained = publication.trained;
    let linear = trained.walk.as_ref().map(|walk| &walk.linear);
    let linear = linear
        .into_iter()
        .flat_map(|linear| linear.features.iter().chain([&linear.volatility]));
    let scale = trained
        .scale
        .iter()
        .flat_map(shared::what_if::ScaleModel::extra_features);
    linear
        .chain(scale)
        .cloned()
        .chain(tree_features(publication))
        .collect()
}

fn tree_features(publication: &Publication<'_>) -> impl Iterator<Item = String> {
    let features = publication.dataset.features.iter();
    let trees = features.filter(|feature| feature.role == Role::Trees);
    trees.map(|feature| feature.name.clone())
}

fn model(
    publication: &Publication<'_>,
    newest: &Newest,
    drivers: &[FeatureCard],
    published: &Valuation,
) -> Result<DayModel, Impossible> {
    let trained = publication.trained;
    let trees = Trees::parse(&trained.model)?;
    let tree_features: Vec<String> = tree_features(publication).collect();
    let tree_cells = cells(newest, &tree_features)?;
    let Some(walk) = &trained.walk else {
        let stands_in = published.method == Method::Ema;
        return Ok(DayModel::Single {
            output: publication.preset.train.output,
            scaler: trained.scaler.clone(),
            trees,
            tree_cells,
            stand_in: stands_in.then_some(published.valuation),
        });
    };
    let volatility = cells(newest, std::slice::from_ref(&walk.linear.volatility))?;
    Ok(DayModel::Members {
        linear_cells: cells(newest, &walk.linear.features)?,
        linear_drivers: driver_places(newest, drivers, &walk.linear.features)?,
        volatility: volatility[0],
        linear: walk.linear.clone(),
        tree_drivers: driver_places(newest, drivers, &tree_features)?,
        trees,
        tree_cells,
        is_open: published.method != Method::NoChange,
    })
}

fn cells(newest: &Newest, names: &[String]) -> Result<Vec<usize>, Impossible> {
    let places = names.iter().map(|name| {
        let place = newest.places.get(name).copied();
        place.ok_or_else(|| Impossible::NoFeature(name.clone()))
    });
    places.collect()
}

/// The place of each feature's driver among those that contributions are told by.
fn driver_places(
    newest: &Newest,
    drivers: &[FeatureCard],
    names: &[String],
) -> Result<Vec<usize>, Impossible> {
    let places = names.iter().map(|name| {
        let mut features = newest.dataset.features.iter();
        let feature = features.find(|feature| feature.name == *name);
        let place = feature.and_then(|f| drivers.iter().position(|card| card.name == f.driver));
        place.ok_or_else(|| Impossible::NoFeature(name.clone()))
    });
    places.collect()
}

fn band(
    publication: &Publication<'_>,
    newest: &Newest,
    published: &Valuation,
) -> Result<Band, Impossible> {
    if let Some(scale) = &publication.trained.scale {
        return Ok(Band::Scaled {
            cells: cells(newest, scale.extra_features())?,
            scale: Box::new(scale.clone()),
        });
    }
    let width = |interval: Option<Interval>| {
        let width = (interval?.upper / published.valuation).ln();
        width.is_finite().then_some(width)
    };
    Ok(Band::Fixed([
        width(published.interval_80),
        width(published.interval_95),
    ]))
}
