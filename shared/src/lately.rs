//! What a reader asks after the answer: since when, and what moved it.

use crate::format;
use crate::headline::Standing;
use crate::snapshot::Snapshot;
use crate::valuation::{Method, Valuation};
use crate::waterfall::{Group, Waterfall};

/// Since when the price has been on this side of the model's value, and the groups of drivers that moved the value most. Nothing
/// where the value is not the model's.
pub fn lately(snapshot: &Snapshot) -> Option<String> {
    let latest = &snapshot.latest;
    if !is_of_model(latest.method) {
        return None;
    }
    let parts = [since(latest, &snapshot.history), moved_most(snapshot)];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// Since when the model has said the same of the price, day after day. Nothing where it says that the price is fair.
fn since(latest: &Valuation, history: &[Valuation]) -> Option<String> {
    let standing = Standing::of(latest.gap_pct());
    let side = match standing {
        Standing::Over => "Above",
        Standing::Under => "Below",
        Standing::Fair => return None,
    };
    let alike = history
        .iter()
        .rev()
        .take_while(|day| is_of_model(day.method) && Standing::of(day.gap_pct()) == standing);
    let dates: Vec<_> = alike.map(|day| day.date).collect();
    let first = dates.last().copied().unwrap_or(latest.date);
    let run = match dates.len() {
        0 | 1 => "for the first day".to_owned(),
        days => format!("for {} in a row", format::count(days, "day")),
    };
    Some(format!(
        "{side} the model's value since {}, {run}.",
        format::date(first)
    ))
}

fn is_of_model(method: Method) -> bool {
    matches!(method, Method::Model | Method::Linear)
}

/// The groups of drivers that moved the newest value most.
fn moved_most(snapshot: &Snapshot) -> Option<String> {
    let mut groups = Waterfall::of(snapshot).groups;
    groups.retain(|group| !group.drivers.is_empty() && group.step.size() != 0.0);
    // To sort them all would be a kilobyte of the page's program.
    let size = |group: &&Group| group.step.size().abs();
    let largest = |others: &[Group], but: Option<&str>| {
        let others = others.iter().filter(|group| but != Some(group.title));
        others.max_by(|a, b| size(a).total_cmp(&size(b))).cloned()
    };
    let first = largest(&groups, None);
    let second = largest(&groups, first.as_ref().map(|group| group.title));
    let most = first.iter().chain(&second).map(|group| {
        let size = format::contribution(group.step.size(), &snapshot.contribution_unit);
        format!("{} ({size})", group.title)
    });
    let most: Vec<String> = most.collect();
    (!most.is_empty()).then(|| format!("Moved most by: {}.", format::list(&most)))
}
