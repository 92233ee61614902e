//! `json_extract_scalar(text, path)` for the JSON that `model_runs` carries.

use std::sync::Arc;

use datafusion::arrow::array::{AsArray, StringArray};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::{Result, exec_err};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility,
};
use serde_json::Value;

use super::dates::{constant, like};

/// `json_extract_scalar(text, path)`: the boolean, number or text at `path`, as text; NULL where there is none.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct JsonExtractScalar {
    signature: Signature,
}

impl JsonExtractScalar {
    pub(super) fn new() -> Self {
        Self {
            signature: Signature::exact(
                vec![DataType::Utf8, DataType::Utf8],
                Volatility::Immutable,
            ),
        }
    }
}

impl ScalarUDFImpl for JsonExtractScalar {
    fn name(&self) -> &'static str {
        "json_extract_scalar"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Utf8)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let text = constant(self.name(), "path", &args.args[1])?;
        let Some(path) = read_path(&text) else {
            return exec_err!(
                "'{text}' is no JSON path; write for example '$.a.b', '$.list[0]' or '$[\"a b\"]'"
            );
        };
        let arrays = ColumnarValue::values_to_arrays(&args.args)?;
        let texts = arrays[0].as_string::<i32>();
        let found: StringArray = texts.iter().map(|text| extract(text?, &path)).collect();
        like(&args.args, Arc::new(found))
    }
}

/// One step of a path.
#[derive(Debug, PartialEq, Eq)]
enum Step {
    Field(String),
    Index(usize),
}

/// Reads `$.name`, `$["name"]` and `$[0]`, in any sequence.
fn read_path(text: &str) -> Option<Vec<Step>> {
    let mut rest = text.strip_prefix('$')?;
    let mut steps = Vec::new();
    while !rest.is_empty() {
        let step = if let Some(quoted) = rest.strip_prefix("[\"") {
            let (name, after) = quoted.split_once("\"]")?;
            rest = after;
            Step::Field(name.to_owned())
        } else if let Some(number) = rest.strip_prefix('[') {
            let (index, after) = number.split_once(']')?;
            rest = after;
            Step::Index(index.parse().ok()?)
        } else {
            let named = rest.strip_prefix('.')?;
            let end = named.find(['.', '[']).unwrap_or(named.len());
            let (name, after) = named.split_at(end);
            rest = after;
            (!name.is_empty()).then(|| Step::Field(name.to_owned()))?
        };
        steps.push(step);
    }
    Some(steps)
}

fn extract(text: &str, path: &[Step]) -> Option<String> {
    let whole: Value = serde_json::from_str(text).ok()?;
    let found = path.iter().try_fold(&whole, |value, step| match step {
        Step::Field(name) => value.as_object()?.get(name),
        Step::Index(index) => value.as_array()?.get(*index),
    })?;
    match found {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(found.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
