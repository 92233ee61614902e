//! `year(x)`, `month(x)` and the other parts of a date, as 64-bit integers as in Trino.

use datafusion::arrow::compute::{DatePart, cast, date_part};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::{Result, plan_err};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility,
};

use super::dates::{like, temporal};

/// Names with Trino's synonyms.
const PARTS: [(&str, &[&str]); 10] = [
    ("year", &[]),
    ("quarter", &[]),
    ("month", &[]),
    ("week", &["week_of_year"]),
    ("year_of_week", &["yow"]),
    ("day", &["day_of_month"]),
    ("day_of_week", &["dow"]),
    ("day_of_year", &["doy"]),
    ("hour", &[]),
    ("minute", &[]),
];

/// One function a part.
pub(super) fn all() -> impl Iterator<Item = Part> {
    PARTS.iter().map(|(name, aliases)| Part {
        name,
        aliases: aliases.iter().map(|&alias| alias.to_owned()).collect(),
        signature: Signature::user_defined(Volatility::Immutable),
    })
}

/// A part of a date or timestamp.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Part {
    name: &'static str,
    aliases: Vec<String>,
    signature: Signature,
}

impl Part {
    fn part(&self) -> DatePart {
        match self.name {
            "year" => DatePart::Year,
            "quarter" => DatePart::Quarter,
            "month" => DatePart::Month,
            "week" => DatePart::WeekISO,
            "year_of_week" => DatePart::YearISO,
            "day" => DatePart::Day,
            // Monday is 1 and Sunday is 7, as ISO 8601 has it.
            "day_of_week" => DatePart::DayOfWeekMonday1,
            "day_of_year" => DatePart::DayOfYear,
            "hour" => DatePart::Hour,
            _ => DatePart::Minute,
        }
    }
}

impl ScalarUDFImpl for Part {
    fn name(&self) -> &str {
        self.name
    }

    fn aliases(&self) -> &[String] {
        &self.aliases
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, given: &[DataType]) -> Result<Vec<DataType>> {
        let [moment] = given else {
            return plan_err!("'{}' takes one date or timestamp", self.name);
        };
        Ok(vec![temporal(self.name, moment)?])
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Int64)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let arrays = ColumnarValue::values_to_arrays(&args.args)?;
        let parts = date_part(&arrays[0], self.part())?;
        like(&args.args, cast(&parts, &DataType::Int64)?)
    }
}
