//! The files on disk: what the generator reads, and where it writes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::Fault;

/// Texts by path within `powerbi/`, with `/` between the parts.
pub(crate) type Files = BTreeMap<String, String>;

/// Folders that hold generated files and nothing else.
const GENERATED: [&str; 3] = ["Assay.SemanticModel", "Assay.Report", "measures"];

/// Presets in the order in which a series' title is looked for.
const PRESETS: [&str; 4] = ["fair", "fair-free", "study", "classic"];

/// The folder `powerbi/` and what stands around it.
pub(crate) struct Folder {
    root: PathBuf,
}

impl Folder {
    /// The one beside the crate that this program was compiled in.
    pub(crate) fn of_this_clone() -> Self {
        Self {
            root: Path::new(env!("CARGO_MANIFEST_DIR")).join(".."),
        }
    }

    fn powerbi(&self) -> PathBuf {
        self.root.join("powerbi")
    }

    /// What `make` makes of the manifest and the presets.
    pub(crate) fn read<T>(
        &self,
        make: impl Fn(&str, &[String]) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let manifest = text_of(&self.powerbi().join("measures.toml"))?;
        let presets = self.root.join("backend/presets");
        let texts = PRESETS
            .iter()
            .map(|name| text_of(&presets.join(format!("{name}.toml"))));
        make(&manifest, &texts.collect::<Result<Vec<_>, _>>()?)
    }

    /// Writes what `generate` makes and removes what it no longer makes. Gives how many files changed.
    pub(crate) fn write(
        &self,
        generate: impl Fn(&str, &[String]) -> Result<Files, Fault>,
    ) -> Result<usize, Fault> {
        let wanted = self.read(generate)?;
        let mut changed = 0;
        for (name, text) in &wanted {
            let path = self.powerbi().join(name);
            if fs::read_to_string(&path).is_ok_and(|old| old == *text) {
                continue;
            }
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder)?;
            }
            fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
            changed += 1;
        }
        for name in self.names()?.difference(&wanted.keys().cloned().collect()) {
            fs::remove_file(self.powerbi().join(name))?;
            changed += 1;
        }
        Ok(changed)
    }

    /// Paths of the files in the generated folders, less what Power BI Desktop keeps for itself in `.pbi`.
    pub(crate) fn names(&self) -> Result<BTreeSet<String>, Fault> {
        let mut found = BTreeSet::new();
        for folder in GENERATED {
            let path = self.powerbi().join(folder);
            if path.is_dir() {
                collect(&path, folder, &mut found)?;
            }
        }
        found.insert("Assay.pbip".to_owned());
        Ok(found)
    }

    /// A generated file's text as it is on disk.
    #[cfg(test)]
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        fs::read_to_string(self.powerbi().join(name)).ok()
    }
}

fn text_of(path: &Path) -> Result<String, Fault> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()).into())
}

fn collect(folder: &Path, prefix: &str, found: &mut BTreeSet<String>) -> Result<(), Fault> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let name = format!("{prefix}/{name}");
        if !path.is_dir() {
            found.insert(name);
        } else if !name.ends_with("/.pbi") {
            collect(&path, &name, found)?;
        }
    }
    Ok(())
}
