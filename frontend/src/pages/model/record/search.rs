//! What was searched, what was found, and whether it replaced what is deployed.

use shared::card::{Candidate, Choice, ModelCard, Output, Search};

use super::{fold, text};
use crate::figures::{Block, Cell, Table};
use crate::format;

/// Candidates that are listed.
const LISTED: usize = 10;

/// The choice in words, each search as a heat map, the folds and the parameters.
pub(super) fn blocks(card: &ModelCard) -> Vec<Block> {
    let mut blocks = vec![text(choice(card))];
    for (index, search) in card.searches.iter().enumerate() {
        if search.candidates > 1 {
            let (stage, number) = (index + 1, format::grouped(search.candidates as f64, 0));
            blocks.push(Block::Title(format!(
                "Stage {stage}: {number} combinations"
            )));
            blocks.extend(heat(card, search).map(Block::Table));
            blocks.push(fold(
                "The best of them as a table",
                best(card, search, stage),
            ));
        }
    }
    blocks.push(Block::Table(folds(card)));
    blocks.push(fold("The parameters in use", parameters(card)));
    blocks
}

/// Whether the search's winner is used, and why.
fn choice(card: &ModelCard) -> String {
    let searched: usize = card.searches.iter().map(|search| search.candidates).sum();
    if searched <= card.searches.len() {
        return format!(
            "Nothing was searched: the grid `{}` holds one set of parameters.",
            card.grid
        );
    }
    let found = format!(
        "{} were tried in {}.",
        format::count(searched, "combination"),
        format::count(card.searches.len(), "stage")
    );
    let Some(choice) = card.walk.as_ref().and_then(|walk| walk.choice) else {
        return format!("{found} The best of them is used.");
    };
    format!("{found} {}", why(card, choice))
}

fn why(card: &ModelCard, choice: Choice) -> String {
    let (gain, error) = (rmse(card, choice.gain), rmse(card, choice.standard_error));
    if choice.adopted {
        format!(
            "The best of them replaced the default: it lowers the validation error by {gain}, more than one standard error \
             ({error})."
        )
    } else if choice.gain > 0.0 {
        format!(
            "The default stays: the best of them lowers the validation error by {gain} only, within one standard error ({error})."
        )
    } else {
        "The default stays: none of them has a lower validation error.".to_owned()
    }
}

/// An error in the unit of the model's output.
fn rmse(card: &ModelCard, value: f64) -> String {
    match card.output {
        Output::PercentReturn => format!("{}%", format::grouped(value, 4)),
        Output::Level => format::money(value, &card.unit),
    }
}

/// The errors of the parameters in use, fold by fold.
fn folds(card: &ModelCard) -> Table {
    let head = [
        "Fold",
        "Days trained on",
        "Days validated on",
        "Error in training",
        "Error in validation",
    ];
    let caption = "Root mean square error of the parameters in use, fold by fold";
    let mut table = Table::new(caption, &head);
    table.wide = vec![1, 2];
    for (index, fold) in card.folds.iter().enumerate() {
        table.push([
            (index + 1).to_string(),
            format::grouped(fold.train_rows as f64, 0),
            format::grouped(fold.validation_rows as f64, 0),
            rmse(card, fold.train_rmse),
            rmse(card, fold.validation_rmse),
        ]);
    }
    table
}

fn parameters(card: &ModelCard) -> Table {
    let caption = "The trees' parameters, by XGBoost's names";
    let mut table = Table::new(caption, &["Parameter", "Value"]);
    for (name, value) in &card.parameters {
        table.push([name.clone(), value.to_string()]);
    }
    table
}

/// A search's best candidates by the axes that it moved along.
fn best(card: &ModelCard, search: &Search, stage: usize) -> Table {
    let axes: Vec<&str> = moved(search).map(|(name, _)| name.as_str()).collect();
    let mut table = Table::new(
        format!("The best candidates of stage {stage}"),
        &["Rank", "Mean error"],
    );
    table
        .head
        .extend(axes.iter().map(|name| (*name).to_owned()));
    for (index, candidate) in search.best.iter().take(LISTED).enumerate() {
        let mean = candidate.mean_rmse;
        let mean = mean.map_or("given up early".to_owned(), |mean| rmse(card, mean));
        let values = axes.iter().map(|name| {
            let value = candidate.parameters.get(*name);
            value.map_or(format::NONE.to_owned(), f64::to_string)
        });
        table.push([(index + 1).to_string(), mean].into_iter().chain(values));
    }
    table
}

/// The axes with a choice.
fn moved(search: &Search) -> impl Iterator<Item = (&String, &Vec<f64>)> {
    search.axes.iter().filter(|(_, values)| values.len() > 1)
}

/// The lowest error for each pair of values of the two longest axes; `None` where fewer than two have a choice.
fn heat(card: &ModelCard, search: &Search) -> Option<Table> {
    let mut axes: Vec<(&String, &Vec<f64>)> = moved(search).collect();
    // A stable sort: axes of one length stay in the order of their names.
    axes.sort_by_key(|(_, values)| std::cmp::Reverse(values.len()));
    let [(down, rows), (across, columns), ..] = axes.as_slice() else {
        return None;
    };
    let lowest = |row: f64, column: f64| {
        let means = search
            .best
            .iter()
            .filter(|candidate| has(candidate, down, row) && has(candidate, across, column));
        means
            .filter_map(|candidate| candidate.mean_rmse)
            .min_by(f64::total_cmp)
    };
    let grid: Vec<Vec<Option<f64>>> = rows
        .iter()
        .map(|row| columns.iter().map(|column| lowest(*row, *column)).collect())
        .collect();
    let known = || grid.iter().flatten().flatten();
    let lowest = known().copied().min_by(f64::total_cmp)?;
    let highest = known().copied().max_by(f64::total_cmp)?;
    let cell = |mean: &Option<f64>| match mean {
        Some(mean) => Cell {
            text: format!(
                "{}{}",
                if *mean <= lowest { "★ " } else { "" },
                rmse(card, *mean)
            ),
            heat: Some((highest - mean) / (highest - lowest).max(f64::EPSILON)),
        },
        None => Cell {
            text: format::NONE.to_owned(),
            heat: None,
        },
    };
    let caption = format!(
        "Lowest mean validation error for each {down} (rows) and {across} (columns); ★ the lowest of all, {} given up early",
        format::NONE
    );
    let mut table = Table::new(caption, &[down]);
    table.head.extend(columns.iter().map(f64::to_string));
    for (row, means) in rows.iter().zip(&grid) {
        let head = Cell {
            text: row.to_string(),
            heat: None,
        };
        let cells = std::iter::once(head).chain(means.iter().map(cell));
        table.rows.push(cells.collect());
    }
    Some(table)
}

fn has(candidate: &Candidate, axis: &str, value: f64) -> bool {
    let own = candidate.parameters.get(axis);
    own.is_some_and(|own| own.total_cmp(&value).is_eq())
}
