//! Lets one SELECT through, and nothing else.

use std::ops::ControlFlow;

use datafusion::sql::parser::{DFParserBuilder, ParserInput, Statement};
use datafusion::sql::sqlparser::ast::{
    Query, SetExpr, Statement as SqlStatement, TableFactor, Visit, Visitor,
};
use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::tokenizer::{Token, TokenWithSpan, Tokenizer};
use shared::problem::Position;

use super::{complexity, explain, parameters};
use crate::catalogue::CATALOG;
use crate::query::QueryError;

/// Words and signs of a statement. Planning and evaluation recurse over them, and an optimiser's work grows faster than they do.
const MAX_TOKENS: usize = 2_000;

const ALLOWED: &str = "ask with one SELECT (WITH … SELECT and VALUES are fine, too); the tables cannot be changed from here";

/// Parses `sql` and binds `parameters` to its `?`. An error says what is wrong, where, and what is allowed.
pub(super) fn parse(sql: &str, literals: &[String]) -> Result<Statement, QueryError> {
    let mut tokens = words(sql)?;
    tokens.iter_mut().for_each(fold_catalogue);
    let Some(first) = tokens.first() else {
        return Err(wrong(format!("the question is empty; {ALLOWED}"), None));
    };
    if tokens.len() > MAX_TOKENS {
        let message = format!(
            "the question has {} words and signs, more than the {MAX_TOKENS} that are allowed; split it",
            tokens.len()
        );
        return Err(QueryError::TooLarge { message });
    }
    let kind = first.token.to_string().to_uppercase();
    let refused = || wrong(format!("{kind} is not allowed; {ALLOWED}"), position(first));
    let parsed = DFParserBuilder::new(ParserInput::Tokens(tokens.clone()))
        .build()
        .and_then(|mut parser| parser.parse_statements());
    let mut statements = match parsed {
        Ok(statements) => statements,
        Err(_) if !is_question(first) => return Err(refused()),
        Err(error) => return Err(explain::syntax(&error.to_string(), sql)),
    };
    let mut statement = statements.pop_front().ok_or_else(refused)?;
    if !statements.is_empty() {
        let end = tokens.iter().find(|word| word.token == Token::SemiColon);
        let message =
            format!("only one statement is allowed, so nothing may follow its `;`; {ALLOWED}");
        return Err(wrong(message, end.and_then(position)));
    }
    let Statement::Statement(inner) = &mut statement else {
        return Err(refused());
    };
    match inner.as_ref() {
        SqlStatement::Query(query) if only_reads(query) => {}
        SqlStatement::Query(_) => {
            return Err(wrong(format!("this statement writes; {ALLOWED}"), None));
        }
        _ => return Err(refused()),
    }
    if inner.visit(&mut Samples).is_break() {
        let message =
            "TABLESAMPLE is not supported here, though Athena has it; use LIMIT or a condition";
        return Err(wrong(message.to_owned(), None));
    }
    parameters::bind(inner, &tokens, literals)?;
    complexity::check_statement(inner)?;
    Ok(statement)
}

/// Athena knows a quoted `"AwsDataCatalog"` in any case; the engine tells quoted names apart by case.
fn fold_catalogue(word: &mut TokenWithSpan) {
    if let Token::Word(word) = &mut word.token
        && word.value.eq_ignore_ascii_case(CATALOG)
    {
        word.value.make_ascii_lowercase();
    }
}

/// The words and signs of `sql` with their places; blanks and comments are left out.
pub(super) fn words(sql: &str) -> Result<Vec<TokenWithSpan>, QueryError> {
    let mut words = Tokenizer::new(&GenericDialect {}, sql)
        .tokenize_with_location()
        .map_err(|error| explain::syntax(&error.to_string(), sql))?;
    words.retain(|word| !matches!(word.token, Token::Whitespace(_)));
    Ok(words)
}

/// Where a word begins.
pub(super) fn position(word: &TokenWithSpan) -> Option<Position> {
    let start = word.span.start;
    (start.line > 0).then_some(Position {
        line: start.line,
        column: start.column,
    })
}

/// Whether a statement that begins so can be a question at all.
fn is_question(first: &TokenWithSpan) -> bool {
    let word = first.token.to_string().to_uppercase();
    matches!(word.as_str(), "SELECT" | "WITH" | "VALUES" | "(" | "TABLE")
}

/// Looks for `TABLESAMPLE`, which the engine would pass over in silence.
struct Samples;

impl Visitor for Samples {
    type Break = ();

    fn pre_visit_table_factor(&mut self, table: &TableFactor) -> ControlFlow<()> {
        match table {
            TableFactor::Table {
                sample: Some(_), ..
            } => ControlFlow::Break(()),
            _ => ControlFlow::Continue(()),
        }
    }
}

fn only_reads(query: &Query) -> bool {
    let tables = query.with.iter().flat_map(|with| &with.cte_tables);
    reads(&query.body) && tables.into_iter().all(|table| only_reads(&table.query))
}

fn reads(body: &SetExpr) -> bool {
    match body {
        SetExpr::Select(select) => select.into.is_none(),
        SetExpr::Query(query) => only_reads(query),
        SetExpr::SetOperation { left, right, .. } => reads(left) && reads(right),
        SetExpr::Values(_) | SetExpr::Table(_) => true,
        SetExpr::Insert(_) | SetExpr::Update(_) | SetExpr::Delete(_) | SetExpr::Merge(_) => false,
    }
}

fn wrong(message: String, position: Option<Position>) -> QueryError {
    QueryError::Wrong { message, position }
}
