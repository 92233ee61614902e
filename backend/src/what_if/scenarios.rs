//! A preset's scenarios as changes of the newest day's inputs.

use chrono::{Datelike, NaiveDate};
use shared::what_if::{Input, Origin, Scenario};

use super::inputs::changes;
use crate::assemble::Newest;
use crate::preset::{How, Preset, ScenarioDef};

/// Those that move something. A month that the run's history does not have gives none.
pub(super) fn scenarios(preset: &Preset, newest: &Newest, inputs: &[Input]) -> Vec<Scenario> {
    let made = preset.scenarios.iter();
    made.filter_map(|def| scenario(def, newest, inputs))
        .collect()
}

fn scenario(def: &ScenarioDef, newest: &Newest, inputs: &[Input]) -> Option<Scenario> {
    let (origin, changes) = match &def.how {
        How::Moves(moves) => {
            let of = |input: &Input| moves.get(&input.series).copied();
            (Origin::MadeUp, inputs.iter().map(of).collect())
        }
        How::Month(month) => of_month(*month, newest, inputs)?,
    };
    let moves_something = changes.iter().any(Option::is_some);
    moves_something.then(|| Scenario {
        name: def.name.clone(),
        label: def.label.clone(),
        origin,
        changes,
    })
}

/// The day of a month on which the price moved most, and how far each input moved on it.
fn of_month(
    month: NaiveDate,
    newest: &Newest,
    inputs: &[Input],
) -> Option<(Origin, Vec<Option<f64>>)> {
    let price_changes = newest.prices.windows(2).map(|pair| pair[1] / pair[0] - 1.0);
    let days = newest.dates.iter().enumerate().skip(1);
    let of_month = days.zip(price_changes).filter(|((_, day), change)| {
        (day.year(), day.month()) == (month.year(), month.month()) && change.is_finite()
    });
    let largest = of_month.max_by(|(_, a), (_, b)| a.abs().total_cmp(&b.abs()));
    let ((row, date), change) = largest?;
    let origin = Origin::Past {
        date: *date,
        price_change_pct: 100.0 * change,
    };
    let of_day = |(input, history): (&Input, &Vec<f64>)| {
        let change = changes(input.measure, &history[..=row]).last();
        change.filter(|change| change.is_finite())
    };
    Some((
        origin,
        inputs.iter().zip(&newest.history).map(of_day).collect(),
    ))
}
