//! `assay export`.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Context as _;
use shared::card::ModelCard;
use shared::query::{Answer, Query};

use super::args::{ExportArgs, ExportWhat};
use super::{Exit, print};
use crate::backend::Backend;
use crate::query::{DataFusionEngine, Limits, QueryEngine as _};

/// The preset whose newest run is written.
const CLASSIC: &str = "classic";

/// Writes the newest run of `classic` as the original's two files.
pub(super) async fn export(backend: &Backend, args: &ExportArgs) -> Exit {
    let ExportWhat::Classic = args.what;
    match export_classic(backend, &args.folder).await {
        Ok(Some(rows)) => {
            print::line(format!("{rows} rows in {}", args.folder.display()));
            Exit::Good
        }
        Ok(None) => {
            let message = "no run of the preset `classic` is published";
            print::trouble(message, "run `assay run --preset classic` first");
            Exit::Failed
        }
        Err(error) => {
            print::trouble(
                &format!("{error:#}"),
                "check the folder and the lake, and try again",
            );
            Exit::Failed
        }
    }
}

async fn export_classic(backend: &Backend, folder: &Path) -> anyhow::Result<Option<usize>> {
    let published = backend.published();
    let current = published.current().await?;
    let Some(run_id) = current.and_then(|current| current.by_preset.get(CLASSIC).cloned()) else {
        return Ok(None);
    };
    let card = published
        .card(&run_id)
        .await?
        .context("the run's model card is gone")?;
    let engine = DataFusionEngine::new(backend.local_lake())?;
    let features: Vec<String> = card
        .features
        .iter()
        .map(|f| format!("d.\"{}\"", f.name))
        .collect();
    let features = features.join(", ");
    let dataset = format!(
        "SELECT d.date, {features}, d.target FROM complete_dataset d WHERE d.run_id = '{run_id}' ORDER BY d.date"
    );
    let results = format!(
        "SELECT d.date, {features}, d.target, r.valuation, r.gap \
         FROM complete_dataset d JOIN model_results r ON r.date = d.date AND r.run_id = d.run_id \
         WHERE d.run_id = '{run_id}' AND r.split = 'test' ORDER BY d.date"
    );
    std::fs::create_dir_all(folder)
        .with_context(|| format!("cannot make `{}`", folder.display()))?;
    let rows = write(
        &engine,
        dataset,
        &header(&card, &[]),
        &folder.join("complete_dataset.csv"),
    )
    .await?;
    let extra = ["gold open pred", "Error"];
    write(
        &engine,
        results,
        &header(&card, &extra),
        &folder.join("results.csv"),
    )
    .await?;
    Ok(Some(rows))
}

/// The original's column names: they are the labels of the preset's features.
fn header(card: &ModelCard, extra: &[&str]) -> String {
    let mut names = vec!["date"];
    names.extend(card.features.iter().map(|feature| feature.label.as_str()));
    names.push("gold open");
    names.extend(extra);
    names.join(",")
}

async fn write(
    engine: &DataFusionEngine,
    sql: String,
    header: &str,
    file: &Path,
) -> anyhow::Result<usize> {
    let limits = Limits {
        rows: 1_000_000,
        ..Limits::default()
    };
    let answer = engine.run(&Query { sql }, limits).await?;
    let text = csv(header, &answer);
    std::fs::write(file, text).with_context(|| format!("cannot write `{}`", file.display()))?;
    Ok(answer.rows.len())
}

/// Numbers in the shortest form that reads back as the same number, whole ones with `.0`, as pandas writes floats.
fn csv(header: &str, answer: &Answer) -> String {
    let mut text = format!("{header}\n");
    for row in &answer.rows {
        for (index, cell) in row.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            let _ = match (cell.as_f64(), cell.as_str()) {
                (Some(number), _) => write!(text, "{comma}{number:?}"),
                (None, Some(word)) => write!(text, "{comma}{word}"),
                (None, None) => write!(text, "{comma}"),
            };
        }
        text.push('\n');
    }
    text
}
