//! A small world that is made up by seed, and presets on it.

use chrono::{DateTime, Datelike, Duration, NaiveDate, Utc, Weekday};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use shared::series::{Observation, SeriesId};
use shared::valuation::Information;

use super::super::subject::dataset_of;
use super::super::worlds::World;
use crate::preset::{Preset, parse};
use crate::progress::Reporter;
use crate::train::{DEPLOYED, Datasets, Trained, train as train_on};

const DAYS: usize = 700;

pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(super) fn as_of() -> DateTime<Utc> {
    "2025-12-31T23:59:59Z".parse().unwrap()
}

/// The way of `fair`.
pub(super) fn small() -> Preset {
    parse("small", include_str!("small.toml")).unwrap()
}

/// The same series in the original's way.
pub(super) fn classic() -> Preset {
    let features = r#"
[[feature]]
name = "silver_level"
label = "Silver"
of = "silver"
op = "level"

[[feature]]
name = "rate_level"
label = "Rate"
of = "rate"
op = "level"

[[feature]]
name = "gold_ema_30"
label = "Mean"
of = "gold"
op = { ema = { span = 30, adjust = true } }

[train]"#;
    let text = include_str!("small.toml");
    let without = |text: &str, from: &str, to: &str| {
        let (start, end) = (text.find(from).unwrap(), text.find(to).unwrap());
        format!("{}{}", &text[..start], &text[end..])
    };
    let text = without(text, "[[driver]]", "[[feature]]\nname = \"cpi_level\"");
    let text = without(&text, "[[feature]]\nname = \"gold_return\"", "[train]");
    let text = without(&text, "[train.walk_forward]", "[[train.grids");
    let rows = text.lines().find(|line| line.starts_with("rows")).unwrap();
    let text = text
        .replace(rows, r#"rows = { kind = "calendar_filled" }"#)
        .replace("name = \"small\"", "name = \"classic\"")
        .replace("percent_return", "level")
        .replace(
            "extrapolation = \"none\"",
            "extrapolation = \"ema_on_actual\"",
        )
        .replace("[train]", features);
    parse("classic", &text).unwrap()
}

/// Gold that follows silver, with a price that is revised in the night after every other day; a rate; a month's prices with a revision. Known by the
/// preset's own rules.
pub(super) fn world(preset: &Preset) -> World {
    let mut chance = ChaCha8Rng::seed_from_u64(5);
    let first = day("2023-01-02");
    let weekday = |day: &NaiveDate| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
    let days: Vec<NaiveDate> = first.iter_days().filter(weekday).take(DAYS).collect();
    let (mut gold, mut silver, mut rate) = (100.0_f64, 20.0_f64, 4.0);
    let mut made = Maker {
        preset,
        world: World::new(),
    };
    for (place, day) in days.iter().enumerate() {
        let shock: f64 = chance.random_range(-0.02..0.02);
        silver *= shock.exp();
        gold *= (0.6 * shock + chance.random_range(-0.004..0.004)).exp();
        rate += chance.random_range(-0.05..0.05);
        made.add("gold", *day, gold, 0);
        made.add("silver", *day, silver, 0);
        if place % 2 == 0 {
            made.add("gold", *day, gold * 1.001, 6);
        }
        if place % 17 != 3 {
            made.add("rate", *day, rate, 0);
        }
    }
    let mut prices = 300.0;
    let months = days.iter().filter(|day| day.day() <= 7);
    let mut starts: Vec<NaiveDate> = months.filter_map(|day| day.with_day(1)).collect();
    starts.dedup();
    starts.insert(0, day("2022-11-01"));
    for start in starts {
        prices += chance.random_range(0.0..1.0);
        made.add("cpi", start, prices, 0);
        made.add("cpi", start, prices + 0.3, 24 * 30);
    }
    made.world
}

struct Maker<'a> {
    preset: &'a Preset,
    world: World,
}

impl Maker<'_> {
    /// Adds a value that is known so many hours after the rule says.
    fn add(&mut self, series: &str, date: NaiveDate, value: f64, hours: i64) {
        let id: SeriesId = series.parse().unwrap();
        let rule = &self.preset.series(&id).unwrap().publication;
        let available_at = rule.available_at(date) + Duration::hours(hours);
        self.world.entry(id).or_default().push(Observation {
            date,
            value,
            available_at,
            vintage: available_at.date_naive(),
            source: "made up".into(),
        });
    }
}

/// What the pipeline trains on this world.
pub(super) fn train(preset: &Preset, world: &World) -> Trained {
    let of = |information| dataset_of(preset, world, as_of(), information).unwrap();
    let last = of(Information::Final);
    let provisional = preset
        .is_valued_twice()
        .then(|| of(Information::Provisional));
    let sets = Datasets {
        last: &last,
        provisional: provisional.as_ref(),
    };
    train_on(
        &sets,
        &preset.train,
        DEPLOYED,
        2,
        false,
        &Reporter::silent(),
    )
    .unwrap()
}
