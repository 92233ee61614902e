//! One grid search: scores candidates on folds in rounds, and stops scoring those that cannot win any more.
//!
//! What is scored and what is cut depends on scores alone, never on time or on the number of threads: candidates are cut
//! between rounds only.

use std::collections::BTreeMap;

use shared::card::{Parameters, Search};

use super::TrainError;
use super::board::Board;
use super::course;
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

    /// Scores a pilot first, then the rest in classes of equal cost, the cheapest first: what they give cuts the costly ones.
    fn score_and_cut(&mut self) -> Result<(), TrainError> {
        self.complete(self.pilot())?;
        for class in self.classes() {
            self.decide(&class)?;
        }
        Ok(())
    }

    /// The middle one of the cheapest groups: the ends of an axis are less typical.
    fn pilot(&self) -> usize {
        let classes = self.classes();
        classes
            .first()
            .map_or(0, |cheapest| cheapest[cheapest.len() / 2])
    }

    /// The groups, those together that cost the same, the cheapest first.
    fn classes(&self) -> Vec<Vec<usize>> {
        let mut groups: Vec<usize> = (0..self.groups.len()).collect();
        groups.sort_by(|left, right| self.total_cost(*left).total_cmp(&self.total_cost(*right)));
        let classes = groups.chunk_by(|left, right| {
            let order = self.total_cost(*left).total_cmp(&self.total_cost(*right));
            order.is_eq()
        });
        classes.map(<[usize]>::to_vec).collect()
    }

    /// Scores a class in rounds, cutting in between, until each of its candidates is complete or cut.
    fn decide(&mut self, class: &[usize]) -> Result<(), TrainError> {
        loop {
            self.cut();
            let round = self.next_round(class);
            if round.is_empty() {
                return Ok(());
            }
            self.score(round)?;
            self.cut();
            // A better complete sum cuts more of the others.
            if let Some(group) = self.group_ahead(class) {
                self.complete(group)?;
            }
        }
    }

    /// The next folds of each group of a class that has candidates in the race.
    fn next_round(&self, class: &[usize]) -> Vec<(usize, usize)> {
        let Some(best) = self.best_errors() else {
            return Vec::new();
        };
        let leaders: Vec<(usize, usize)> = class
            .iter()
            .filter_map(|group| Some((*group, self.leader(*group, &best)?)))
            .collect();
        let folds = course::by_worth(&best, |fold| self.full_cost(class[0], fold));
        let step = course::step(leaders.len());
        let next = |(group, leader): (usize, usize)| {
            let scores = self.board.scores(leader);
            let folds = course::next_folds(&best, scores, &folds, step);
            folds.into_iter().map(move |fold| (group, fold))
        };
        leaders.into_iter().flat_map(next).collect()
    }

    /// The group of the candidate that is furthest ahead of the best complete one on the folds that both were scored on.
    fn group_ahead(&self, class: &[usize]) -> Option<usize> {
        let best = self.best_errors()?;
        let behind = |group: &usize| {
            let leader = self.leader(*group, &best)?;
            Some((*group, course::behind(&best, self.board.scores(leader))))
        };
        class
            .iter()
            .filter_map(behind)
            .filter(|(_, behind)| *behind < 0.0)
            .min_by(|left, right| left.1.total_cmp(&right.1))
            .map(|(group, _)| group)
    }

    /// The most promising candidate of a group among those in the race that miss scores.
    fn leader(&self, group: usize, best: &[f64]) -> Option<usize> {
        let open = self.groups[group].members.iter();
        let behind = |candidate: &usize| course::behind(best, self.board.scores(*candidate));
        open.map(|member| member.candidate)
            .filter(|candidate| self.board.is_open(*candidate))
            .min_by(|left, right| behind(left).total_cmp(&behind(right)))
    }

    /// The errors of the best candidate that is complete.
    fn best_errors(&self) -> Option<Vec<f64>> {
        let scores = self.board.scores(self.board.winner()?);
        scores.iter().copied().collect()
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

    /// What a group costs on all folds when all its members are scored.
    fn total_cost(&self, group: usize) -> f64 {
        (0..self.train_rows.len())
            .map(|fold| self.full_cost(group, fold))
            .sum()
    }

    /// What a group still costs on all folds.
    fn open_cost(&self, group: usize) -> f64 {
        (0..self.train_rows.len())
            .map(|fold| self.cost_of(group, &self.needed(group, fold), fold))
            .sum()
    }
}
