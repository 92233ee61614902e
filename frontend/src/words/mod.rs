//! What the numbers mean, in sentences: pure, so that each claim on the page is tested on the host.

mod compare;
mod today;

use shared::card::{Coverage, Skill, Verdict};
use shared::valuation::{Information, Interval, Method, Valuation};

pub(crate) use compare::beside;
pub(crate) use shared::format::contribution;
pub(crate) use shared::headline::{Standing, is_held_back};
pub(crate) use today::{
    BANDS, NO_FORECAST, band, drivers, gap, information, information_in_full, value_label,
};

use crate::format;

/// Where the price lies by the intervals, and what that says about the gap.
pub(crate) fn sureness(valuation: &Valuation) -> String {
    let (Some(likely), Some(nearly_sure)) = (valuation.interval_80, valuation.interval_95) else {
        return "This preset gives no interval: how sure the model is, it does not say.".to_owned();
    };
    let price = valuation.price;
    let side = if price > valuation.valuation {
        "above"
    } else {
        "below"
    };
    if holds(likely, price) {
        "The price lies inside the 80% interval: this gap is within the model's usual error."
            .to_owned()
    } else if holds(nearly_sure, price) {
        format!(
            "The price lies {side} the 80% interval but inside the 95% one: unusual, not extreme."
        )
    } else {
        format!("The price lies {side} even the 95% interval: the model rarely errs by so much.")
    }
}

/// `$236.10 to $243.40`.
pub(crate) fn interval(range: Interval, unit: &str) -> String {
    let [lower, upper] = [range.lower, range.upper].map(|end| format::money(end, unit));
    format!("{lower} to {upper}")
}

/// How often the intervals kept their promise; nothing where there are none.
pub(crate) fn coverage(measured: &[Coverage]) -> Option<String> {
    let rows = measured.first()?.rows;
    let kept: Vec<String> = measured
        .iter()
        .map(|one| {
            let (nominal, share) = (format::share(one.nominal), format::share(one.measured));
            format!("the {nominal} interval held the price on {share} of them")
        })
        .collect();
    let days = format::count(rows, "test day");
    Some(format!("Of {days}, {}.", format::list(&kept)))
}

/// The verdict on skill in a few words.
pub(crate) fn verdict(skill: &Skill) -> &'static str {
    match skill.verdict {
        Verdict::Skill => "Better than yesterday's price",
        Verdict::NoSkill => "No better than yesterday's price",
        Verdict::Worse => "Worse than yesterday's price",
    }
}

/// The verdict in full, with its numbers. `rows` are the test days.
pub(crate) fn skill(skill: &Skill, rows: usize) -> String {
    let days = format::count(rows, "test day");
    let size = format::share(skill.skill.abs());
    let than = if skill.skill < 0.0 {
        "larger"
    } else {
        "smaller"
    };
    let test = format!(
        "{}, Diebold–Mariano t\u{a0}=\u{a0}{}",
        format::p_value(skill.dm_p),
        format::grouped(skill.dm_t, 2)
    );
    let follows = match skill.verdict {
        Verdict::Skill => format!("Luck alone rarely does that ({test})."),
        Verdict::NoSkill => format!("Luck alone explains that ({test}). Read the gap as noise."),
        Verdict::Worse => format!("That is no accident ({test}). Do not act on the gap."),
    };
    format!(
        "The rule to beat says that gold costs what it cost the day before. Over {days} the model's \
         squared error was {size} {than}. {follows}"
    )
}

/// The chart in one paragraph, for those who cannot see it. `rows` are those in view, oldest first.
pub(crate) fn chart_summary(rows: &[Valuation], unit: &str) -> String {
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
        return "There are no days to show.".to_owned();
    };
    let above = rows.iter().filter(|row| row.gap() > 0.0).count();
    let widest = rows
        .iter()
        .max_by(|a, b| a.gap_pct().abs().total_cmp(&b.gap_pct().abs()))
        .unwrap_or(last);
    format!(
        "From {} to {} the price went from {} to {} ({}). It stood above the model's value on {} of {}. \
         The widest gap was {} on {}; the newest is {}.",
        format::date(first.date),
        format::date(last.date),
        format::money(first.price, unit),
        format::money(last.price, unit),
        format::signed_percent(100.0 * (last.price / first.price - 1.0)),
        format::grouped(above as f64, 0),
        format::count(rows.len(), "day"),
        format::signed_percent(widest.gap_pct()),
        format::date(widest.date),
        format::signed_percent(last.gap_pct()),
    )
}

/// One day of the chart, as it is read aloud.
pub(crate) fn day(row: &Valuation, unit: &str) -> String {
    let special = remark(row).map_or(String::new(), |remark| format!(", {remark}"));
    format!(
        "{}: price {}, model's value {}, gap {}{special}",
        format::weekday_and_date(row.date),
        format::money(row.price, unit),
        format::money(row.valuation, unit),
        format::signed_percent(row.gap_pct()),
    )
}

/// What is special about a day's value: that it is not the model's own, or not final.
pub(crate) fn remark(row: &Valuation) -> Option<&'static str> {
    match (row.method, row.information) {
        (Method::NoChange, _) => Some("gate closed"),
        (Method::Linear, _) => Some("linear part alone"),
        (Method::Ema, _) => Some("exponential mean"),
        (Method::Model, Information::Provisional) => Some("provisional"),
        (Method::Model, Information::Final) => None,
    }
}

fn holds(range: Interval, price: f64) -> bool {
    (range.lower..=range.upper).contains(&price)
}

#[cfg(test)]
mod tests;
