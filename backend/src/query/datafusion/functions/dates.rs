//! What the functions of dates share, and `date_trunc`, which keeps a date a date.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, AsArray};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{
    DataType, Field, Int64Type, TimeUnit, TimestampMillisecondType,
};
use datafusion::common::{Result, ScalarValue, exec_err, plan_err};
use datafusion::functions::datetime::date_trunc;
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility,
};

/// Instants as milliseconds since 1970, without a zone: UTC.
pub(super) const INSTANT: DataType = DataType::Timestamp(TimeUnit::Millisecond, None);

/// The type that an argument is taken as: a day stays a day, every timestamp becomes [`INSTANT`].
pub(super) fn temporal(function: &str, given: &DataType) -> Result<DataType> {
    match given {
        DataType::Date32 | DataType::Date64 | DataType::Null => Ok(DataType::Date32),
        DataType::Timestamp(..) => Ok(INSTANT),
        other => plan_err!(
            "'{function}' takes a date or a timestamp, not {other}; write DATE '2024-02-29' or CAST(… AS date)"
        ),
    }
}

/// The text that an argument is in every row. Units and formats must be written out.
pub(super) fn constant(function: &str, what: &str, given: &ColumnarValue) -> Result<String> {
    let text = match given {
        ColumnarValue::Scalar(value) => value.try_as_str().flatten(),
        ColumnarValue::Array(_) => None,
    };
    let Some(text) = text else {
        return exec_err!("the {what} of '{function}' must be a text in quotes");
    };
    Ok(text.to_owned())
}

/// Milliseconds since 1970 (UTC) of dates or instants.
pub(super) fn milliseconds(array: &ArrayRef) -> Result<Vec<Option<i64>>> {
    let instants = cast(array, &INSTANT)?;
    Ok(instants
        .as_primitive::<TimestampMillisecondType>()
        .iter()
        .collect())
}

/// Whole numbers.
pub(super) fn integers(array: &ArrayRef) -> Result<Vec<Option<i64>>> {
    let numbers = cast(array, &DataType::Int64)?;
    Ok(numbers.as_primitive::<Int64Type>().iter().collect())
}

/// `date_trunc(unit, x)`: x cut to its unit, of x's own type. DataFusion's makes a timestamp of a date.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct DateTrunc {
    signature: Signature,
}

impl DateTrunc {
    pub(super) fn new() -> Self {
        Self {
            signature: Signature::user_defined(Volatility::Immutable),
        }
    }
}

impl ScalarUDFImpl for DateTrunc {
    fn name(&self) -> &'static str {
        "date_trunc"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, given: &[DataType]) -> Result<Vec<DataType>> {
        let [_, moment] = given else {
            return plan_err!("'date_trunc' takes a unit and a date or timestamp");
        };
        Ok(vec![DataType::Utf8, temporal(self.name(), moment)?])
    }

    fn return_type(&self, given: &[DataType]) -> Result<DataType> {
        Ok(given.get(1).cloned().unwrap_or(INSTANT))
    }

    fn invoke_with_args(&self, mut args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let wanted = args.return_field.data_type().clone();
        if let Some(moment) = args.args.get_mut(1) {
            *moment = moment.cast_to(&INSTANT, None)?;
        }
        args.return_field = Arc::new(Field::new(self.name(), INSTANT, true));
        let cut = date_trunc().invoke_with_args(args)?;
        cut.cast_to(&wanted, None)
    }
}

/// An array's values, or one for all rows where everything was constant.
pub(super) fn like(args: &[ColumnarValue], result: ArrayRef) -> Result<ColumnarValue> {
    let constant = |arg: &ColumnarValue| matches!(arg, ColumnarValue::Scalar(_));
    if args.iter().all(constant) {
        Ok(ColumnarValue::Scalar(ScalarValue::try_from_array(
            &result, 0,
        )?))
    } else {
        Ok(ColumnarValue::Array(result))
    }
}
