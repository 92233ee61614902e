//! `generate_series` and `range` with an end: no more rows than an array of Trino's `sequence` has entries.

use std::sync::Arc;

use datafusion::catalog::{TableFunctionArgs, TableFunctionImpl, TableProvider};
use datafusion::common::{Result, plan_datafusion_err};
use datafusion::execution::SessionState;
use datafusion::functions_table::generate_series::GenerateSeriesTable;

use super::super::explain::TooMuch;

/// Trino's own limit for `sequence`, and enough for every day of 27 years.
const MAX_ROWS: usize = 10_000;

/// Puts a limit on both.
pub(super) fn register(state: &mut SessionState) -> Result<()> {
    for name in ["generate_series", "range"] {
        let endless = state
            .deregister_udtf(name)?
            .ok_or_else(|| plan_datafusion_err!("the engine has no table function '{name}'"))?;
        state.register_udtf(name, Arc::new(Series { name, endless }));
    }
    Ok(())
}

/// A series of numbers, dates or timestamps that is refused where it is too long.
#[derive(Debug)]
struct Series {
    name: &'static str,
    endless: Arc<dyn TableFunctionImpl>,
}

impl TableFunctionImpl for Series {
    fn call_with_args(&self, args: TableFunctionArgs) -> Result<Arc<dyn TableProvider>> {
        let table = self.endless.call_with_args(args)?;
        if is_longer(&table, MAX_ROWS)? {
            let message = format!(
                "`{}` gives more than the {MAX_ROWS} rows that are allowed; let it start later or end earlier, or take larger steps",
                self.name
            );
            return Err(TooMuch(message).into());
        }
        Ok(table)
    }
}

/// Whether a series has more than `rows` rows. Steps of months differ in length, so rows are made and counted, no more than
/// are needed to know.
fn is_longer(table: &Arc<dyn TableProvider>, rows: usize) -> Result<bool> {
    let series = table
        .downcast_ref::<GenerateSeriesTable>()
        .ok_or_else(|| plan_datafusion_err!("the engine's series are not what they were"))?;
    let generator = series.as_generator(rows + 1)?;
    let batch = generator.write().generate_next_batch()?;
    Ok(batch.is_some_and(|batch| batch.num_rows() > rows))
}
