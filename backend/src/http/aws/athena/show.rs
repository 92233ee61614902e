//! `SHOW` and `DESCRIBE`, which Athena answers from the catalogue; and what is refused, with the way round it.

use serde_json::{Value, json};
use shared::api::TableSchema;
use shared::catalogue::{Column, ColumnType, Table};
use shared::query::{Answer, Cost};

use super::super::wire::AwsError;
use super::data;
use super::execution::{Failure, Kind, Request};
use super::run::theirs;
use crate::catalogue::{DATABASE, LakeCatalogue, hive, is_view};

/// What a statement does, by its first words.
pub(super) fn kind(sql: &str) -> Kind {
    let words = words(sql);
    let word = |index: usize| words.get(index).map(|word| word.to_uppercase());
    match word(0).as_deref() {
        Some("SHOW") => match word(1).as_deref() {
            Some("DATABASES" | "SCHEMAS") => Kind::Utility("SHOW_DATABASES"),
            Some("TABLES") => Kind::Utility("SHOW_TABLES"),
            Some("VIEWS") => Kind::Utility("SHOW_VIEWS"),
            Some("COLUMNS") => Kind::Utility("SHOW_COLUMNS"),
            Some("PARTITIONS") => Kind::Utility("SHOW_PARTITIONS"),
            _ => Kind::Other,
        },
        Some("DESCRIBE" | "DESC") => Kind::Utility("DESCRIBE_TABLE"),
        Some(
            "CREATE" | "DROP" | "ALTER" | "INSERT" | "UPDATE" | "DELETE" | "MERGE" | "UNLOAD"
            | "MSCK" | "VACUUM" | "OPTIMIZE" | "PREPARE" | "EXECUTE" | "DEALLOCATE" | "EXPLAIN",
        ) => Kind::Other,
        // What is no statement at all is the engine's to explain.
        _ => Kind::Select,
    }
}

/// Why a statement is not carried out, and how to do without it.
pub(super) fn refused(sql: &str) -> Failure {
    let words = words(sql);
    let first = words.first().map(|word| word.to_uppercase());
    let way = match first.as_deref() {
        Some("CREATE") => "awswrangler asks without it when told `ctas_approach=False`",
        Some("UNLOAD") => {
            "awswrangler asks without it when told `unload_approach=False`, PyAthena without `unload=True`"
        }
        Some("PREPARE" | "EXECUTE") => {
            "give the parameters with the statement: ExecutionParameters"
        }
        Some("SHOW") => "it shows DATABASES, TABLES, VIEWS, COLUMNS and PARTITIONS",
        _ => "ask with one SELECT",
    };
    let name = first.unwrap_or_default();
    theirs(
        "NOT_SUPPORTED",
        &format!("{name} is not carried out here: the local Athena only reads; {way}"),
    )
}

/// Answers `SHOW` and `DESCRIBE`.
pub(super) async fn answer(
    catalogue: &LakeCatalogue,
    request: &Request,
) -> Result<Answer, Failure> {
    let words = words(&request.query_string);
    let rest: Vec<&str> = words.iter().skip(1).map(String::as_str).collect();
    let Kind::Utility(kind) = kind(&request.query_string) else {
        return Err(refused(&request.query_string));
    };
    let (_, tables) = data::published(catalogue).await.map_err(unreadable)?;
    match kind {
        "SHOW_DATABASES" => listing("database_name", named(vec![DATABASE], &rest)?),
        "SHOW_TABLES" => {
            own_database(&rest)?;
            let names = tables.iter().map(|table| table.name.as_str());
            listing("tab_name", named(names.collect(), &rest)?)
        }
        "SHOW_VIEWS" => {
            own_database(&rest)?;
            let views = tables.iter().filter(|table| is_view(&table.name));
            let names = views.map(|table| table.name.as_str());
            listing("views", named(names.collect(), &rest)?)
        }
        "SHOW_COLUMNS" => {
            let table = table(&tables, rest.get(2).copied())?;
            let names = table.columns.iter().map(|column| column.name.clone());
            listing("field", names.collect())
        }
        "SHOW_PARTITIONS" => partitions(catalogue, table(&tables, rest.get(1).copied())?).await,
        _ => {
            let name = rest
                .iter()
                .find(|word| !is_any(word, &["EXTENDED", "FORMATTED"]));
            Ok(describe(table(&tables, name.copied())?))
        }
    }
}

/// Words of a statement without comments, quotes and the semicolon.
fn words(sql: &str) -> Vec<String> {
    let mut text = sql.trim_start();
    loop {
        let after = match text.get(..2) {
            Some("--") => text.split_once('\n').map(|(_, rest)| rest),
            Some("/*") => text.split_once("*/").map(|(_, rest)| rest),
            _ => break,
        };
        text = after.unwrap_or_default().trim_start();
    }
    let parts = text.split(|c: char| c.is_whitespace() || c == ';' || c == '(');
    let bare = parts.map(|part| part.replace(['`', '"', '\''], ""));
    bare.filter(|part| !part.is_empty()).take(16).collect()
}

fn is_any(word: &str, known: &[&str]) -> bool {
    known.iter().any(|known| word.eq_ignore_ascii_case(known))
}

/// Names that fit the pattern behind `LIKE`, or behind the database: `*` stands for anything, `|` for or.
fn named(names: Vec<&str>, rest: &[&str]) -> Result<Vec<String>, Failure> {
    let mut after = rest.iter().skip(1);
    let mut pattern = None;
    while let Some(word) = after.next() {
        if is_any(word, &["IN", "FROM"]) {
            after.next();
        } else if !is_any(word, &["LIKE"]) {
            pattern = Some(word.replace('*', ".*"));
        }
    }
    let wanted = data::whole(pattern.as_deref().unwrap_or(".*")).map_err(unreadable)?;
    let fitting = names.into_iter().filter(|name| wanted.is_match(name));
    Ok(fitting.map(str::to_owned).collect())
}

/// `IN` or `FROM` may only name our database.
fn own_database(rest: &[&str]) -> Result<(), Failure> {
    let place = rest.iter().position(|word| is_any(word, &["IN", "FROM"]));
    match place.and_then(|place| rest.get(place + 1)) {
        Some(name) if !name.eq_ignore_ascii_case(DATABASE) => {
            let message = format!("schema '{name}' does not exist; there is {DATABASE}");
            Err(theirs("SCHEMA_NOT_FOUND", &message))
        }
        _ => Ok(()),
    }
}

/// The table of this name; the database may stand before it.
fn table<'a>(tables: &'a [TableSchema], name: Option<&str>) -> Result<&'a TableSchema, Failure> {
    let name = name.unwrap_or_default().to_lowercase();
    let own = format!("{DATABASE}.");
    let bare = name.strip_prefix(&own).unwrap_or(&name);
    let found = tables.iter().find(|table| table.name == bare);
    found.ok_or_else(|| theirs("TABLE_NOT_FOUND", &format!("table '{name}' does not exist")))
}

async fn partitions(catalogue: &LakeCatalogue, table: &TableSchema) -> Result<Answer, Failure> {
    let manifests = catalogue
        .manifests()
        .await
        .map_err(|e| unreadable(e.into()))?;
    let known = Table::ALL
        .into_iter()
        .find(|known| known.name() == table.name);
    let known = known.ok_or_else(|| {
        theirs(
            "NOT_SUPPORTED",
            &format!("{} is a view and has no partitions", table.name),
        )
    })?;
    let runs = manifests.map(|(_, runs)| runs).unwrap_or_default();
    let with = runs.iter().filter(|run| run.tables.contains_key(&known));
    let all = with.map(|run| format!("as_of={}/run_id={}", run.as_of, run.run_id));
    listing("partition", all.collect())
}

fn describe(table: &TableSchema) -> Answer {
    let rows = table.columns.iter();
    let rows = rows.map(|c| vec![json!(c.name), json!(hive(c.kind)), json!("")]);
    texts(&["col_name", "data_type", "comment"], rows.collect())
}

#[expect(clippy::unnecessary_wraps, reason = "an arm among arms that may fail")]
fn listing(name: &str, values: Vec<String>) -> Result<Answer, Failure> {
    let rows = values.into_iter().map(|value| vec![Value::String(value)]);
    Ok(texts(&[name], rows.collect()))
}

fn texts(names: &[&str], rows: Vec<Vec<Value>>) -> Answer {
    let columns = names
        .iter()
        .map(|name| Column::new(*name, ColumnType::Text));
    Answer {
        columns: columns.collect(),
        rows,
        truncated: false,
        cost: Cost::default(),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
fn unreadable(error: AwsError) -> Failure {
    Failure {
        reason: format!("GENERIC_INTERNAL_ERROR: {}", error.message),
        is_ours: true,
    }
}
