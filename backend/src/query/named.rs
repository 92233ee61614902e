//! The questions that come with Assay: one file each in `backend/sql/`, the same text on Athena and here.

use rust_embed::RustEmbed;
use shared::query::NamedQuery;

#[derive(RustEmbed)]
#[folder = "sql"]
struct Files;

/// The named questions, sorted by name. A file's first line is a comment, and the question's title.
pub fn named() -> Vec<NamedQuery> {
    let mut all: Vec<NamedQuery> = Files::iter()
        .filter_map(|file| {
            let name = file.strip_suffix(".sql")?;
            let content = Files::get(&file)?;
            let sql = String::from_utf8_lossy(&content.data).into_owned();
            let title = sql.lines().next()?.trim_start_matches("--").trim();
            Some(NamedQuery {
                name: name.to_owned(),
                title: title.to_owned(),
                sql,
            })
        })
        .collect();
    all.sort_by(|a, b| a.name.cmp(&b.name));
    all
}
