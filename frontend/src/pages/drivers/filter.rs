//! Which series are shown: those that a word fits, of one group or of all.

use std::str::FromStr;
use std::sync::Arc;

use leptos::prelude::*;
use shared::api::DriverSeries;
use shared::waterfall::{title_of, titles};

use crate::address::Address;
use crate::format;
use crate::url_state::Unknown;

/// The word that is looked for, in the address.
pub(super) const FIND: &str = "find";
/// The group, in the address.
pub(super) const GROUP: &str = "group";
/// The group of the series that is valued.
const TARGET: &str = "target";
/// Its title.
const TARGET_TITLE: &str = "Gold itself";

/// A word to look for: letters, digits and a few marks, spaces as `+`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Find(pub(super) String);

impl FromStr for Find {
    type Err = Unknown;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(Self::plain(&text.replace('+', " "))))
    }
}

impl Find {
    /// What of a text can stand in the address and be looked for.
    pub(super) fn plain(text: &str) -> String {
        let is_plain = |c: &char| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.');
        text.chars().filter(is_plain).take(40).collect()
    }
}

/// A group's name in the address; empty: all groups.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Group(pub(super) String);

impl FromStr for Group {
    type Err = Unknown;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let plain = text.chars().all(|c| c.is_ascii_lowercase() || c == '_');
        plain.then(|| Self(text.to_owned())).ok_or(Unknown)
    }
}

/// What is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Shown {
    /// The word that must fit.
    pub(super) find: Find,
    /// The group, or all.
    pub(super) group: Group,
}

impl Shown {
    /// Whether a series is among them. Every word must be in its title, name, group, unit or source.
    pub(super) fn has(&self, one: &DriverSeries) -> bool {
        let in_group = self.group.0.is_empty() || self.group.0 == group_of(one);
        let freshness = &one.freshness;
        let text = [
            freshness.title.as_str(),
            freshness.series.as_str(),
            title(group_of(one)),
            &freshness.unit,
            &one.source,
            freshness.vendor.title(),
        ]
        .join(" ")
        .to_lowercase();
        let wanted = self.find.0.to_lowercase();
        in_group && wanted.split_whitespace().all(|word| text.contains(word))
    }
}

/// The group as the address names it; series without one are `other`.
pub(super) fn group_of(one: &DriverSeries) -> &str {
    if one.group.is_empty() {
        "other"
    } else {
        &one.group
    }
}

/// A group's title.
pub(super) fn title(group: &str) -> &'static str {
    if group == TARGET {
        TARGET_TITLE
    } else {
        title_of(group)
    }
}

/// The groups that there are, in the order in which gold people speak of them, what is valued first.
pub(super) fn groups(all: &[DriverSeries]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for one in all {
        let name = group_of(one);
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    let place = |name: &String| match titles().position(|known| known == title(name)) {
        _ if name == TARGET => 0,
        place => 1 + place.unwrap_or(usize::MAX - 1),
    };
    names.sort_by_key(place);
    names
}

/// The search field, the groups, and how many series fit.
#[component]
pub(super) fn Filter(
    /// All series.
    all: Arc<Vec<DriverSeries>>,
    /// What is shown.
    shown: Memo<Shown>,
) -> impl IntoView {
    let address = Address::get();
    let find = move |event| {
        let plain = Find::plain(&event_target_value(&event));
        let word = plain.trim().replace(' ', "+");
        address.choose(FIND, (!word.is_empty()).then_some(&word));
    };
    let options = groups(&all).into_iter().map(|name| {
        let chosen = {
            let name = name.clone();
            move || shown.read().group.0 == name
        };
        view! { <option value=name.clone() selected=chosen>{title(&name)}</option> }
    });
    let options = options.collect_view();
    let pick = move |event| {
        let name = event_target_value(&event);
        address.choose(GROUP, (!name.is_empty()).then_some(&name));
    };
    let fit = move || {
        let count = all.iter().filter(|one| shown.read().has(one)).count();
        if count == all.len() {
            format!("All {} series", all.len())
        } else {
            format!("{count} of {}", format::count(all.len(), "series"))
                .replace("seriess", "series")
        }
    };
    view! {
        <search class="filter">
            <label>
                <span>"Find a series"</span>
                <input
                    type="search"
                    placeholder="silver, DGS10, rates…"
                    prop:value=untrack(move || shown.get().find.0)
                    on:input=find
                />
            </label>
            <label>
                <span>"Group"</span>
                <select on:change=pick>
                    <option value="" selected=move || shown.read().group.0.is_empty()>"All groups"</option>
                    {options}
                </select>
            </label>
            <p class="hint" role="status">{fit}</p>
        </search>
    }
}
