//! `date_diff` and `date_add`, counting calendar units as Trino does.

use std::sync::Arc;

use chrono::{DateTime, Months, TimeDelta};
use datafusion::arrow::array::{ArrayRef, Int64Array, TimestampMillisecondArray};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::DataType;
use datafusion::common::{Result, exec_err, plan_err};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility,
};

use super::dates::{INSTANT, constant, integers, like, milliseconds, temporal};

/// A unit: so many months, or so many milliseconds.
#[derive(Clone, Copy)]
enum Unit {
    Months(i64),
    Milliseconds(i64),
}

const DAY: i64 = 86_400_000;

impl Unit {
    /// Reads a unit's name. Days have no hours: Trino refuses them, so we do.
    fn read(function: &str, name: &str, of: &DataType) -> Result<Self> {
        let unit = match name.to_lowercase().as_str() {
            "year" => Self::Months(12),
            "quarter" => Self::Months(3),
            "month" => Self::Months(1),
            "week" => Self::Milliseconds(7 * DAY),
            "day" => Self::Milliseconds(DAY),
            "hour" => Self::Milliseconds(3_600_000),
            "minute" => Self::Milliseconds(60_000),
            "second" => Self::Milliseconds(1000),
            "millisecond" => Self::Milliseconds(1),
            other => {
                return exec_err!(
                    "'{other}' is no unit of '{function}'; use day, week, month, quarter or year, and for timestamps also hour, minute, second or millisecond"
                );
            }
        };
        match unit {
            Self::Milliseconds(size) if size < DAY && *of == DataType::Date32 => {
                exec_err!("'{name}' is no unit of dates; cast them to timestamp")
            }
            unit => Ok(unit),
        }
    }

    /// Whole units from `from` to `to`, negative where `to` is earlier. A month is full when adding it does not pass `to`.
    fn between(self, from: i64, to: i64) -> Option<i64> {
        let length = match self {
            Self::Milliseconds(length) => return Some(to.checked_sub(from)? / length),
            Self::Months(length) => length,
        };
        if to < from {
            return Some(-self.between(to, from)?);
        }
        let (start, end) = (instant(from)?, instant(to)?);
        let mut months = month_number(&end) - month_number(&start);
        if self::months_later(start, months)? > end {
            months -= 1;
        }
        Some(months / length)
    }

    /// `count` units after `moment`; the last day of a month where the day does not exist.
    fn add(self, moment: i64, count: i64) -> Option<i64> {
        match self {
            Self::Milliseconds(length) => {
                let moment = instant(moment)?;
                let delta = TimeDelta::try_milliseconds(count.checked_mul(length)?)?;
                Some(moment.checked_add_signed(delta)?.timestamp_millis())
            }
            Self::Months(length) => {
                let later = months_later(instant(moment)?, count.checked_mul(length)?)?;
                Some(later.timestamp_millis())
            }
        }
    }
}

fn instant(milliseconds: i64) -> Option<DateTime<chrono::Utc>> {
    DateTime::from_timestamp_millis(milliseconds)
}

fn month_number(moment: &DateTime<chrono::Utc>) -> i64 {
    use chrono::Datelike;
    i64::from(moment.year()) * 12 + i64::from(moment.month0())
}

fn months_later(moment: DateTime<chrono::Utc>, months: i64) -> Option<DateTime<chrono::Utc>> {
    let size = Months::new(u32::try_from(months.unsigned_abs()).ok()?);
    if months < 0 {
        moment.checked_sub_months(size)
    } else {
        moment.checked_add_months(size)
    }
}

/// `date_diff(unit, from, to)`: to − from in whole units.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct DateDiff {
    signature: Signature,
}

impl DateDiff {
    pub(super) fn new() -> Self {
        Self {
            signature: Signature::user_defined(Volatility::Immutable),
        }
    }
}

impl ScalarUDFImpl for DateDiff {
    fn name(&self) -> &'static str {
        "date_diff"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, given: &[DataType]) -> Result<Vec<DataType>> {
        let [_, from, to] = given else {
            return plan_err!("'date_diff' takes a unit and two dates or timestamps");
        };
        let (from, to) = (temporal(self.name(), from)?, temporal(self.name(), to)?);
        // A day next to an instant is its first instant.
        let common = if from == to { from } else { INSTANT };
        Ok(vec![DataType::Utf8, common.clone(), common])
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Int64)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let name = constant(self.name(), "unit", &args.args[0])?;
        let unit = Unit::read(self.name(), &name, &args.args[1].data_type())?;
        let arrays = ColumnarValue::values_to_arrays(&args.args)?;
        let (from, to) = (milliseconds(&arrays[1])?, milliseconds(&arrays[2])?);
        let pairs = from.into_iter().zip(to);
        let result: Int64Array = pairs
            .map(|(from, to)| from.zip(to).and_then(|(from, to)| unit.between(from, to)))
            .collect();
        like(&args.args, Arc::new(result))
    }
}

/// `date_add(unit, count, x)`: x moved by so many units, of x's own type.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct DateAdd {
    signature: Signature,
}

impl DateAdd {
    pub(super) fn new() -> Self {
        Self {
            signature: Signature::user_defined(Volatility::Immutable),
        }
    }
}

impl ScalarUDFImpl for DateAdd {
    fn name(&self) -> &'static str {
        "date_add"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, given: &[DataType]) -> Result<Vec<DataType>> {
        match given {
            [_, count, moment] if count.is_integer() || count.is_null() => {
                let moment = temporal(self.name(), moment)?;
                Ok(vec![DataType::Utf8, DataType::Int64, moment])
            }
            _ => plan_err!("'date_add' takes a unit, a whole number, and a date or timestamp"),
        }
    }

    fn return_type(&self, given: &[DataType]) -> Result<DataType> {
        Ok(given.get(2).cloned().unwrap_or(INSTANT))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let kind = args.return_field.data_type();
        let name = constant(self.name(), "unit", &args.args[0])?;
        let unit = Unit::read(self.name(), &name, kind)?;
        let arrays = ColumnarValue::values_to_arrays(&args.args)?;
        let (counts, moments) = (integers(&arrays[1])?, milliseconds(&arrays[2])?);
        let moved = counts.into_iter().zip(moments).map(|pair| {
            let (Some(count), Some(moment)) = pair else {
                return Ok(None);
            };
            let moved = unit.add(moment, count);
            if moved.is_none() {
                return exec_err!("'date_add' leaves the calendar: {count} {name} is too far");
            }
            Ok(moved)
        });
        let moved = moved.collect::<Result<Vec<_>>>()?;
        let result: ArrayRef = Arc::new(TimestampMillisecondArray::from(moved));
        like(&args.args, cast(&result, kind)?)
    }
}
