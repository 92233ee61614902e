//! Names that complete the word before the cursor: tables, columns, functions, words of SQL. Pure.

use shared::api::TableSchema;

/// Functions that both engines know and analysts ask for.
const FUNCTIONS: [&str; 20] = [
    "abs(",
    "approx_percentile(",
    "avg(",
    "coalesce(",
    "corr(",
    "count(",
    "date_diff(",
    "date_trunc(",
    "exp(",
    "lag(",
    "ln(",
    "max(",
    "max_by(",
    "min(",
    "min_by(",
    "round(",
    "row_number()",
    "stddev(",
    "sum(",
    "year(",
];
const WORDS: [&str; 22] = [
    "AND",
    "ASC",
    "BETWEEN",
    "CASE",
    "DATE",
    "DESC",
    "DISTINCT",
    "FROM",
    "GROUP BY",
    "HAVING",
    "IS NULL",
    "JOIN",
    "LIKE",
    "LIMIT",
    "NOT",
    "ORDER BY",
    "OVER",
    "PARTITION BY",
    "SELECT",
    "UNION ALL",
    "WHERE",
    "WITH",
];
/// More would hide what is below.
const SHOWN: usize = 8;

/// A name that can be completed, and what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Suggestion {
    /// The text that is put in.
    pub(crate) text: String,
    /// What it is, for people.
    pub(crate) about: String,
}

/// The word that ends at `cursor`, a place in bytes: where it begins, and its text.
pub(crate) fn word_before(text: &str, cursor: usize) -> (usize, &str) {
    let before = text.get(..cursor).unwrap_or(text);
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let start = before
        .char_indices()
        .rev()
        .take_while(|(_, c)| is_part(*c))
        .last()
        .map_or(before.len(), |(place, _)| place);
    (start, &before[start..])
}

/// What completes `word`: columns of tables that the text names first, then tables, other columns, functions, words.
pub(crate) fn suggest(text: &str, word: &str, tables: &[TableSchema]) -> Vec<Suggestion> {
    if word.is_empty() {
        return Vec::new();
    }
    let named = |table: &&TableSchema| text.contains(table.name.as_str());
    let (used, others): (Vec<_>, Vec<_>) = tables.iter().partition(named);
    let columns = |of: Vec<&TableSchema>| {
        let all = of.into_iter().flat_map(|table| {
            let about = format!("column of {}", table.name);
            table
                .columns
                .iter()
                .map(move |column| (column.name.clone(), about.clone()))
        });
        all.collect::<Vec<_>>()
    };
    let plain = |names: &[&str], about: &str| {
        let names = names.iter();
        names
            .map(|name| ((*name).to_owned(), about.to_owned()))
            .collect::<Vec<_>>()
    };
    let names = tables
        .iter()
        .map(|table| (table.name.clone(), "table".to_owned()));
    let all = columns(used)
        .into_iter()
        .chain(names)
        .chain(columns(others))
        .chain(plain(&FUNCTIONS, "function"))
        .chain(plain(&WORDS, "SQL"));
    let mut found: Vec<Suggestion> = Vec::new();
    for (text, about) in all {
        let begins = text.len() > word.len()
            && text
                .get(..word.len())
                .is_some_and(|begin| begin.eq_ignore_ascii_case(word));
        if begins && !found.iter().any(|one| one.text == text) {
            found.push(Suggestion { text, about });
        }
    }
    found.truncate(SHOWN);
    found
}

/// The place in UTF-16 units of the position's line and column (both from 1), as a text field counts.
pub(crate) fn place_of(text: &str, line: u64, column: u64) -> u32 {
    let mut place = 0;
    for (index, one) in text.split('\n').enumerate() {
        if index as u64 + 1 == line {
            let before = one.chars().take(column.saturating_sub(1) as usize);
            return place + before.map(char::len_utf16).sum::<usize>() as u32;
        }
        place += one.encode_utf16().count() as u32 + 1;
    }
    place
}

/// The byte at which the UTF-16 unit `place` stands.
pub(crate) fn byte_of(text: &str, place: u32) -> usize {
    let mut units = 0;
    for (byte, c) in text.char_indices() {
        if units >= place as usize {
            return byte;
        }
        units += c.len_utf16();
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use shared::catalogue::{Column, ColumnType};

    use super::*;

    fn tables() -> Vec<TableSchema> {
        let table = |name: &str, columns: &[&str]| TableSchema {
            name: name.to_owned(),
            columns: columns
                .iter()
                .map(|name| Column::new(*name, ColumnType::Double))
                .collect(),
        };
        vec![
            table("model_results", &["gap", "gap_pct"]),
            table("observations", &["gain", "series"]),
        ]
    }

    #[test]
    fn columns_of_named_tables_come_first() {
        let text = "SELECT ga FROM observations";
        let (start, word) = word_before(text, 9);
        assert_eq!((start, word), (7, "ga"));
        let found = suggest(text, word, &tables());
        let names: Vec<&str> = found.iter().map(|one| one.text.as_str()).collect();
        assert_eq!(names, ["gain", "gap", "gap_pct"]);
        assert_eq!(found[0].about, "column of observations");
        assert_eq!(suggest(text, "", &tables()), []);
        assert_eq!(suggest(text, "gain", &tables()), []);
        assert_eq!(suggest(text, "sel", &tables())[0].text, "SELECT");
    }

    #[test]
    fn places_are_counted_as_a_text_field_does() {
        // The coin is one character of two units and four bytes.
        let text = "SELECT '\u{1fa99}'\nFROM nowhere";
        assert_eq!(place_of(text, 2, 6), 17);
        assert_eq!(place_of(text, 1, 10), 10);
        assert_eq!(byte_of(text, 10), 12);
        assert_eq!(byte_of(text, 99), text.len());
        assert_eq!(word_before("a + é", 6), (4, "é"));
    }
}
