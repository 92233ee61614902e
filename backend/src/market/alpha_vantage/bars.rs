//! Daily bars of ETFs and currency pairs, and splits.

use std::fmt::Write;

use super::super::asked::Asked;
use super::super::generator::instruments::Instrument;
use super::super::generator::world::World;
use super::super::messages;
use super::super::reply::Reply;
use super::super::rows::{Row, Rows};
use super::{choice, json_only};

/// Rows of `outputsize=compact`.
const COMPACT: usize = 100;

/// `TIME_SERIES_DAILY`: raw bars of an ETF. On the free plan only the newest hundred.
pub(super) fn stock(asked: &Asked, world: &mut World) -> Result<Reply, Reply> {
    json_only(asked)?;
    let function = asked.request.function();
    let size = choice(asked, "outputsize", Some("compact"), &["compact", "full"])?;
    let symbol = asked.request.symbol();
    let etf = World::etf(&symbol).ok_or_else(|| Reply::invalid(&function))?;
    if size == "full" && asked.free_plan {
        let text = messages::premium_full(&function);
        return Err(Reply::refusal("Information", &text, "premium:full"));
    }
    let rows = rows(asked, world, etf, size, 4);
    let newest = newest(&rows);
    let meta = [
        (
            "1. Information",
            "Daily Prices (open, high, low, close) and Volumes",
        ),
        ("2. Symbol", symbol.as_str()),
        ("3. Last Refreshed", newest.as_str()),
        ("4. Output Size", size_name(size)),
        ("5. Time Zone", "US/Eastern"),
    ];
    Ok(Reply::alpha_vantage(body(
        &meta,
        "Time Series (Daily)",
        &rows,
    )))
}

/// `FX_DAILY`: bars of a currency pair, whole history on every plan.
pub(super) fn exchange_rate(asked: &Asked, world: &mut World) -> Result<Reply, Reply> {
    json_only(asked)?;
    let size = choice(asked, "outputsize", Some("compact"), &["compact", "full"])?;
    let currency = |name| {
        asked
            .request
            .get(name)
            .unwrap_or_default()
            .to_ascii_uppercase()
    };
    let (from, to) = (currency("from_symbol"), currency("to_symbol"));
    let pair = World::pair(&format!("{from}{to}"))
        .filter(|_| from.len() == 3)
        .ok_or_else(|| Reply::invalid("FX_DAILY"))?;
    let rows = rows(asked, world, pair, size, usize::from(pair.decimals));
    let refreshed = match newest(&rows) {
        empty if empty.is_empty() => empty,
        day => format!("{day} 21:55:00"),
    };
    let meta = [
        (
            "1. Information",
            "Forex Daily Prices (open, high, low, close)",
        ),
        ("2. From Symbol", from.as_str()),
        ("3. To Symbol", to.as_str()),
        ("4. Output Size", size_name(size)),
        ("5. Last Refreshed", refreshed.as_str()),
        ("6. Time Zone", "UTC"),
    ];
    Ok(Reply::alpha_vantage(body(
        &meta,
        "Time Series FX (Daily)",
        &rows,
    )))
}

/// `SPLITS`: the splits of an ETF that have happened, newest first.
pub(super) fn splits(asked: &Asked) -> Result<Reply, Reply> {
    json_only(asked)?;
    let etf = World::etf(&asked.request.symbol()).ok_or_else(|| Reply::invalid("SPLITS"))?;
    let past = etf.splits.iter().filter(|split| split.day() <= asked.today);
    let rows: Vec<String> = past
        .rev()
        .map(|split| {
            format!(
                "        {{\n            \"effective_date\": \"{}\",\n            \"split_factor\": \"{:.4}\"\n        }}",
                split.day(),
                split.factor
            )
        })
        .collect();
    let list = if rows.is_empty() {
        "[]".to_owned()
    } else {
        format!("[\n{}\n    ]", rows.join(",\n"))
    };
    Ok(Reply::alpha_vantage(format!(
        "{{\n    \"symbol\": \"{}\",\n    \"data\": {list}\n}}",
        etf.symbol
    )))
}

fn rows(
    asked: &Asked,
    world: &mut World,
    instrument: &'static Instrument,
    size: &str,
    decimals: usize,
) -> Rows {
    let bars = world.bars(instrument);
    let visible = bars.partition_point(|bar| bar.date <= asked.today);
    let first = if size == "compact" {
        visible.saturating_sub(COMPACT)
    } else {
        0
    };
    let rows = bars.get(first..visible).unwrap_or_default().iter();
    let rows = rows.map(|bar| {
        let prices = bar.prices.iter().map(|price| format!("{price:.decimals$}"));
        let volume = (instrument.volume > 0.0).then(|| format!("{:.0}", bar.volume));
        Row::new(bar.date, prices.chain(volume).collect())
    });
    asked.alter(Rows::newest_first(rows))
}

fn newest(rows: &Rows) -> String {
    let first = rows.list.first();
    first.map_or_else(String::new, |row| row.date.to_string())
}

fn size_name(size: &str) -> &'static str {
    if size == "compact" {
        "Compact"
    } else {
        "Full size"
    }
}

const NAMES: [&str; 5] = ["1. open", "2. high", "3. low", "4. close", "5. volume"];

/// Writes the body by hand: a fault may give one date twice, which no map can hold.
fn body(meta: &[(&str, &str)], name: &str, rows: &Rows) -> String {
    let mut text = String::with_capacity(400 + rows.list.len() * 200);
    text.push_str("{\n    \"Meta Data\": {\n");
    let meta = meta
        .iter()
        .map(|(key, value)| format!("        \"{key}\": \"{value}\""));
    text.push_str(&meta.collect::<Vec<_>>().join(",\n"));
    let _ = write!(text, "\n    }},\n    \"{name}\": {{\n");
    for (index, row) in rows.list.iter().enumerate() {
        text.push_str(if index > 0 { ",\n" } else { "" });
        let _ = writeln!(text, "        \"{}\": {{", row.date);
        for (place, (name, value)) in NAMES.iter().zip(&row.values).enumerate() {
            text.push_str(if place > 0 { ",\n" } else { "" });
            let _ = write!(text, "            \"{name}\": \"{value}\"");
        }
        text.push_str("\n        }");
    }
    text.push_str("\n    }\n}");
    text
}
