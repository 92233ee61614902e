//! Drivers summed by the groups that gold people use, as steps from where the model starts to what it says. Pure.

use crate::card::FeatureCard;
use crate::snapshot::Snapshot;
use crate::valuation::{BASE, Contribution};

/// Groups as presets name them, with their titles, in the order in which they are shown.
const GROUPS: [(&str, &str); 6] = [
    ("rates", "Opportunity cost: rates"),
    ("currency", "Opportunity cost: currency"),
    ("risk", "Risk and uncertainty"),
    ("expansion", "Economic expansion"),
    ("metals", "Silver and other metals"),
    ("momentum", "Momentum"),
];
/// Where a driver goes whose group has no title.
const OTHER: &str = "Other";
/// The part that belongs to no driver, where the output is a move.
const AVERAGE_DAY: &str = "Average day";

/// From one height to another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// Where it starts.
    pub from: f64,
    /// Where it ends.
    pub to: f64,
}

impl Step {
    /// How far it goes: the contribution.
    pub fn size(self) -> f64 {
        self.to - self.from
    }
}

/// A group, or a single driver without others in its group.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Its title.
    pub title: &'static str,
    /// What its drivers do together.
    pub step: Step,
    /// What each of them does, largest first; empty for the part that belongs to no driver.
    pub drivers: Vec<(String, Step)>,
}

/// All steps of a day.
#[derive(Clone, Debug, PartialEq)]
pub struct Waterfall {
    /// Groups in their order.
    pub groups: Vec<Group>,
    /// From where the model starts to its output: nothing and the move, or its average and the level.
    pub whole: Step,
    lowest: f64,
    highest: f64,
}

impl Waterfall {
    /// The steps of the newest day.
    pub fn of(snapshot: &Snapshot) -> Self {
        let is_move = is_move(&snapshot.contribution_unit);
        Self::new(&snapshot.contributions, &snapshot.features, is_move)
    }

    /// The steps of these contributions, to a move or to a level.
    pub fn new(contributions: &[Contribution], features: &[FeatureCard], is_move: bool) -> Self {
        let base: f64 = of_base(contributions).sum();
        // A move starts from nothing, and the average move is a part of it; a level starts from the model's average.
        let start = if is_move { 0.0 } else { base };
        let mut height = start;
        let mut groups: Vec<Group> = titles()
            .filter_map(|title| group(contributions, features, title, &mut height))
            .collect();
        if is_move {
            let step = rise(&mut height, base);
            groups.push(Group {
                title: AVERAGE_DAY,
                step,
                drivers: Vec::new(),
            });
        }
        let whole = Step {
            from: start,
            to: height,
        };
        let steps = groups.iter().flat_map(|group| &group.drivers);
        let ends = steps
            .map(|(_, step)| step.to)
            .chain([whole.from, whole.to])
            .chain(groups.iter().map(|group| group.step.to));
        let (lowest, highest) = ends.fold((start, start), |(lowest, highest), end| {
            (lowest.min(end), highest.max(end))
        });
        Self {
            groups,
            whole,
            lowest,
            highest,
        }
    }

    /// Whether any driver moved the value at all.
    pub fn is_flat(&self) -> bool {
        self.groups
            .iter()
            .all(|group| group.step.size().abs() < f64::EPSILON)
    }

    /// The left end and the width of a step on the common scale, in percent of its length.
    pub fn place(&self, step: Step) -> (f64, f64) {
        let length = (self.highest - self.lowest).max(f64::EPSILON);
        let place = |height: f64| 100.0 * (height - self.lowest) / length;
        let (left, right) = (place(step.from.min(step.to)), place(step.from.max(step.to)));
        (left, right - left)
    }

    /// The group that raises the value most, and the one that lowers it most, if there are such.
    pub fn extremes(&self) -> [Option<&Group>; 2] {
        let by_size = |a: &&Group, b: &&Group| a.step.size().total_cmp(&b.step.size());
        let named = || self.groups.iter().filter(|group| !group.drivers.is_empty());
        let highest = named().max_by(by_size);
        let lowest = named().min_by(by_size);
        [
            highest.filter(|group| group.step.size() > 0.0),
            lowest.filter(|group| group.step.size() < 0.0),
        ]
    }
}

/// Whether contributions are parts of a move in percent, not of a level.
pub fn is_move(unit: &str) -> bool {
    unit.starts_with('%')
}

/// The titles of groups in the order in which they are shown.
pub fn titles() -> impl Iterator<Item = &'static str> {
    GROUPS.iter().map(|(_, title)| *title).chain([OTHER])
}

/// The title of a group as presets name it.
pub fn title_of(group: &str) -> &'static str {
    let known = GROUPS.iter().find(|(name, _)| *name == group);
    known.map_or(OTHER, |(_, title)| *title)
}

/// The drivers under a title, each a step on from `height`; `None` where there are none.
fn group(
    contributions: &[Contribution],
    features: &[FeatureCard],
    title: &'static str,
    height: &mut f64,
) -> Option<Group> {
    let from = *height;
    let mut drivers = Vec::new();
    for one in contributions.iter().filter(|c| c.feature != BASE) {
        let card = features.iter().find(|card| card.name == one.feature);
        if title_of(card.map_or("", |card| &card.group)) == title {
            let label = card.map_or(&one.feature, |card| &card.label);
            drivers.push((label.clone(), rise(height, one.contribution)));
        }
    }
    let step = Step { from, to: *height };
    (!drivers.is_empty()).then_some(Group {
        title,
        step,
        drivers,
    })
}

fn rise(height: &mut f64, by: f64) -> Step {
    let from = *height;
    *height += by;
    Step { from, to: *height }
}

fn of_base(contributions: &[Contribution]) -> impl Iterator<Item = f64> {
    let base = contributions.iter().filter(|one| one.feature == BASE);
    base.map(|one| one.contribution)
}

#[cfg(test)]
mod tests;
