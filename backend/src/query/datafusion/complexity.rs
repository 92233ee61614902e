//! Refuses questions that unfold: short to write, but endless to plan. Planning cannot be stopped half-way, so it is not begun.

use std::collections::HashMap;
use std::ops::ControlFlow;

use datafusion::common::DFSchema;
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::error::DataFusionError;
use datafusion::logical_expr::{Expr, LogicalPlan};
use datafusion::sql::sqlparser::ast::{
    ObjectName, Query, Statement, Visit, Visitor, visit_relations,
};

use crate::query::QueryError;

/// Tables that a question reads. One that a common table expression reads counts each time the expression is used.
const MAX_TABLES: u64 = 100;

/// Operators of a plan. A common table expression counts each time it is used, and so does all that it uses in turn.
const MAX_OPERATORS: usize = 500;

/// Parts of an expression once every column in it is replaced by what it stands for, as the optimiser does with conditions.
const MAX_PARTS: u64 = 5_000;

/// Operators within operators. Planning takes the square of it, and the stack as much as it.
const MAX_DEPTH: usize = 200;

/// Whether `statement` stays small when its common table expressions are put in place of their names.
pub(super) fn check_statement(statement: &Statement) -> Result<(), QueryError> {
    let mut named = Named::default();
    let _ = statement.visit(&mut named);
    let mut sizes: HashMap<&str, u64> = HashMap::new();
    // An expression can use another one's name only if that one is defined; so many rounds settle every size. Scopes are
    // not told apart: of two expressions with one name the larger one counts.
    for _ in &named.tables {
        for (name, uses) in &named.tables {
            let others = uses.iter().filter(|used| *used != name);
            let size = total(others.map(String::as_str), &sizes).max(1);
            let known = sizes.entry(name).or_default();
            *known = size.max(*known);
        }
    }
    let all = relations(statement);
    if total(all.iter().map(String::as_str), &sizes) > MAX_TABLES {
        return Err(unfolds());
    }
    Ok(())
}

/// Common table expressions by name, with the names that they read.
#[derive(Default)]
struct Named {
    tables: Vec<(String, Vec<String>)>,
}

impl Visitor for Named {
    type Break = ();

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
        let tables = query.with.iter().flat_map(|with| &with.cte_tables);
        for table in tables {
            let name = table.alias.name.value.to_lowercase();
            self.tables.push((name, relations(&*table.query)));
        }
        ControlFlow::Continue(())
    }
}

/// The names of all tables that a part of a statement reads, as often as it reads them.
fn relations(part: &impl Visit) -> Vec<String> {
    let mut names = Vec::new();
    let _ = visit_relations(part, |name: &ObjectName| {
        let last = name.0.last().and_then(|part| part.as_ident());
        names.extend(last.map(|part| part.value.to_lowercase()));
        ControlFlow::<()>::Continue(())
    });
    names
}

fn total<'a>(names: impl Iterator<Item = &'a str>, sizes: &HashMap<&str, u64>) -> u64 {
    let sizes = names.map(|name| sizes.get(name).copied().unwrap_or(1));
    sizes.fold(0, u64::saturating_add)
}

fn unfolds() -> QueryError {
    let message = "the question unfolds into too many steps, because parts of it use other parts more than once; split it".to_owned();
    QueryError::TooLarge { message }
}

/// Whether `plan` stays small while it is optimised.
pub(super) fn check_plan(plan: &LogicalPlan) -> Result<(), QueryError> {
    let mut operators = 0;
    let counted = plan.apply_with_subqueries(|_| {
        operators += 1;
        Ok(if operators > MAX_OPERATORS {
            TreeNodeRecursion::Stop
        } else {
            TreeNodeRecursion::Continue
        })
    });
    counted.map_err(super::fault)?;
    // Measuring visits every operator, so they are counted first.
    if operators > MAX_OPERATORS {
        return Err(unfolds());
    }
    let mut measured = Measured::default();
    outputs(plan, &mut measured).map_err(super::fault)?;
    if measured.parts > MAX_PARTS {
        return Err(unfolds());
    }
    if measured.depth > MAX_DEPTH {
        let message = format!(
            "an expression of the question is {} operators deep, more than the {MAX_DEPTH} that are allowed; split it",
            measured.depth
        );
        return Err(QueryError::TooLarge { message });
    }
    Ok(())
}

/// The extremes of a plan's expressions.
#[derive(Default)]
struct Measured {
    parts: u64,
    depth: usize,
}

/// Parts that each output column stands for.
fn outputs(plan: &LogicalPlan, measured: &mut Measured) -> Result<Vec<u64>, DataFusionError> {
    let mut inputs = Vec::new();
    let mut schema = DFSchema::empty();
    for input in plan.inputs() {
        inputs.extend(outputs(input, measured)?);
        schema = schema.join(input.schema()).unwrap_or(schema);
    }
    plan.apply_subqueries(|subquery| {
        outputs(subquery, measured)?;
        Ok(TreeNodeRecursion::Continue)
    })?;
    let mut own = Vec::new();
    plan.apply_expressions(|expression| {
        let parts = parts(expression, &schema, &inputs)?;
        measured.parts = measured.parts.max(parts);
        measured.depth = measured.depth.max(depth(expression)?);
        own.push(parts);
        Ok(TreeNodeRecursion::Continue)
    })?;
    let width = plan.schema().fields().len();
    Ok(match plan {
        LogicalPlan::Projection(_) => own,
        // A filter, a sort, a name, a join: columns go through as they are.
        _ if inputs.len() == width => inputs,
        // A condition is never pushed through anything else.
        _ => vec![1; width],
    })
}

fn depth(expression: &Expr) -> Result<usize, DataFusionError> {
    let mut deepest = 0;
    expression.apply_children(|child| {
        deepest = deepest.max(depth(child)?);
        Ok(TreeNodeRecursion::Continue)
    })?;
    Ok(deepest + 1)
}

fn parts(expression: &Expr, schema: &DFSchema, inputs: &[u64]) -> Result<u64, DataFusionError> {
    let mut total: u64 = 0;
    expression.apply(|part| {
        let size = match part {
            Expr::Column(column) => schema
                .maybe_index_of_column(column)
                .and_then(|index| inputs.get(index).copied())
                .unwrap_or(1),
            _ => 1,
        };
        total = total.saturating_add(size);
        Ok(TreeNodeRecursion::Continue)
    })?;
    Ok(total)
}
