//! What the generated market must be like, whatever the seed.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::archive::Published;
use super::bars::Bar;
use super::instruments::{ETFS, Instrument, PAIRS};
use super::series::{SERIES, Series};
use super::world::World;
use crate::calendar::{Calendar, date, is_weekday};

fn today() -> NaiveDate {
    date(2026, 9, 30)
}

fn bars(world: &mut World, symbol: &str) -> Vec<Bar> {
    let instrument = World::etf(symbol).or_else(|| World::pair(symbol));
    world.bars(instrument.unwrap()).to_vec()
}

fn published(world: &mut World, id: &str) -> Vec<Published> {
    world.archive(World::series(id).unwrap()).rows.clone()
}

/// All bars, all publications, and gold's price.
type Everything = (Vec<Vec<Bar>>, Vec<Vec<Published>>, Vec<(NaiveDate, f64)>);

/// Everything that a world through some day holds.
fn everything(last: NaiveDate) -> Everything {
    let mut world = World::new(7, last);
    let instruments = ETFS.iter().chain(&PAIRS);
    let bars = instruments.map(|i: &'static Instrument| world.bars(i).to_vec());
    let bars = bars.collect();
    let series = SERIES.iter();
    let archives = series.map(|s: &'static Series| world.archive(s).rows.clone());
    (bars, archives.collect(), world.metal("XAU").unwrap())
}

#[test]
fn a_later_day_only_appends() {
    let (bars, archives, gold) = everything(today());
    // A Friday before a weekend, a Sunday, the end of a quarter, and a day before any ETF but four exists.
    for last in [
        date(2024, 11, 29),
        date(2021, 2, 28),
        date(2020, 6, 30),
        date(2004, 5, 3),
    ] {
        let (bars_then, archives_then, gold_then) = everything(last);
        for (then, now) in bars_then.iter().zip(&bars) {
            let visible = now.partition_point(|bar| bar.date <= last);
            assert_eq!(then[..], now[..visible], "bars through {last}");
        }
        for ((then, now), series) in archives_then.iter().zip(&archives).zip(&SERIES) {
            assert_eq!(then[..], now[..then.len()], "{} through {last}", series.id);
            let missing = now[then.len()..].iter();
            let mut starts = missing.filter_map(|row| row.versions.first());
            assert!(starts.all(|version| version.start > last), "{}", series.id);
        }
        assert_eq!(gold_then[..], gold[..gold_then.len()]);
    }
}

#[test]
fn a_seed_is_one_market_and_another_seed_another() {
    let close = |seed| {
        let mut world = World::new(seed, date(2005, 12, 30));
        bars(&mut world, "GLD").last().unwrap().prices[3]
    };
    assert_eq!(close(1).to_bits(), close(1).to_bits());
    assert_ne!(close(1).to_bits(), close(2).to_bits());
}

#[test]
fn bars_are_consistent_and_lie_on_trading_days() {
    let mut world = World::new(1, today());
    for etf in &ETFS {
        let bars = world.bars(etf);
        assert_eq!(bars[0].date, etf.first_day());
        assert!(bars.windows(2).all(|pair| pair[0].date < pair[1].date));
        for bar in bars {
            let [open, high, low, close] = bar.prices;
            assert!(Calendar::Stocks.is_open(bar.date), "{bar:?}");
            assert!(low > 0.0 && low <= open.min(close), "{bar:?}");
            assert!(high >= open.max(close), "{bar:?}");
            assert_eq!(bar.volume > 0.0, etf.volume > 0.0, "{bar:?}");
        }
    }
    let year_2024 = bars(&mut world, "SPY")
        .iter()
        .filter(|bar| bar.date >= date(2024, 1, 1) && bar.date < date(2025, 1, 1))
        .count();
    assert_eq!(year_2024, 252);
}

#[test]
fn levels_stay_plausible_for_any_seed() {
    let ranges = [
        ("GLD", 30.0, 600.0),
        ("SPY", 60.0, 2500.0),
        ("SIVR", 2.0, 90.0),
        ("TLT", 50.0, 180.0),
        ("EURUSD", 0.75, 1.9),
        ("USDJPY", 75.0, 180.0),
    ];
    for seed in 0..8 {
        let mut world = World::new(seed, today());
        let first = bars(&mut world, "GLD")[0].prices[3];
        assert!((32.0..56.0).contains(&first), "seed {seed}: GLD {first}");
        for (symbol, low, high) in ranges {
            let bars = bars(&mut world, symbol);
            let mut closes = bars.iter().map(|bar| bar.prices[3]);
            let outside = closes.find(|close| !(low..high).contains(close));
            assert_eq!(outside, None, "seed {seed}: {symbol}");
        }
        for (id, low, high) in [
            ("VIXCLS", 4.0, 130.0),
            ("DGS10", 0.0, 9.0),
            ("UNRATE", 2.0, 12.0),
        ] {
            let rows = published(&mut world, id);
            let values = rows
                .iter()
                .filter_map(|row| row.versions[0].value.parse().ok());
            let outside = values
                .clone()
                .find(|value: &f64| !(low..high).contains(value));
            assert_eq!(outside, None, "seed {seed}: {id}");
            assert!(values.count() > 200, "{id}");
        }
    }
}

#[test]
fn oil_s_fund_has_one_reverse_split_and_nothing_else_jumps() {
    let mut world = World::new(3, today());
    for etf in &ETFS {
        let bars = world.bars(etf);
        let jumps: Vec<NaiveDate> = bars
            .windows(2)
            .filter(|pair| {
                let ratio = pair[1].prices[0] / pair[0].prices[3];
                !(1.0 / 1.8..1.8).contains(&ratio)
            })
            .map(|pair| pair[1].date)
            .collect();
        let expected = if etf.symbol == "USO" {
            vec![date(2020, 4, 29)]
        } else {
            Vec::new()
        };
        assert_eq!(jumps, expected, "{}", etf.symbol);
    }
    let uso = bars(&mut world, "USO");
    let after = uso.partition_point(|bar| bar.date < date(2020, 4, 29));
    let ratio = uso[after].prices[3] / uso[after - 1].prices[3];
    assert!((6.5..9.5).contains(&ratio), "{ratio}");
}

#[test]
fn holidays_are_dots_and_the_month_of_the_closure_was_never_published() {
    let mut world = World::new(1, today());
    let value = |rows: &[Published], day| {
        let row = rows.iter().find(|row| row.date == day).unwrap();
        row.versions[0].value.clone()
    };
    let yields = published(&mut world, "DGS10");
    assert!(yields.iter().all(|row| is_weekday(row.date)));
    assert_eq!(value(&yields, date(2024, 10, 14)), ".");
    assert_eq!(value(&yields, date(2024, 3, 29)), ".");
    assert_ne!(value(&yields, date(2024, 10, 15)), ".");
    let vix = published(&mut world, "VIXCLS");
    assert_ne!(value(&vix, date(2024, 10, 14)), ".");
    let prices = published(&mut world, "CPIAUCSL");
    assert_eq!(value(&prices, date(2025, 10, 1)), ".");
    assert_ne!(value(&prices, date(2025, 11, 1)), ".");
}

#[test]
fn output_is_estimated_three_times_and_revised_three_septembers() {
    let mut world = World::new(1, today());
    for id in ["GDP", "GDPC1"] {
        let rows = published(&mut world, id);
        assert_eq!(rows[0].date, date(2004, 1, 1));
        assert_eq!(rows.last().unwrap().date, date(2026, 4, 1));
        let row = rows.iter().find(|row| row.date == date(2019, 1, 1));
        let starts: Vec<String> = row
            .unwrap()
            .versions
            .iter()
            .map(|version| version.start.to_string())
            .collect();
        assert_eq!(
            starts,
            [
                "2019-04-30",
                "2019-05-29",
                "2019-06-27",
                "2019-09-26",
                "2020-09-24",
                "2021-09-30"
            ]
        );
    }
}

#[test]
fn prices_are_revised_each_february_and_rates_never() {
    let mut world = World::new(1, today());
    let prices = published(&mut world, "CPIAUCSL");
    let row = prices.iter().find(|row| row.date == date(2019, 5, 1));
    let starts: Vec<String> = row
        .unwrap()
        .versions
        .iter()
        .map(|version| version.start.to_string())
        .collect();
    let expected = [
        "2019-06-12",
        "2020-02-12",
        "2021-02-12",
        "2022-02-14",
        "2023-02-13",
        "2024-02-12",
    ];
    assert_eq!(starts, expected);
    let size = |row: &Published| {
        let number = |version: usize| row.versions[version].value.parse::<f64>().unwrap();
        (number(0) / number(row.versions.len() - 1) - 1.0).abs()
    };
    assert!(size(row.unwrap()) < 0.002);
    let rates = published(&mut world, "FEDFUNDS");
    assert!(rates.iter().all(|row| row.versions.len() == 1));
    assert_eq!(rates[0].versions[0].start, date(2004, 2, 2));
}

#[test]
fn the_monthly_funds_rate_is_the_mean_of_its_days() {
    let mut world = World::new(1, today());
    let days = published(&mut world, "DFF");
    let month = days
        .iter()
        .filter(|row| row.date >= date(2024, 9, 1) && row.date < date(2024, 10, 1));
    let rates: Vec<f64> = month
        .map(|row| row.versions[0].value.parse().unwrap())
        .collect();
    assert_eq!(rates.len(), 30);
    let mean = rates.iter().sum::<f64>() / 30.0;
    let months = published(&mut world, "FEDFUNDS");
    let month = months.iter().find(|row| row.date == date(2024, 9, 1));
    let given: f64 = month.unwrap().versions[0].value.parse().unwrap();
    assert!((given - mean).abs() < 0.01, "{given} {mean}");
}

/// Log returns by day.
fn returns(prices: impl IntoIterator<Item = (NaiveDate, f64)>) -> BTreeMap<NaiveDate, f64> {
    let prices: Vec<(NaiveDate, f64)> = prices.into_iter().collect();
    prices
        .windows(2)
        .map(|pair| (pair[1].0, (pair[1].1 / pair[0].1).ln()))
        .collect()
}

/// Skill, 1 - MSE / MSE of no change, of a least squares fit on all but the newest 1,000 days, scored on these.
fn skill(target: &BTreeMap<NaiveDate, f64>, drivers: &[BTreeMap<NaiveDate, f64>]) -> f64 {
    let rows: Vec<(Vec<f64>, f64)> = target
        .iter()
        .filter_map(|(day, y)| {
            let mut row = vec![1.0];
            for driver in drivers {
                row.push(*driver.get(day)?);
            }
            Some((row, *y))
        })
        .collect();
    let (train, test) = rows.split_at(rows.len() - 1000);
    let weights = least_squares(train);
    let error = |(row, y): &(Vec<f64>, f64)| {
        let fitted: f64 = row.iter().zip(&weights).map(|(x, w)| x * w).sum();
        (y - fitted).powi(2)
    };
    let mse: f64 = test.iter().map(error).sum();
    let no_change: f64 = test.iter().map(|(_, y)| y * y).sum();
    1.0 - mse / no_change
}

/// Weights of least squares by Gauss-Jordan elimination of the normal equations.
fn least_squares(rows: &[(Vec<f64>, f64)]) -> Vec<f64> {
    let size = rows[0].0.len();
    let mut system = vec![vec![0.0; size + 1]; size];
    for (row, y) in rows {
        for (line, x) in system.iter_mut().zip(row) {
            for (cell, other) in line.iter_mut().zip(row.iter().chain([y])) {
                *cell += x * other;
            }
        }
    }
    for pivot in 0..size {
        let lead = system[pivot].clone();
        for (index, line) in system.iter_mut().enumerate() {
            let share = if index == pivot {
                1.0 - 1.0 / lead[pivot]
            } else {
                line[pivot] / lead[pivot]
            };
            for (cell, value) in line.iter_mut().zip(&lead) {
                *cell -= share * value;
            }
        }
    }
    system.iter().map(|line| line[size]).collect()
}

#[test]
fn the_other_markets_explain_about_half_of_gold_s_day() {
    for seed in [1, 2, 3, 42] {
        let mut world = World::new(seed, today());
        let mut closes = |symbol: &str| {
            let bars = bars(&mut world, symbol);
            returns(bars.into_iter().map(|bar| (bar.date, bar.prices[3])))
        };
        let gold = closes("GLD");
        let symbols = ["SIVR", "PPLT", "PALL", "SPY", "QQQ", "TLT", "TIP", "UUP"];
        let drivers: Vec<_> = symbols.iter().map(|symbol| closes(symbol)).collect();
        let found = skill(&gold, &drivers);
        assert!((0.45..0.62).contains(&found), "seed {seed}: {found}");

        let yesterday = |series: &BTreeMap<NaiveDate, f64>| {
            let values = series.values().copied();
            series.keys().copied().skip(1).zip(values).collect()
        };
        let lagged: Vec<_> = drivers.iter().chain([&gold]).map(yesterday).collect();
        let found = skill(&gold, &lagged);
        assert!(found < 0.02, "seed {seed}: a forecast of {found}");

        let (euro, yen) = (closes("EURUSD"), closes("USDJPY"));
        let spot = returns(world.metal("XAU").unwrap());
        let silver = returns(world.metal("XAG").unwrap());
        let found = skill(&spot, &[silver, euro, yen]);
        assert!((0.45..0.62).contains(&found), "seed {seed}: spot {found}");
    }
}
