//! What a request for a run means: names become a preset and a grid, or are refused.

use shared::api::StartRun;

use super::StartError;
use crate::config::Settings;
use crate::pipeline::RunOptions;
use crate::preset;

/// The options of a run that was asked for from outside, with so many fits at once.
pub fn options(
    what: StartRun,
    settings: &Settings,
    threads: usize,
) -> Result<RunOptions, StartError> {
    let name = what.preset.unwrap_or_else(|| settings.preset.clone());
    // A page may name built-in presets and the configured one, but no file of this machine.
    let known =
        preset::built_in_names().any(|built_in| built_in == name) || name == settings.preset;
    if !known {
        let message = format!("there is no preset `{name}`");
        return Err(StartError::Bad { message });
    }
    let bad = |message: String| StartError::Bad { message };
    let preset = preset::load(&name).map_err(|error| bad(error.to_string()))?;
    let grid = what.grid.unwrap_or_else(|| "deployed".to_owned());
    if !preset.train.grids.contains_key(&grid) {
        return Err(bad(format!("the preset `{name}` has no grid `{grid}`")));
    }
    Ok(RunOptions {
        preset,
        grid,
        as_of: what.as_of,
        threads,
        score_all: false,
        ask_vendors: true,
    })
}
