//! Finds and reads presets: the built-in ones by name, a user's own by path.

use std::path::{Path, PathBuf};

use super::Preset;
use super::check::check;
use super::drivers::expand;

/// A preset that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PresetError {
    /// Neither a built-in name nor a file.
    #[error(
        "there is no preset `{name}`: built in are {known}; a preset of your own is named by its path, `--preset my.toml`"
    )]
    Unknown {
        /// What was asked for.
        name: String,
        /// The built-in ones.
        known: String,
    },
    /// The file cannot be read.
    #[error("cannot read the preset `{path}`")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        cause: std::io::Error,
    },
    /// The file is no preset.
    #[error("the preset `{name}` is not well formed: {message}")]
    Malformed {
        /// Which.
        name: String,
        /// What is wrong, with line and column.
        message: String,
    },
    /// The file contradicts itself.
    #[error("the preset `{name}` cannot work: {message}")]
    Contradictory {
        /// Which.
        name: String,
        /// What is wrong.
        message: String,
    },
}

const BUILT_IN: [(&str, &str); 4] = [
    ("fair", include_str!("../../presets/fair.toml")),
    ("fair-free", include_str!("../../presets/fair-free.toml")),
    ("study", include_str!("../../presets/study.toml")),
    ("classic", include_str!("../../presets/classic.toml")),
];

/// Names of the built-in presets, the default first.
pub fn built_in_names() -> impl Iterator<Item = &'static str> {
    BUILT_IN.iter().map(|(name, _)| *name)
}

/// The preset of this built-in name, or in the file of this path (ending in `.toml`).
pub fn load(name: &str) -> Result<Preset, PresetError> {
    if let Some((name, text)) = BUILT_IN.iter().find(|(known, _)| *known == name) {
        return parse(name, text);
    }
    let is_file = Path::new(name).extension().is_some_and(|end| end == "toml");
    if !is_file {
        let known: Vec<&str> = built_in_names().collect();
        return Err(PresetError::Unknown {
            name: name.to_owned(),
            known: known.join(", "),
        });
    }
    let text = std::fs::read_to_string(name).map_err(|cause| PresetError::Unreadable {
        path: PathBuf::from(name),
        cause,
    })?;
    parse(name, &text)
}

/// Reads and checks a preset's text; `name` is for messages.
pub fn parse(name: &str, text: &str) -> Result<Preset, PresetError> {
    let mut preset: Preset = toml::from_str(text).map_err(|error| PresetError::Malformed {
        name: name.to_owned(),
        message: error.to_string(),
    })?;
    preset.features.splice(0..0, expand(&preset.drivers));
    check(&preset).map_err(|message| PresetError::Contradictory {
        name: name.to_owned(),
        message,
    })?;
    Ok(preset)
}
