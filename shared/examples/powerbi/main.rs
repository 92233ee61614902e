//! Writes the Power BI project of `powerbi/`: model, report and the SQL twins of the measures, from the catalogue and `measures.toml`.

mod expressions;
mod files;
mod measures;
mod model;
mod report;
mod source;
mod titles;
mod tmdl;
mod words;

use std::process::ExitCode;

use files::{Files, Folder};
use model::Model;

/// What stops the generator: a mistake in what it reads, or a file that cannot be read or written.
type Fault = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    match Folder::of_this_clone().write(generate) {
        Ok(changed) => {
            eprintln!("powerbi: {changed} files changed");
            ExitCode::SUCCESS
        }
        Err(fault) => {
            eprintln!("powerbi: {fault}");
            ExitCode::FAILURE
        }
    }
}

/// Every generated file by its path within `powerbi/`.
fn generate(manifest: &str, presets: &[String]) -> Result<Files, Fault> {
    written(&read(manifest, presets)?)
}

fn read(manifest: &str, presets: &[String]) -> Result<Model, Fault> {
    let titles = titles::read(presets)?;
    Model::new(measures::read(manifest, &titles)?, &titles)
}

fn written(model: &Model) -> Result<Files, Fault> {
    let mut files = Files::new();
    tmdl::write(model, &mut files);
    report::write(model, &mut files)?;
    for measure in &model.measures {
        let name = format!("measures/{}.sql", measure.file_name());
        files.insert(name, measure.sql_file());
    }
    Ok(files)
}

#[cfg(test)]
mod tests;
