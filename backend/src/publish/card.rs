//! The model card, and its row in `model_runs`.

use std::collections::BTreeMap;

use shared::card::{FeatureCard, ModelCard};

use super::run::Publication;
use super::tables::RunRow;
use crate::assemble::Dataset;
use crate::lake::sha256_hex;
use crate::preset::Preset;

/// The card of a publication.
pub(super) fn card(publication: &Publication<'_>) -> ModelCard {
    let Publication {
        preset,
        dataset,
        trained,
        ..
    } = publication;
    let target = preset.series(&preset.target);
    let mut versions = trained.versions.clone();
    versions.insert("assay".to_owned(), env!("CARGO_PKG_VERSION").to_owned());
    let features = dataset.features.iter().map(|feature| FeatureCard {
        name: feature.name.clone(),
        label: feature.label.clone(),
        group: feature.group.clone(),
    });
    ModelCard {
        run_id: publication.run_id.to_owned(),
        preset: preset.name.clone(),
        look_ahead: preset.look_ahead.clone(),
        target: target.map(|t| t.title.clone()).unwrap_or_default(),
        unit: target.map(|t| t.unit.clone()).unwrap_or_default(),
        output: preset.train.output,
        features: features.collect(),
        drivers: if trained.walk.is_some() {
            drivers(preset, dataset)
        } else {
            Vec::new()
        },
        scaler: trained.scaler.clone(),
        parameters: trained.parameters.clone(),
        grid: publication.grid.to_owned(),
        searches: trained.searches.clone(),
        folds: trained.folds.clone(),
        scores: trained.scores.clone(),
        skill: trained.skill.clone(),
        coverage: trained.coverage.clone(),
        data: trained.data,
        model_sha256: sha256_hex(&trained.model),
        input_sha256: publication.input_sha256.to_owned(),
        seed: preset.train.seed,
        walk: trained.walk.clone(),
        audit: publication.audit.cloned(),
        versions,
    }
}

/// The drivers of the dataset's features, for people. One that no `[[driver]]` of the preset defines goes by its own name.
fn drivers(preset: &Preset, dataset: &Dataset) -> Vec<FeatureCard> {
    let told = crate::train::drivers(dataset).into_iter().map(|name| {
        let defined = preset.drivers.iter().find(|def| def.name == name);
        let first = dataset.features.iter().find(|f| f.driver == name);
        let (label, group) = match (defined, first) {
            (Some(def), _) => (def.label.clone(), def.group.clone()),
            (None, feature) => (
                in_words(&name),
                feature.map(|f| f.group.clone()).unwrap_or_default(),
            ),
        };
        FeatureCard { name, label, group }
    });
    told.collect()
}

/// `gold_momentum` as `Gold momentum`.
fn in_words(name: &str) -> String {
    let spaced = name.replace('_', " ");
    let mut letters = spaced.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

/// The row of `model_runs` that says the same, and whether any input was synthetic.
pub(super) fn run_row(card: &ModelCard, synthetic: bool) -> anyhow::Result<RunRow> {
    let rmse = |rule: &str| {
        let score = card.scores.iter().find(|score| score.rule == rule);
        score.map_or(f64::NAN, |score| score.rmse)
    };
    let by_rule = |ours: bool| {
        let of = |rule: &str| matches!(rule, "valuation" | "model_raw") == ours;
        let scores = card.scores.iter().filter(move |score| of(&score.rule));
        let pairs: BTreeMap<&str, f64> = scores.map(|s| (s.rule.as_str(), s.rmse)).collect();
        serde_json::to_string(&pairs)
    };
    Ok(RunRow {
        preset: card.preset.clone(),
        parameters: serde_json::to_string(&card.parameters)?,
        scores: by_rule(true)?,
        baselines: by_rule(false)?,
        first_date: card.data.first,
        last_date: card.data.last,
        rows: i64::try_from(card.data.train_rows + card.data.test_rows)?,
        rmse: rmse("valuation"),
        no_change_rmse: rmse("no_change"),
        skill: card.skill.skill,
        synthetic,
    })
}
