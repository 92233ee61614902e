//! Vintages as ALFRED serves them.

use super::*;

fn gdp() -> Preset {
    let mut preset = gold_with("stale_after_days = 230");
    let series = &mut preset.series[0];
    series.source = crate::preset::Source::Fred {
        id: "GDP".to_owned(),
        vintages: true,
    };
    series.frequency = shared::series::Frequency::Quarterly;
    series.publication = crate::preset::Publication {
        days: 119,
        weekday: None,
        business_day: true,
        at: "08:30 America/New_York".parse().unwrap(),
    };
    preset
}

fn observations(rows: &[(&str, &str, &str)]) -> Answer {
    let rows: Vec<String> = rows
        .iter()
        .map(|(start, date, value)| {
            format!(r#"{{"realtime_start": "{start}", "realtime_end": "9999-12-31", "date": "{date}", "value": "{value}"}}"#)
        })
        .collect();
    answer(&format!(r#"{{"observations": [{}]}}"#, rows.join(",")))
}

#[tokio::test]
async fn a_vintage_is_known_from_its_day_and_the_archives_first_by_the_rule() {
    let world = World::new(gdp());
    let staged = world
        .stage(Ok(vec![observations(&[
            ("2020-01-30", "2019-01-01", "21000.0"),
            ("2024-07-25", "2024-04-01", "28629.2"),
            ("2024-08-29", "2024-04-01", "28652.3"),
        ])]))
        .await
        .unwrap();
    let all = staged.observations.values().next().unwrap();
    let known: Vec<String> = all.iter().map(|o| o.available_at.to_rfc3339()).collect();
    let expected = [
        "2019-04-30T12:30:00+00:00",
        "2024-07-25T12:30:00+00:00",
        "2024-08-29T12:30:00+00:00",
    ];
    assert_eq!(known, expected);
}

#[tokio::test]
async fn a_value_that_a_later_window_only_repeats_is_no_revision() {
    let world = World::new(gdp());
    world
        .stage(Ok(vec![observations(&[(
            "2024-07-25",
            "2024-04-01",
            "28629.2",
        )])]))
        .await
        .unwrap();
    let again = observations(&[("2024-09-01", "2024-04-01", "28629.2")]);
    let staged = world.stage(Ok(vec![again])).await.unwrap();
    assert_eq!(staged.series[0].new_observations, 0);
    assert_eq!(staged.observations.values().next().unwrap().len(), 1);
}
