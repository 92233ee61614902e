//! Makes sure that a question ends when its time is over or nobody waits for it any more.
//!
//! The engine's tasks can be ended only where they pause, and they pause after so many batches read. A step that makes many
//! batches out of one, or that compares every row of a batch with a million others, would run on for minutes. So the
//! former is made to pause, and the latter's condition fails once the question is over.

use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use datafusion::arrow::datatypes::DataType;
use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode};
use datafusion::common::{JoinType, Result, exec_err};
use datafusion::execution::SessionState;
use datafusion::logical_expr::{
    ColumnarValue, Join, LogicalPlan, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature,
    Volatility, lit,
};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::coop::CooperativeExec;
use datafusion::physical_plan::unnest::UnnestExec;

use super::windows;

/// Held by whoever waits for an answer. Once it is dropped, the question is over.
#[derive(Default)]
pub(super) struct Waiting(Watch);

impl Waiting {
    /// What the question asks whether it is over.
    pub(super) fn watch(&self) -> Watch {
        self.0.clone()
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.over.store(true, Ordering::Relaxed);
    }
}

/// Whether a question is over.
#[derive(Clone, Debug, Default)]
pub(super) struct Watch {
    over: Arc<AtomicBool>,
}

/// The steps that answer `plan`, each of which ends soon after the question is over.
pub(super) async fn steps(
    state: &SessionState,
    plan: &LogicalPlan,
    watch: Watch,
) -> Result<Arc<dyn ExecutionPlan>> {
    // The optimiser would move conditions that it does not know, so it has to be done first.
    let plan = windows::bounded(watched(state.optimize(plan)?, watch)?)?;
    let steps = state.query_planner().create_physical_plan(&plan, state);
    pausing(steps.await?)
}

/// Lets the conditions of joins fail once the question is over.
fn watched(plan: LogicalPlan, watch: Watch) -> Result<LogicalPlan> {
    let awaited = ScalarUDF::new_from_impl(Awaited::new(watch));
    let plan = plan.transform_up_with_subqueries(|step| match step {
        LogicalPlan::Join(mut join) if can_be_silent(&join) => {
            let condition = join.filter.take().unwrap_or_else(|| lit(true));
            join.filter = Some(awaited.call(vec![condition]));
            Ok(Transformed::yes(LogicalPlan::Join(join)))
        }
        other => Ok(Transformed::no(other)),
    });
    plan.data()
}

/// Whether a join may compare many rows without making one: where a condition refuses them, or where it only marks them.
fn can_be_silent(join: &Join) -> bool {
    let makes_pairs = matches!(
        join.join_type,
        JoinType::Inner | JoinType::Left | JoinType::Right | JoinType::Full
    );
    join.filter.is_some() || !makes_pairs
}

/// Lets steps pause that may make many batches out of one: joins and recursion, which have two inputs, and UNNEST.
fn pausing(plan: Arc<dyn ExecutionPlan>) -> Result<Arc<dyn ExecutionPlan>> {
    let plan = plan.transform_up(|step| {
        if step.children().len() < 2 && !step.is::<UnnestExec>() {
            return Ok(Transformed::no(step));
        }
        let pausing: Arc<dyn ExecutionPlan> = Arc::new(CooperativeExec::new(step));
        Ok(Transformed::yes(pausing))
    });
    plan.data()
}

/// A function that gives back the condition it is given, and fails once the question is over.
#[derive(Debug)]
struct Awaited {
    watch: Watch,
    signature: Signature,
}

impl Awaited {
    fn new(watch: Watch) -> Self {
        Self {
            watch,
            // Otherwise it could be evaluated once for a constant condition.
            signature: Signature::exact(vec![DataType::Boolean], Volatility::Volatile),
        }
    }
}

impl PartialEq for Awaited {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.watch.over, &other.watch.over)
    }
}

impl Eq for Awaited {}

impl Hash for Awaited {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.watch.over).hash(state);
    }
}

impl ScalarUDFImpl for Awaited {
    fn name(&self) -> &'static str {
        "awaited"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Boolean)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let mut given = args.args.into_iter();
        match given.next() {
            Some(condition) if !self.watch.over.load(Ordering::Relaxed) => Ok(condition),
            _ => exec_err!("nobody waits for the answer any more"),
        }
    }
}
