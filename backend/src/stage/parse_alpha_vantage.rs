//! Reads Alpha Vantage's answers: objects keyed by date, or a list under `data`.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{MapAccess, Visitor};

use super::row::{ParseError, Parsed, Row};

/// Reads the answer of `function`; `field` names the number of a row where it has several.
pub(super) fn parse(
    function: &str,
    field: Option<&str>,
    body: &[u8],
) -> Result<Parsed, ParseError> {
    let shape = |message: String| ParseError::Shape {
        expected: function.to_owned(),
        message,
    };
    let body: Body = serde_json::from_slice(body).map_err(|e| shape(e.to_string()))?;
    let rows = match (body.data, body.daily.or(body.fx_daily)) {
        (Some(data), _) => data.into_iter().map(DataRow::into_row).collect(),
        (None, Some(bars)) => bar_rows(bars, field.unwrap_or("close"))?,
        (None, None) => {
            return Err(shape(
                "it has neither `data` nor a daily time series".to_owned(),
            ));
        }
    };
    if rows.is_empty() {
        return Err(ParseError::Empty);
    }
    Ok(Parsed {
        rows,
        unit: body.unit,
        interval: body.interval,
    })
}

#[derive(Deserialize)]
struct Body<'a> {
    #[serde(rename = "Time Series (Daily)", borrow)]
    daily: Option<Bars<'a>>,
    #[serde(rename = "Time Series FX (Daily)", borrow)]
    fx_daily: Option<Bars<'a>>,
    data: Option<Vec<DataRow>>,
    unit: Option<String>,
    interval: Option<String>,
}

/// The metals say `price` where everything else says `value`.
#[derive(Deserialize)]
struct DataRow {
    date: String,
    #[serde(alias = "price")]
    value: String,
}

impl DataRow {
    fn into_row(self) -> Row {
        Row {
            date: self.date,
            value: self.value,
            vintage: None,
        }
    }
}

/// Bars by date, each with its numbers by name.
type Bars<'a> = Pairs<'a, Pairs<'a, Text<'a>>>;

fn bar_rows(bars: Bars<'_>, field: &str) -> Result<Vec<Row>, ParseError> {
    let mut rows = Vec::with_capacity(bars.0.len());
    for (date, numbers) in bars.0 {
        // The keys are numbered: `1. open`.
        let named = |key: &str| key.split_once(". ").is_some_and(|(_, name)| name == field);
        let Some((_, value)) = numbers.0.iter().find(|(key, _)| named(&key.0)) else {
            let found: Vec<&str> = numbers.0.iter().map(|(key, _)| &*key.0).collect();
            return Err(ParseError::NoField {
                field: field.to_owned(),
                found: found.join(", "),
            });
        };
        rows.push(Row {
            date: date.0.into_owned(),
            value: value.0.clone().into_owned(),
            vintage: None,
        });
    }
    Ok(rows)
}

/// A string that stays in the answer that it is read from: twenty years of bars have a quarter of a million of them.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

/// A JSON object as a list of pairs: a map would hide a date that stands twice.
struct Pairs<'a, T>(Vec<(Text<'a>, T)>);

impl<'de: 'a, 'a, T: Deserialize<'de>> Deserialize<'de> for Pairs<'a, T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PairsVisitor<'a, T>(PhantomData<(&'a str, T)>);

        impl<'de: 'a, 'a, T: Deserialize<'de>> Visitor<'de> for PairsVisitor<'a, T> {
            type Value = Pairs<'a, T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut pairs = Vec::with_capacity(map.size_hint().unwrap_or(0));
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }

        deserializer.deserialize_map(PairsVisitor(PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_wanted_number_of_each_bar_and_keeps_a_doubled_date() {
        let body = br#"{"Meta Data": {"2. Symbol": "GLD"}, "Time Series (Daily)": {
            "2024-09-23": {"1. open": "242.49", "4. close": "242.95"},
            "2024-09-23": {"1. open": "242.50", "4. close": "242.95"}}}"#;
        let parsed = parse("TIME_SERIES_DAILY", Some("open"), body).unwrap();
        let values: Vec<&str> = parsed.rows.iter().map(|row| row.value.as_str()).collect();
        assert_eq!(values, ["242.49", "242.50"]);
    }

    #[test]
    fn reads_price_as_value_and_keeps_the_unit() {
        let body = br#"{"nominal": "XAUUSD", "unit": "USD", "data": [{"date": "2026-06-20", "price": "4155.57"}]}"#;
        let parsed = parse("GOLD_SILVER_HISTORY", None, body).unwrap();
        assert_eq!(parsed.rows[0].value, "4155.57");
        assert_eq!(parsed.unit.as_deref(), Some("USD"));
    }

    #[test]
    fn names_the_fields_that_are_there() {
        let body = br#"{"Time Series FX (Daily)": {"2024-09-23": {"1. open": "1.1"}}}"#;
        let error = parse("FX_DAILY", Some("close"), body).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the rows have no field `close`; they have 1. open"
        );
    }

    #[test]
    fn an_answer_without_rows_is_an_error() {
        let error = parse("WTI", None, br#"{"data": []}"#).unwrap_err();
        assert_eq!(error, ParseError::Empty);
        let error = parse("WTI", None, br#"{"name": "WTI"}"#).unwrap_err();
        assert!(error.to_string().contains("neither `data`"), "{error}");
    }
}
