//! `date_format(x, format)` with `MySQL`'s specifiers, as in Trino. DataFusion's function of that name has others.

use std::sync::Arc;

use chrono::DateTime;
use datafusion::arrow::array::StringArray;
use datafusion::arrow::datatypes::DataType;
use datafusion::common::{Result, exec_err, plan_err};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility,
};

use super::dates::{INSTANT, constant, like, milliseconds, temporal};

/// `date_format(x, format)`: x as text.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct DateFormat {
    signature: Signature,
}

impl DateFormat {
    pub(super) fn new() -> Self {
        Self {
            signature: Signature::user_defined(Volatility::Immutable),
        }
    }
}

impl ScalarUDFImpl for DateFormat {
    fn name(&self) -> &'static str {
        "date_format"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, given: &[DataType]) -> Result<Vec<DataType>> {
        let [moment, _] = given else {
            return plan_err!("'date_format' takes a date or timestamp and a format");
        };
        temporal(self.name(), moment)?;
        Ok(vec![INSTANT, DataType::Utf8])
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Utf8)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let format = translate(&constant(self.name(), "format", &args.args[1])?)?;
        let arrays = ColumnarValue::values_to_arrays(&args.args)?;
        let texts: StringArray = milliseconds(&arrays[0])?
            .into_iter()
            .map(|moment| DateTime::from_timestamp_millis(moment?))
            .map(|moment| moment.map(|moment| moment.format(&format).to_string()))
            .collect();
        like(&args.args, Arc::new(texts))
    }
}

/// Chrono's format for one of `MySQL`'s.
fn translate(format: &str) -> Result<String> {
    let mut translated = String::new();
    let mut chars = format.chars();
    while let Some(c) = chars.next() {
        if c != '%' {
            translated.push(c);
            continue;
        }
        let specifier = chars.next();
        translated.push_str(match specifier {
            Some('a') => "%a",
            Some('b') => "%b",
            Some('c') => "%-m",
            Some('d') => "%d",
            Some('e') => "%-d",
            Some('f') => "%6f",
            Some('H') => "%H",
            Some('h' | 'I') => "%I",
            Some('i') => "%M",
            Some('j') => "%j",
            Some('k') => "%-H",
            Some('l') => "%-I",
            Some('M') => "%B",
            Some('m') => "%m",
            Some('p') => "%p",
            Some('r') => "%I:%M:%S %p",
            Some('S' | 's') => "%S",
            Some('T') => "%H:%M:%S",
            Some('v') => "%V",
            Some('W') => "%A",
            Some('x') => "%G",
            Some('Y') => "%Y",
            Some('y') => "%y",
            Some('%') => "%%",
            Some(other) => {
                return exec_err!(
                    "'date_format' has no '%{other}'; it follows MySQL, as Trino does"
                );
            }
            None => return exec_err!("the format of 'date_format' ends with a single '%'"),
        });
    }
    Ok(translated)
}
