//! `max_by`, `min_by`, `arbitrary` and `count_if`: rewritten to aggregates that DataFusion has.

use std::sync::Arc;

use datafusion::arrow::datatypes::{DataType, FieldRef};
use datafusion::common::{Result, plan_err};
use datafusion::functions_aggregate::count::count_udaf;
use datafusion::functions_aggregate::first_last::{first_value_udaf, last_value_udaf};
use datafusion::logical_expr::expr::{AggregateFunction, AggregateFunctionParams};
use datafusion::logical_expr::function::{
    AccumulatorArgs, AggregateFunctionSimplification, StateFieldsArgs,
};
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, AggregateUDFImpl, Expr, Signature, Volatility, lit,
};

/// One function each.
pub(super) fn all() -> impl Iterator<Item = Pick> {
    let of = |(kind, arguments)| Pick {
        kind,
        signature: Signature::any(arguments, Volatility::Immutable),
    };
    let kinds = [
        (Kind::MaxBy, 2),
        (Kind::MinBy, 2),
        (Kind::Arbitrary, 1),
        (Kind::CountIf, 1),
    ];
    kinds.into_iter().map(of)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Kind {
    /// `max_by(x, y)`: the x of the row with the largest y; rows without y do not count.
    MaxBy,
    /// `min_by(x, y)`: the x of the row with the smallest y.
    MinBy,
    /// `arbitrary(x)`: any x that is not NULL.
    Arbitrary,
    /// `count_if(x)`: rows where x is true.
    CountIf,
}

/// An aggregate that stands for another one.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Pick {
    kind: Kind,
    signature: Signature,
}

impl AggregateUDFImpl for Pick {
    fn name(&self) -> &'static str {
        match self.kind {
            Kind::MaxBy => "max_by",
            Kind::MinBy => "min_by",
            Kind::Arbitrary => "arbitrary",
            Kind::CountIf => "count_if",
        }
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, given: &[DataType]) -> Result<DataType> {
        match (self.kind, given) {
            (Kind::CountIf, [DataType::Boolean]) => Ok(DataType::Int64),
            (Kind::CountIf, _) => plan_err!("'count_if' takes a condition"),
            (_, [value, ..]) => Ok(value.clone()),
            _ => plan_err!("'{}' takes a column", self.name()),
        }
    }

    /// The optimiser has put another aggregate in this one's place before anything is accumulated; only in a window it
    /// does not.
    fn accumulator(&self, _: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        plan_err!("'{}' cannot be used with OVER", self.name())
    }

    fn state_fields(&self, args: StateFieldsArgs) -> Result<Vec<FieldRef>> {
        Ok(vec![args.return_field])
    }

    fn simplify(&self) -> Option<AggregateFunctionSimplification> {
        let kind = self.kind;
        Some(Box::new(move |call, _| Ok(rewrite(kind, call.params))))
    }
}

fn rewrite(kind: Kind, mut given: AggregateFunctionParams) -> Expr {
    let last = given.args.pop().unwrap_or_else(|| lit(true));
    let (function, value, order, condition) = match kind {
        Kind::MaxBy => (
            last_value_udaf(),
            given.args.pop(),
            true,
            last.clone().is_not_null(),
        ),
        Kind::MinBy => (
            first_value_udaf(),
            given.args.pop(),
            true,
            last.clone().is_not_null(),
        ),
        Kind::Arbitrary => (first_value_udaf(), None, false, last.clone().is_not_null()),
        Kind::CountIf => (count_udaf(), Some(lit(1_i64)), false, last.clone()),
    };
    let filter = match given.filter.take() {
        Some(filter) => filter.and(condition),
        None => condition,
    };
    let order_by = if order {
        vec![last.clone().sort(true, false)]
    } else {
        Vec::new()
    };
    call(function, value.unwrap_or(last), filter, order_by)
}

fn call(
    function: Arc<AggregateUDF>,
    value: Expr,
    filter: Expr,
    order_by: Vec<datafusion::logical_expr::SortExpr>,
) -> Expr {
    Expr::AggregateFunction(AggregateFunction::new_udf(
        function,
        vec![value],
        false,
        Some(Box::new(filter)),
        order_by,
        None,
    ))
}
