//! Whether the intervals kept what they promise, year by year, and whether they are better than the customary ones.

use shared::card::ModelCard;
use shared::evaluation::{BandScore, IntervalScore, YearCoverage};

use super::columns::{Plain, columns};
use super::{SIGNIFICANT, fold, hint, tenths, text};
use crate::figures::{Block, Table};
use crate::format;

/// Trading days in a year, for the size of luck.
const YEAR: f64 = 250.0;

/// A chart a level, and the scores; nothing where none were scored.
pub(super) fn blocks(card: &ModelCard) -> Vec<Block> {
    let levels = card.walk.as_ref().map_or(&[][..], |walk| &walk.intervals);
    if levels.is_empty() {
        return measured_once(card);
    }
    let mut blocks: Vec<Block> = levels.iter().filter_map(by_year).flatten().collect();
    blocks.push(Block::Title("Next to the customary intervals".to_owned()));
    blocks.extend(levels.iter().map(|level| text(against_baseline(level))));
    blocks.push(Block::Table(winkler(levels)));
    blocks.push(hint(
        "Customary: the exponentially weighted deviation of the same errors, with the normal distribution. Winkler's score is \
         an interval's width plus a penalty where the price lay outside.",
    ));
    blocks
}

/// Of a model that was tested once only the share is known.
fn measured_once(card: &ModelCard) -> Vec<Block> {
    let sentence = crate::words::coverage(&card.coverage);
    sentence.map(text).into_iter().collect()
}

fn by_year(level: &IntervalScore) -> Option<[Block; 4]> {
    let years = &level.bands.years;
    let by_share = |a: &&YearCoverage, b: &&YearCoverage| a.measured.total_cmp(&b.measured);
    let (least, most) = (
        years.iter().min_by(by_share)?,
        years.iter().max_by(by_share)?,
    );
    let luck = 100.0 * (level.nominal * (1.0 - level.nominal) / YEAR).sqrt();
    let summary = format!(
        "It should hold the price on {} of days and held it on {}; by year from {} ({}) to {} ({}). In one year luck alone \
         moves that by about {} points. Columns: points above or below the promise.",
        format::share(level.nominal),
        tenths(level.bands.measured),
        tenths(least.measured),
        least.year,
        tenths(most.measured),
        most.year,
        format::grouped(luck, 1),
    );
    let heights = years.iter().map(|year| Plain {
        label: year.year.to_string(),
        number: tenths(year.measured),
        height: year.measured - level.nominal,
        is_proven: true,
    });
    Some([
        Block::Title(format!("{} interval", format::share(level.nominal))),
        text(summary),
        Block::Columns(columns(heights.collect())),
        fold("These numbers as a table", shares(level)),
    ])
}

fn shares(level: &IntervalScore) -> Table {
    let nominal = format::share(level.nominal);
    let caption = format!("Share of days that the {nominal} intervals held");
    let mut table = Table::new(caption, &["Year", "Days", "This model", "Customary"]);
    for year in &level.bands.years {
        let mut rivals = level.baseline.years.iter();
        let rival = rivals.find(|other| other.year == year.year);
        table.push([
            year.year.to_string(),
            year.rows.to_string(),
            tenths(year.measured),
            rival.map_or(format::NONE.to_owned(), |rival| tenths(rival.measured)),
        ]);
    }
    table
}

fn winkler(levels: &[IntervalScore]) -> Table {
    let head = ["Interval", "Held", "Mean width", "Winkler score"];
    let caption = "Coverage, width and score; a smaller score is better";
    let mut table = Table::new(caption, &head);
    let mut push = |level: &IntervalScore, whose: &str, band: &BandScore| {
        table.push([
            format!("{}, {whose}", format::share(level.nominal)),
            tenths(band.measured),
            format::percent(band.mean_width_pct),
            format!("{}%", format::grouped(band.winkler_pct, 3)),
        ]);
    };
    for level in levels {
        push(level, "this model", &level.bands);
        push(level, "customary", &level.baseline);
    }
    table
}

fn against_baseline(level: &IntervalScore) -> String {
    let gain = 1.0 - level.bands.winkler_pct / level.baseline.winkler_pct;
    let (mark, how) = match level.dm_p < SIGNIFICANT {
        true if gain > 0.0 => ("✓", format!("{} better than", tenths(gain))),
        true => ("✕", format!("{} worse than", tenths(-gain))),
        false => ("○", "no better than".to_owned()),
    };
    let (nominal, p) = (format::share(level.nominal), format::p_value(level.dm_p));
    format!("{mark} {nominal} intervals: their score is {how} that of the customary ones ({p}).")
}
