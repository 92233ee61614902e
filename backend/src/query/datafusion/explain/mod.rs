//! Turns the engine's errors into what a person needs: what is wrong, where it stands, and the nearest name that exists.

mod files;
mod names;
mod wording;

pub(crate) use names::unknown;

use std::sync::Arc;

use datafusion::common::SchemaError;
use datafusion::error::DataFusionError;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::sql::sqlparser::tokenizer::Token;
use shared::problem::Position;

use super::session::Session;
use super::{Limits, fault, statement};
use crate::catalogue::{CATALOG, DATABASE};
use crate::query::QueryError;
use wording::between;

/// An error of our own that the engine only carries: the question asks for too much. It says what to do instead.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct TooMuch(pub(super) String);

impl From<TooMuch> for DataFusionError {
    fn from(error: TooMuch) -> Self {
        Self::External(Box::new(error))
    }
}

/// An error of the parser. Its message ends with the place, `… at Line: 1, Column: 8`, unless the text ended too early.
pub(super) fn syntax(message: &str, sql: &str) -> QueryError {
    let (said, place) = split_place(message);
    let said = said.trim_start_matches("SQL error: ");
    let said = said
        .trim_start_matches("ParserError(\"")
        .trim_start_matches("TokenizerError(\"")
        .trim_start_matches("sql parser error: ")
        .trim_end_matches(['"', ')'])
        .replace("\\\"", "\"");
    let said = said.replacen("Expected: ", "expected ", 1);
    let said = said.replacen(", found: EOF", ", but the text ends here", 1);
    let said = said.replacen(", found: ", ", found ", 1);
    QueryError::Wrong {
        message: lower_first(&said),
        position: place.or_else(|| Some(end_of(sql))),
    }
}

/// An error while the question was planned.
pub(super) fn planning(error: &DataFusionError, session: &Session, sql: &str) -> QueryError {
    let root = error.find_root();
    if let DataFusionError::External(own) = root
        && let Some(TooMuch(message)) = own.downcast_ref()
    {
        let message = message.clone();
        return QueryError::TooLarge { message };
    }
    let span = error.diagnostic().and_then(|found| found.span);
    let place = span.map(|span| Position {
        line: span.start.line,
        column: span.start.column,
    });
    let (message, guess) = match root {
        DataFusionError::Internal(_) => return fault(anyhow::Error::msg(first_line(error))),
        DataFusionError::SchemaError(inner, _) => schema(inner),
        root => named(&first_line(root), session),
    };
    let place = place.or_else(|| guess.and_then(|name| find(sql, &name)));
    QueryError::Wrong {
        message: lower_first(&message),
        position: place.or_else(|| quoted(&message).find_map(|name| find(sql, name))),
    }
}

/// An error while the question was answered. Where reading failed, the files tell what is wrong with them.
pub(super) async fn execution(
    error: &DataFusionError,
    session: &Session,
    plan: Arc<dyn ExecutionPlan>,
    sql: &str,
    limits: Limits,
) -> QueryError {
    let root = error.find_root();
    match root {
        DataFusionError::ResourcesExhausted(_) => too_much_memory(limits.memory_bytes),
        DataFusionError::Internal(_) | DataFusionError::ExecutionJoin(_) => {
            fault(anyhow::Error::msg(first_line(root)))
        }
        _ if files::is_about_files(root) => files::explain(root, session, plan).await,
        _ => planning(error, session, sql),
    }
}

/// The limit of memory was reached.
pub(super) fn too_much_memory(bytes: usize) -> QueryError {
    let message = format!(
        "the question needs more than the {} MB of memory that it may use; group, filter or limit earlier",
        bytes / (1024 * 1024)
    );
    QueryError::TooLarge { message }
}

/// Names that are not there, or that mean more than one thing. The second part is the name to look for in the text.
fn schema(error: &SchemaError) -> (String, Option<String>) {
    match error {
        SchemaError::FieldNotFound {
            field,
            valid_fields,
        } => {
            let elsewhere = valid_fields.iter().find(|known| known.name == field.name);
            let message = if let (Some(known), Some(table)) = (elsewhere, &field.relation) {
                format!("`{table}` is no table of this question; did you mean `{known}`?")
            } else {
                let known = valid_fields.iter().map(|column| column.name.as_str());
                names::unknown("column", &field.name, known)
            };
            (message, Some(field.name.clone()))
        }
        SchemaError::AmbiguousReference { field } => (
            format!(
                "column `{0}` is in more than one table; write `table.{0}`",
                field.name
            ),
            Some(field.name.clone()),
        ),
        other => (other.to_string(), None),
    }
}

/// Unknown tables and functions, which the engine only describes in words; other messages stay as they are.
fn named(message: &str, session: &Session) -> (String, Option<String>) {
    if let Some(name) = between(message, "table '", "' not found") {
        let own = [CATALOG.to_lowercase(), DATABASE.to_owned()];
        let name = own.iter().fold(name, |name, part| {
            let rest = name.strip_prefix(part.as_str());
            rest.and_then(|rest| rest.strip_prefix('.')).unwrap_or(name)
        });
        let known = session.tables.iter().map(|table| table.name.as_str());
        return (names::unknown("table", name, known), Some(name.to_owned()));
    }
    let function = between(message, "Invalid function '", "'")
        .or_else(|| between(message, "table function '", "' not found"));
    if let Some(name) = function {
        let state = session.context.state_ref();
        let state = state.read();
        let scalar = state.scalar_functions().keys();
        let known = scalar
            .chain(state.aggregate_functions().keys())
            .chain(state.window_functions().keys());
        let message = names::unknown("function", name, known.map(String::as_str));
        return (message, Some(name.to_owned()));
    }
    (message.to_owned(), None)
}

/// Where `name`, or its first part, first stands in the text as a word of its own.
fn find(sql: &str, name: &str) -> Option<Position> {
    find_word(sql, name).or_else(|| find_word(sql, name.split_once('.')?.0))
}

fn find_word(sql: &str, name: &str) -> Option<Position> {
    let words = statement::words(sql).ok()?;
    let found = words.iter().find(|word| match &word.token {
        Token::Word(word) => word.value.eq_ignore_ascii_case(name),
        Token::SingleQuotedString(text) => text == name,
        _ => false,
    });
    found.and_then(statement::position)
}

/// What a message quotes, and the words of it: one of them may stand in the text.
fn quoted(message: &str) -> impl Iterator<Item = &str> {
    let parts = message.split(['\'', '`']).skip(1).step_by(2);
    parts.flat_map(|part| {
        let words = part.split(|c: char| !c.is_alphanumeric() && c != '_');
        std::iter::once(part).chain(words)
    })
}

/// Takes the place off the end of a parser's message.
fn split_place(message: &str) -> (&str, Option<Position>) {
    let Some((said, place)) = message.rsplit_once(" at Line: ") else {
        return (message, None);
    };
    let mut numbers = place.split(|c: char| !c.is_ascii_digit());
    let mut next = || numbers.find(|part| !part.is_empty())?.parse().ok();
    let position = next().zip(next());
    (
        said,
        position.map(|(line, column)| Position { line, column }),
    )
}

/// The place after the last word.
fn end_of(sql: &str) -> Position {
    let sql = sql.trim_end();
    let last = sql.rsplit('\n').next().unwrap_or_default();
    Position {
        line: sql.matches('\n').count() as u64 + 1,
        column: last.chars().count() as u64 + 1,
    }
}

/// The engine's messages go on with candidates and advice about itself; the first line has the substance.
fn first_line(error: &DataFusionError) -> String {
    let message = error.message();
    let line = message.lines().next().unwrap_or_default();
    wording::plain(line)
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        // An acronym stays as it is.
        Some(first) if !chars.as_str().starts_with(char::is_uppercase) => {
            first.to_lowercase().chain(chars).collect()
        }
        _ => text.to_owned(),
    }
}
