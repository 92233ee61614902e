//! What the presets call their series: the report says “US dollars per euro” where the tables say `eur_usd`.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Fault;

/// A series, for people.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Indicator {
    id: String,
    pub(crate) title: String,
    pub(crate) unit: String,
    pub(crate) frequency: String,
}

#[derive(Deserialize)]
struct Preset {
    series: Vec<Indicator>,
}

/// Titles by series.
pub(crate) type Titles = BTreeMap<String, Indicator>;

/// The series of all presets. One name may mean one thing only.
pub(crate) fn read(presets: &[String]) -> Result<Titles, Fault> {
    let mut titles = Titles::new();
    for text in presets {
        let preset: Preset = toml::from_str(text)?;
        for title in preset.series {
            let known = titles
                .entry(title.id.clone())
                .or_insert_with(|| title.clone());
            if *known != title {
                return Err(
                    format!("the presets describe the series `{}` differently", title.id).into(),
                );
            }
        }
    }
    Ok(titles)
}

/// The titles as SQL: a CASE over the column `series`. A series of no preset goes by its name.
pub(crate) fn as_sql(titles: &Titles) -> String {
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
    let arms: Vec<String> = titles
        .iter()
        .map(|(id, title)| format!("    WHEN {} THEN {}", quoted(id), quoted(&title.title)))
        .collect();
    format!(
        "CASE series\n{}\n    ELSE replace(series, '_', ' ')\n  END",
        arms.join("\n")
    )
}
