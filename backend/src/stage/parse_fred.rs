//! Reads FRED's observations, with or without ALFRED's vintages.

use chrono::NaiveDate;
use serde::Deserialize;

use super::row::{ParseError, Parsed, Row};

#[derive(Deserialize)]
struct Body {
    observations: Vec<Observation>,
}

#[derive(Deserialize)]
struct Observation {
    realtime_start: NaiveDate,
    date: String,
    value: String,
}

/// Reads an answer of `fred/series/observations`. Without `vintages` the real-time period says only when it was asked.
pub(super) fn parse(vintages: bool, body: &[u8]) -> Result<Parsed, ParseError> {
    let body: Body = serde_json::from_slice(body).map_err(|e| ParseError::Shape {
        expected: "fred/series/observations".to_owned(),
        message: e.to_string(),
    })?;
    let rows = body.observations.into_iter().map(|observation| Row {
        date: observation.date,
        value: observation.value,
        vintage: vintages.then_some(observation.realtime_start),
    });
    // No row is no error here: nothing has been published since the day that was asked for.
    Ok(Parsed {
        rows: rows.collect(),
        ..Parsed::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = br#"{"units": "lin", "observations": [
        {"realtime_start": "2024-10-30", "realtime_end": "9999-12-31", "date": "2024-07-01", "value": "29349.924"},
        {"realtime_start": "2024-09-26", "realtime_end": "2024-10-29", "date": "2024-04-01", "value": "."}]}"#;

    #[test]
    fn keeps_the_vintage_only_where_vintages_were_asked_for() {
        let with = parse(true, BODY).unwrap();
        assert_eq!(with.rows[0].vintage, NaiveDate::from_ymd_opt(2024, 10, 30));
        assert_eq!(with.rows[1].value, ".");
        let without = parse(false, BODY).unwrap();
        assert_eq!(without.rows[0].vintage, None);
    }
}
