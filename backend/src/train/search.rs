//! One grid search: scores candidates on folds in rounds, and stops scoring those that cannot win any more.
//!
//! What is scored and what is cut depends on scores alone, never on time or on the number of threads: candidates are cut
//! between rounds only.

use std::collections::BTreeMap;

use shared::card::{Parameters, Search};

use super::TrainError;
use super::board::Board;
use super::fold::FoldTrainer;
use super::grid::{Group, Member, candidates, cost, groups};
use super::meter::Meter;
use super::pool::Pool;

/// Members of a group to be scored on a fold.
#[derive(Clone)]
pub(super) struct Cell {
    shared: Parameters,
    members: Vec<Member>,
    fold: usize,
    cost: f64,
}

impl Cell {
    /// Scores the members, in their order.
    pub(super) fn work(self, trainer: &mut FoldTrainer<'_>) -> Result<Vec<f64>, TrainError> {
        trainer.score(&self.shared, &self.members, self.fold)
    }
}

/// The workers of a search.
pub(super) type SearchPool = Pool<Cell, Result<Vec<f64>, TrainError>>;

/// A search under way.
struct Searcher<'a, 'm> {
    pool: &'a SearchPool,
    meter: &'a mut Meter<'m>,
    train_rows: &'a [usize],
    groups: Vec<Group>,
    board: Board,
}

/// Searches `axes` on top of `fixed` over the folds whose training parts have `train_rows` rows. Gives the report and the
/// winner's parameters. With `score_all` every candidate is scored on every fold, else hopeless ones are cut; the winner is
/// the same.
pub(super) fn search(
    pool: &SearchPool,
    axes: &BTreeMap<String, Vec<f64>>,
    fixed: &Parameters,
    train_rows: &[usize],
    score_all: bool,
    meter: &mut Meter<'_>,
) -> Result<(Search, Parameters), TrainError> {
    let candidates = candidates(axes, fixed);
    let board = Board::new(candidates.len(), train_rows.len());
    let mut searcher = Searcher {
        pool,
        meter,
        train_rows,
        groups: groups(&candidates),
        board,
    };
    if score_all {
        searcher.score_all()?;
    } else {
        searcher.score_and_cut()?;
    }
    let board = searcher.board;
    let winner = board
        .winner()
        .map_or_else(|| fixed.clone(), |winner| candidates[winner].clone());
    Ok((board.report(axes, &candidates), winner))
}

impl Searcher<'_, '_> {
    fn score_all(&mut self) -> Result<(), TrainError> {
        let folds = 0..self.train_rows.len();
        let everything =
            (0..self.groups.len()).flat_map(|group| folds.clone().map(move |fold| (group, fold)));
        self.score(everything.collect())
    }

    /// Scores a pilot first, which tells how much each fold discriminates; then fold after fold for everybody, cutting in
    /// between. The most promising group is completed early, because a good complete sum is what cuts the others.
    fn score_and_cut(&mut self) -> Result<(), TrainError> {
        let pilot = self.pilot();
        self.complete(pilot)?;
        for fold in self.folds_by_discrimination(pilot) {
            self.cut();
            self.score((0..self.groups.len()).map(|group| (group, fold)).collect())?;
            self.cut();
            if let Some(group) = self.affordable_leader() {
                self.complete(group)?;
            }
        }
        Ok(())
    }

    /// The middle one of the cheapest groups: the ends of an axis are less typical.
    fn pilot(&self) -> usize {
        let cost_of = |group: &usize| self.full_cost(*group, 0);
        let cheapest = (0..self.groups.len())
            .map(|group| cost_of(&group))
            .fold(f64::INFINITY, f64::min);
        let cheap: Vec<usize> = (0..self.groups.len())
            .filter(|group| cost_of(group) <= cheapest)
            .collect();
        cheap[cheap.len() / 2]
    }

    /// The folds, those first on which the pilot's error is large for what trainings cost there: sums grow fastest that way.
    fn folds_by_discrimination(&self, pilot: usize) -> Vec<usize> {
        let members = self.groups[pilot].members.iter();
        let best = members
            .filter_map(|member| Some((self.board.mean(member.candidate)?, member.candidate)))
            .min_by(|left, right| left.0.total_cmp(&right.0));
        let gain = |fold: usize| {
            let rmse = best.and_then(|(_, candidate)| self.board.score(candidate, fold));
            let costs = (0..self.groups.len()).map(|group| self.full_cost(group, fold));
            rmse.unwrap_or(0.0) / costs.sum::<f64>()
        };
        let gains: Vec<f64> = (0..self.train_rows.len()).map(gain).collect();
        let mut folds: Vec<usize> = (0..gains.len()).collect();
        folds.sort_by(|left, right| gains[*right].total_cmp(&gains[*left]));
        folds
    }

    /// The group of the leading candidate, unless it costs more than the average of those still in the race.
    fn affordable_leader(&self) -> Option<usize> {
        let leader = self.board.leader()?;
        let group = self.groups.iter().position(|group| {
            group
                .members
                .iter()
                .any(|member| member.candidate == leader)
        })?;
        let costs: Vec<f64> = (0..self.groups.len())
            .map(|group| self.open_cost(group))
            .collect();
        let racing = costs.iter().filter(|cost| **cost > 0.0).count();
        (costs[group] * racing as f64 <= costs.iter().sum::<f64>() * 1.001).then_some(group)
    }

    fn complete(&mut self, group: usize) -> Result<(), TrainError> {
        self.score(
            (0..self.train_rows.len())
                .map(|fold| (group, fold))
                .collect(),
        )
    }

    fn cut(&mut self) {
        let before: f64 = (0..self.groups.len())
            .map(|group| self.open_cost(group))
            .sum();
        let spared = self.board.cut_hopeless();
        let after: f64 = (0..self.groups.len())
            .map(|group| self.open_cost(group))
            .sum();
        self.meter.spared(spared, before - after);
    }

    /// One round: whatever of these groups and folds has no score yet and may still matter.
    fn score(&mut self, places: Vec<(usize, usize)>) -> Result<(), TrainError> {
        let mut cells: Vec<Cell> = places
            .into_iter()
            .filter_map(|(group, fold)| self.cell(group, fold))
            .collect();
        // The longest first, so that no thread is left alone with one at the end.
        cells.sort_by(|left, right| right.cost.total_cmp(&left.cost));
        let round = cells.clone();
        let meter = &mut *self.meter;
        let answers = self.pool.run(cells, |place| {
            meter.worked(round[place].members.len(), round[place].cost);
        });
        for (cell, scores) in round.iter().zip(answers) {
            for (member, score) in cell.members.iter().zip(scores?) {
                self.board.record(member.candidate, cell.fold, score);
            }
        }
        Ok(())
    }

    fn cell(&self, group: usize, fold: usize) -> Option<Cell> {
        let members = self.needed(group, fold);
        let cost = self.cost_of(group, &members, fold);
        let shared = self.groups[group].shared.clone();
        (!members.is_empty()).then_some(Cell {
            shared,
            members,
            fold,
            cost,
        })
    }

    /// The members that still need a score on a fold.
    fn needed(&self, group: usize, fold: usize) -> Vec<Member> {
        let members = self.groups[group].members.iter();
        members
            .filter(|member| self.board.needs(member.candidate, fold))
            .copied()
            .collect()
    }

    fn cost_of(&self, group: usize, members: &[Member], fold: usize) -> f64 {
        let longest = members
            .iter()
            .map(|member| member.rounds)
            .max()
            .unwrap_or(0);
        cost(&self.groups[group].shared, longest, self.train_rows[fold])
    }

    /// What a group costs on a fold when all its members are scored.
    fn full_cost(&self, group: usize, fold: usize) -> f64 {
        self.cost_of(group, &self.groups[group].members, fold)
    }

    /// What a group still costs on all folds.
    fn open_cost(&self, group: usize) -> f64 {
        (0..self.train_rows.len())
            .map(|fold| self.cost_of(group, &self.needed(group, fold), fold))
            .sum()
    }
}
