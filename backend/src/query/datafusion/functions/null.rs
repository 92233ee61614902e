//! `greatest`, `least` and `concat` that are NULL as soon as one argument is, as in Trino. DataFusion's skip NULLs.

use std::sync::Arc;

use datafusion::arrow::array::{Array, BooleanArray};
use datafusion::arrow::compute::{is_null, nullif, or};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::Result;
use datafusion::execution::{FunctionRegistry, SessionState};
use datafusion::logical_expr::{
    ColumnarValue, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature,
};

use super::dates::like;

/// Wraps what is registered under these names.
pub(super) fn register(state: &mut SessionState) -> Result<()> {
    for name in ["concat", "greatest", "least"] {
        let inner = state.udf(name)?;
        state.register_udf(Arc::new(ScalarUDF::new_from_impl(Strict { inner })))?;
    }
    Ok(())
}

/// A function that is NULL where any argument is.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Strict {
    inner: Arc<ScalarUDF>,
}

impl ScalarUDFImpl for Strict {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn signature(&self) -> &Signature {
        self.inner.signature()
    }

    fn coerce_types(&self, given: &[DataType]) -> Result<Vec<DataType>> {
        self.inner.coerce_types(given)
    }

    fn return_type(&self, given: &[DataType]) -> Result<DataType> {
        self.inner.return_type(given)
    }

    fn return_field_from_args(
        &self,
        args: ReturnFieldArgs,
    ) -> Result<datafusion::arrow::datatypes::FieldRef> {
        let field = self.inner.return_field_from_args(args)?;
        Ok(Arc::new(field.as_ref().clone().with_nullable(true)))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let given = args.args.clone();
        let arrays = ColumnarValue::values_to_arrays(&given)?;
        let rows = arrays.first().map_or(0, Array::len);
        let result = self.inner.invoke_with_args(args)?.into_array(rows)?;
        let mut missing = BooleanArray::from(vec![false; rows]);
        for array in &arrays {
            missing = or(&missing, &is_null(array)?)?;
        }
        like(&given, nullif(&result, &missing)?)
    }
}
