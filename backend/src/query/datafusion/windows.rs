//! Puts an end to functions with OVER: the engine works on all their rows at once, in memory that it does not count and without a pause.

use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use datafusion::arrow::datatypes::DataType;
use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode, TreeNodeRecursion};
use datafusion::common::{Result, ScalarValue};
use datafusion::logical_expr::expr::{NullTreatment, WindowFunction};
use datafusion::logical_expr::{
    ColumnarValue, Expr, Filter, LogicalPlan, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl,
    Signature, Volatility, WindowFrame, WindowFrameBound, WindowFrameUnits,
    WindowFunctionDefinition,
};

use super::explain::TooMuch;

/// Rows of any window function. Ten columns of numbers are then 400 MB.
const MAX_ROWS: usize = 5_000_000;

/// Rows where each takes a search for the next one that is not NULL, in the worst case through all of them: a second or two.
const MAX_ROWS_OF_SEARCHES: usize = 200_000;

/// Rows where each may take a sort of all of them: a second or two.
const MAX_ROWS_OF_SORTS: usize = 20_000;

/// Rows where each may get a list of all the others: of numbers, 512 MB.
const MAX_ROWS_OF_LISTS: usize = 8_000;

/// Rows of a frame that is small enough to be looked at again for each row.
const SMALL_FRAME: u64 = 1_000;

/// Aggregates whose value follows from the one before. Those that begin with `regr_` are like them.
const FAST: [&str; 19] = [
    "avg",
    "bit_and",
    "bit_or",
    "bit_xor",
    "bool_and",
    "bool_or",
    "corr",
    "count",
    "covar_pop",
    "covar_samp",
    "first_value",
    "last_value",
    "max",
    "min",
    "stddev",
    "stddev_pop",
    "sum",
    "var",
    "var_pop",
];

const LISTS: [&str; 2] = ["array_agg", "string_agg"];

/// Counts the rows that the window functions of an optimised plan are given, and fails where there are too many.
pub(super) fn bounded(plan: LogicalPlan) -> Result<LogicalPlan> {
    let plan = plan.transform_up_with_subqueries(|step| match step {
        LogicalPlan::Window(mut window) => {
            let count = ScalarUDF::new_from_impl(Count::before(&window.window_expr)?);
            let counted = Filter::try_new(count.call(Vec::new()), window.input)?;
            window.input = Arc::new(LogicalPlan::Filter(counted));
            Ok(Transformed::yes(LogicalPlan::Window(window)))
        }
        other => Ok(Transformed::no(other)),
    });
    plan.data()
}

/// The rows that a function may be given.
fn most(function: &WindowFunction) -> usize {
    let name = function.fun.name();
    let params = &function.params;
    if LISTS.contains(&name) {
        return MAX_ROWS_OF_LISTS;
    }
    let is_fast = match &function.fun {
        WindowFunctionDefinition::AggregateUDF(_) => {
            let is_known = FAST.contains(&name) || name.starts_with("regr_");
            is_whole(&params.window_frame) || is_known && (!params.distinct || name == "count")
        }
        WindowFunctionDefinition::WindowUDF(_) => {
            params.null_treatment != Some(NullTreatment::IgnoreNulls)
        }
    };
    match &function.fun {
        _ if is_fast || is_small(&params.window_frame) => MAX_ROWS,
        WindowFunctionDefinition::AggregateUDF(_) => MAX_ROWS_OF_SORTS,
        WindowFunctionDefinition::WindowUDF(_) => MAX_ROWS_OF_SEARCHES,
    }
}

/// Whether a frame holds so few rows that it does not matter how often they are looked at.
fn is_small(frame: &WindowFrame) -> bool {
    let is_near = |bound: &WindowFrameBound| match bound {
        WindowFrameBound::CurrentRow => true,
        WindowFrameBound::Preceding(rows) | WindowFrameBound::Following(rows) => {
            matches!(rows, ScalarValue::UInt64(Some(rows)) if *rows <= SMALL_FRAME)
        }
    };
    frame.units == WindowFrameUnits::Rows
        && is_near(&frame.start_bound)
        && is_near(&frame.end_bound)
}

/// Whether a frame is the same for all rows of a partition: an aggregate is then computed once.
fn is_whole(frame: &WindowFrame) -> bool {
    frame.start_bound.is_unbounded() && frame.end_bound.is_unbounded()
}

/// A condition that all rows fulfil until there are too many.
#[derive(Debug)]
struct Count {
    /// The function that may be given the fewest rows.
    function: String,
    most: usize,
    seen: Arc<AtomicUsize>,
    signature: Signature,
}

impl Count {
    fn before(functions: &[Expr]) -> Result<Self> {
        let mut count = Self {
            function: String::new(),
            most: usize::MAX,
            seen: Arc::default(),
            signature: Signature::nullary(Volatility::Volatile),
        };
        for function in functions {
            function.apply(|part| {
                if let Expr::WindowFunction(function) = part {
                    let most = most(function);
                    if most < count.most {
                        function.fun.name().clone_into(&mut count.function);
                        count.most = most;
                    }
                }
                Ok(TreeNodeRecursion::Continue)
            })?;
        }
        Ok(count)
    }
}

impl PartialEq for Count {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.seen, &other.seen)
    }
}

impl Eq for Count {}

impl Hash for Count {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.seen).hash(state);
    }
}

impl ScalarUDFImpl for Count {
    fn name(&self) -> &'static str {
        "counted"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Boolean)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let before = self.seen.fetch_add(args.number_rows, Ordering::Relaxed);
        if before + args.number_rows > self.most {
            let message = format!(
                "`{}` with OVER takes at most {} rows here; filter or group first",
                self.function, self.most
            );
            return Err(TooMuch(message).into());
        }
        Ok(ColumnarValue::Scalar(ScalarValue::Boolean(Some(true))))
    }
}
