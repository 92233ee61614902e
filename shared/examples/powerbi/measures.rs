//! The manifest `measures.toml`: each measure's DAX and the SQL that gives the same number.

use serde::Deserialize;

use super::Fault;
use super::titles::{Titles, as_sql};

/// A measure of the model.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Measure {
    pub(crate) name: String,
    pub(crate) table: String,
    pub(crate) folder: String,
    pub(crate) description: String,
    pub(crate) format: Option<String>,
    #[serde(default)]
    pub(crate) hidden: bool,
    per: Option<String>,
    pub(crate) dax: String,
    sql: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    measure: Vec<Measure>,
}

impl Measure {
    /// The name as a file's: `One-day change %` is `one_day_change_pct`.
    pub(crate) fn file_name(&self) -> String {
        let spelt = self.name.to_lowercase().replace('%', "pct");
        let letters = spelt.chars().map(|letter| match letter {
            letter if letter.is_ascii_alphanumeric() => letter,
            _ => '_',
        });
        letters.collect()
    }

    /// The SQL twin as a file: what it is, then one question.
    pub(crate) fn sql_file(&self) -> String {
        let per = match &self.per {
            Some(column) => format!("-- One row for each {column}.\n"),
            None => String::new(),
        };
        format!(
            "-- {}: {}\n{per}{}\n",
            self.name,
            self.description,
            self.sql.trim()
        )
    }
}

/// All measures of the manifest, in order, with SQL that needs no other.
pub(crate) fn read(manifest: &str, titles: &Titles) -> Result<Vec<Measure>, Fault> {
    let Manifest { mut measure } = toml::from_str(manifest)?;
    let written = measure.clone();
    for one in &mut measure {
        let sql = one.sql.replace("${titles}", &as_sql(titles));
        one.sql = expanded(&sql, &written, 0).map_err(|fault| format!("{}: {fault}", one.name))?;
        one.dax = one.dax.trim().to_owned();
    }
    Ok(measure)
}

/// Deeper than any measure stands on others; a measure that needs itself gets here.
const DEEPEST: usize = 5;

/// `sql` with each `${NAME}` replaced by the SQL of the measure NAME.
fn expanded(sql: &str, all: &[Measure], depth: usize) -> Result<String, Fault> {
    if depth > DEEPEST {
        return Err("a measure's SQL needs itself".into());
    }
    let mut pieces = sql.split("${");
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (name, rest) = piece.split_once('}').ok_or("`${` without `}`")?;
        let found = all.iter().find(|measure| measure.name == name);
        let found = found.ok_or_else(|| format!("there is no measure `{name}`"))?;
        text += expanded(found.sql.trim(), all, depth + 1)?.as_str();
        text += rest;
    }
    Ok(text)
}
