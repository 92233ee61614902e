//! Trino's functions that DataFusion lacks or understands differently, so that one text runs on Athena and here.
//! Each follows <https://trino.io/docs/current/functions.html>.

mod arithmetic;
mod dates;
mod format;
mod json;
mod null;
mod parts;
mod pick;
mod series;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use datafusion::common::Result;
use datafusion::execution::{FunctionRegistry, SessionState};
use datafusion::functions_aggregate::approx_percentile_cont::approx_percentile_cont_udaf;
use datafusion::logical_expr::{AggregateUDF, ScalarUDF, ScalarUDFImpl};

/// Functions that make a large value out of a small one. The engine's limit of memory does not count single values, so a
/// row of these could end the whole process.
const REMOVED: [&str; 7] = [
    "array_repeat",
    "array_resize",
    "generate_series",
    "lpad",
    "range",
    "repeat",
    "rpad",
];

/// Registers them all in place of what bears the same name.
pub(super) fn register(state: &mut SessionState) -> Result<()> {
    for name in REMOVED {
        state.deregister_udf(name)?;
    }
    null::register(state)?;
    series::register(state)?;
    for function in scalars() {
        state.register_udf(Arc::new(function))?;
    }
    for aggregate in pick::all() {
        state.register_udaf(Arc::new(AggregateUDF::new_from_impl(aggregate)))?;
    }
    let percentile = approx_percentile_cont_udaf().as_ref().clone();
    state.register_udaf(Arc::new(percentile.with_aliases(["approx_percentile"])))?;
    for (known, other) in [
        ("signum", "sign"),
        ("isnan", "is_nan"),
        ("trunc", "truncate"),
    ] {
        let function = state.udf(known)?.as_ref().clone();
        state.register_udf(Arc::new(function.with_aliases([other])))?;
    }
    Ok(())
}

fn scalars() -> Vec<ScalarUDF> {
    let mut all: Vec<ScalarUDF> = parts::all().map(ScalarUDF::new_from_impl).collect();
    all.push(udf(arithmetic::DateDiff::new()));
    all.push(udf(arithmetic::DateAdd::new()));
    all.push(udf(dates::DateTrunc::new()));
    all.push(udf(format::DateFormat::new()));
    all.push(udf(json::JsonExtractScalar::new()));
    all
}

fn udf(function: impl ScalarUDFImpl + 'static) -> ScalarUDF {
    ScalarUDF::new_from_impl(function)
}
