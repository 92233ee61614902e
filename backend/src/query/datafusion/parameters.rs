//! Binds the values of a question's `?`: each becomes one literal of the parsed statement, so that no text can change its meaning.

use std::collections::HashMap;
use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    Expr, Statement, UnaryOperator, Value, ValueWithSpan, VisitMut, VisitorMut,
};
use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::parser::Parser;
use datafusion::sql::sqlparser::tokenizer::{Location, Token, TokenWithSpan};

use super::statement::position;
use crate::query::QueryError;

/// Puts the `literals`, in order, in place of the statement's `?`. There must be as many of these as of those.
pub(super) fn bind(
    statement: &mut Statement,
    tokens: &[TokenWithSpan],
    literals: &[String],
) -> Result<(), QueryError> {
    let is_place = |word: &&TokenWithSpan| matches!(word.token, Token::Placeholder(_));
    let places: Vec<_> = tokens.iter().filter(is_place).collect();
    if let Some(named) = places.iter().find(|word| word.token.to_string() != "?") {
        let message = format!("write `?` for a parameter instead of `{}`", named.token);
        return Err(wrong(message, Some(named)));
    }
    if places.len() != literals.len() {
        let message = format!(
            "the question has {} `?`, but {} parameters are given",
            places.len(),
            literals.len()
        );
        return Err(wrong(message, places.get(literals.len()).copied()));
    }
    let mut values = HashMap::new();
    for (index, (place, text)) in places.iter().zip(literals).enumerate() {
        let value = literal(text).ok_or_else(|| {
            let message = format!(
                "parameter {} is `{text}`: give a literal such as 12.5, 'fair', DATE '2024-03-01', true or NULL",
                index + 1
            );
            wrong(message, Some(place))
        })?;
        values.insert(place.span.start, value);
    }
    let _ = VisitMut::visit(statement, &mut Binder { values });
    Ok(())
}

/// The text as one literal, if it is one.
fn literal(text: &str) -> Option<Expr> {
    let dialect = GenericDialect {};
    let mut parser = Parser::new(&dialect).try_with_sql(text).ok()?;
    let expression = parser.parse_expr().ok()?;
    let is_all = parser.peek_token().token == Token::EOF;
    (is_all && is_literal(&expression)).then_some(expression)
}

fn is_literal(expression: &Expr) -> bool {
    match expression {
        Expr::Value(value) => matches!(
            value.value,
            Value::Number(..) | Value::SingleQuotedString(_) | Value::Boolean(_) | Value::Null
        ),
        Expr::UnaryOp { op, expr } => {
            let number = |expr: &Expr| matches!(expr, Expr::Value(value) if matches!(value.value, Value::Number(..)));
            matches!(op, UnaryOperator::Minus | UnaryOperator::Plus) && number(expr)
        }
        Expr::TypedString(typed) => matches!(typed.value.value, Value::SingleQuotedString(_)),
        _ => false,
    }
}

struct Binder {
    values: HashMap<Location, Expr>,
}

impl VisitorMut for Binder {
    type Break = ();

    fn post_visit_expr(&mut self, expression: &mut Expr) -> ControlFlow<()> {
        if let Expr::Value(ValueWithSpan {
            value: Value::Placeholder(_),
            span,
        }) = expression
            && let Some(value) = self.values.get(&span.start)
        {
            *expression = value.clone();
        }
        ControlFlow::Continue(())
    }
}

fn wrong(message: String, place: Option<&TokenWithSpan>) -> QueryError {
    QueryError::Wrong {
        message,
        position: place.and_then(position),
    }
}
