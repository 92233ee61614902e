//! The candidates of a search, and which of them one training can score together.

use std::collections::BTreeMap;

use shared::card::Parameters;

use super::booster::{GAMMA, ROUNDS, rounds};

/// Every combination of the axes on top of `fixed`, in the order of scikit-learn's `ParameterGrid`: names sorted, the last
/// one varies fastest. The order matters because the first of equally good candidates wins.
pub(super) fn candidates(axes: &BTreeMap<String, Vec<f64>>, fixed: &Parameters) -> Vec<Parameters> {
    axes.iter()
        .fold(vec![fixed.clone()], |candidates, (name, values)| {
            let extend = |candidate: &Parameters, value: f64| {
                let mut candidate = candidate.clone();
                candidate.insert(name.clone(), value);
                candidate
            };
            candidates
                .iter()
                .flat_map(|candidate| values.iter().map(move |value| extend(candidate, *value)))
                .collect()
        })
}

/// One point of a grid, as far as it differs within its group.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Member {
    /// Its place among the candidates.
    pub candidate: usize,
    /// How many trees it has.
    pub rounds: usize,
    /// The gain that it asks of a split.
    pub gamma: f64,
}

/// Candidates that differ only in the number of trees and in `gamma`.
///
/// The first trees of a longer training are the trees of a shorter one, and a training in which no split gained less than
/// a larger `gamma` is the training with that `gamma`. So one training often scores many members.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Group {
    /// What the members have in common.
    pub shared: Parameters,
    /// The members.
    pub members: Vec<Member>,
}

/// The groups, in the order in which their first members come.
pub(super) fn groups(candidates: &[Parameters]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for (candidate, parameters) in candidates.iter().enumerate() {
        let mut shared = parameters.clone();
        shared.remove(ROUNDS);
        let gamma = shared.remove(GAMMA).unwrap_or(0.0);
        let place = *places.entry(format!("{shared:?}")).or_insert(groups.len());
        if place == groups.len() {
            groups.push(Group {
                shared,
                members: Vec::new(),
            });
        }
        groups[place].members.push(Member {
            candidate,
            rounds: rounds(parameters),
            gamma,
        });
    }
    groups
}

/// Roughly how long a training takes, in arbitrary units: rows are read once a level, bins are searched once a node.
/// Only the order of work and the estimate of the time left depend on it.
pub(super) fn cost(parameters: &Parameters, rounds: usize, train_rows: usize) -> f64 {
    let rows = train_rows as f64;
    let depth = parameters
        .get("max_depth")
        .copied()
        .unwrap_or(6.0)
        .clamp(1.0, 30.0);
    let nodes = (depth.exp2() - 1.0).min(rows / 4.0);
    rounds as f64 * (rows * depth + 2000.0 * nodes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axes() -> BTreeMap<String, Vec<f64>> {
        [
            ("n_estimators", vec![100.0, 50.0]),
            ("gamma", vec![0.1, 0.3]),
            ("max_depth", vec![2.0, 1.0]),
        ]
        .map(|(name, values)| (name.to_owned(), values))
        .into()
    }

    #[test]
    fn names_are_sorted_and_the_last_one_varies_fastest() {
        let fixed = Parameters::from([("learning_rate".to_owned(), 0.1)]);
        let candidates = candidates(&axes(), &fixed);
        let as_rows: Vec<Vec<f64>> = candidates
            .iter()
            .map(|candidate| candidate.values().copied().collect())
            .collect();
        assert_eq!(
            as_rows,
            [
                [0.1, 0.1, 2.0, 100.0],
                [0.1, 0.1, 2.0, 50.0],
                [0.1, 0.1, 1.0, 100.0],
                [0.1, 0.1, 1.0, 50.0],
                [0.3, 0.1, 2.0, 100.0],
                [0.3, 0.1, 2.0, 50.0],
                [0.3, 0.1, 1.0, 100.0],
                [0.3, 0.1, 1.0, 50.0],
            ]
        );
    }

    #[test]
    fn an_axis_overrides_what_is_fixed() {
        let fixed = Parameters::from([("gamma".to_owned(), 7.0)]);
        assert!(
            candidates(&axes(), &fixed)
                .iter()
                .all(|candidate| candidate["gamma"] < 1.0)
        );
    }

    #[test]
    fn members_of_a_group_differ_in_trees_and_gamma_only() {
        let groups = groups(&candidates(&axes(), &Parameters::new()));
        assert_eq!(groups.len(), 2);
        assert_eq!(
            groups[0].shared,
            Parameters::from([("max_depth".to_owned(), 2.0)])
        );
        let members: Vec<(usize, usize, f64)> = groups[0]
            .members
            .iter()
            .map(|member| (member.candidate, member.rounds, member.gamma))
            .collect();
        assert_eq!(
            members,
            [(0, 100, 0.1), (1, 50, 0.1), (4, 100, 0.3), (5, 50, 0.3)]
        );
    }

    #[test]
    fn without_axes_for_them_the_defaults_of_xgboost_hold() {
        let group = &groups(&[Parameters::new()])[0];
        assert_eq!(
            group.members,
            [Member {
                candidate: 0,
                rounds: 100,
                gamma: 0.0
            }]
        );
    }
}
