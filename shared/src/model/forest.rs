//! Trees as one flat array of nodes, checked once so that walking them cannot fail.

use super::error::{Fault, ModelError};
use super::json::RawTree;
use super::quadrature::{Point, gauss_legendre};

/// The deepest tree taken: explaining a row recurses once per level.
pub(super) const MAX_DEPTH: usize = 64;

/// Marks a leaf in [`Node::feature`].
const LEAF: u32 = u32::MAX;

/// A hessian sum may exceed its parent's by this factor: XGBoost rounds both to 32 bits.
const COVER_TOLERANCE: f64 = 1.001;

/// A split or a leaf. The left child of a split is the next node.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Node {
    /// The threshold of a split (smaller values go left) or the value of a leaf.
    value: f32,
    feature: u32,
    right: usize,
    /// Whether a row without the value goes left.
    default_left: bool,
    /// The part of its parent's training rows that came here, weighted by hessian ("cover").
    share: f64,
}

/// What a walk meets at a node.
pub(super) enum Step {
    Leaf(f64),
    Split {
        feature: usize,
        left: usize,
        right: usize,
        goes_left: bool,
    },
}

/// All trees of a model.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Forest {
    nodes: Vec<Node>,
    roots: Vec<usize>,
    /// The splits above the deepest leaf.
    depth: usize,
    mean: f64,
    rule: Vec<Point>,
}

/// A node still to be copied.
struct Pending {
    /// XGBoost's number.
    number: usize,
    depth: usize,
    share: f64,
    /// Its share of all training rows.
    reach: f64,
    /// The copied split whose right child it is.
    right_of: Option<usize>,
}

impl Forest {
    /// Checks the trees and lays them out for walking.
    pub(super) fn new(trees: &[RawTree], feature_count: usize) -> Result<Self, ModelError> {
        let mut forest = Self::default();
        for tree in trees {
            forest.add(tree, feature_count)?;
        }
        // A path has at most as many distinct features as splits, and the integrand one degree less.
        forest.rule = gauss_legendre(forest.depth.min(feature_count).div_ceil(2));
        Ok(forest)
    }

    /// Copies a tree in depth-first order. Nodes that pruning cut off stay behind.
    fn add(&mut self, raw: &RawTree, feature_count: usize) -> Result<(), ModelError> {
        let tree = self.roots.len();
        raw.check_lengths()?;
        self.roots.push(self.nodes.len());
        let mut reached = vec![false; raw.len()];
        let mut stack = vec![Pending {
            number: 0,
            depth: 0,
            share: 1.0,
            reach: 1.0,
            right_of: None,
        }];
        while let Some(next) = stack.pop() {
            let node = next.number;
            let broken = |fault| ModelError::Tree { tree, node, fault };
            if std::mem::replace(&mut reached[node], true) {
                return Err(broken(Fault::ReachedTwice));
            }
            self.copy(raw, &next, feature_count, &mut stack)
                .map_err(broken)?;
        }
        Ok(())
    }

    /// Copies one node and puts its children on the stack, the left one on top.
    fn copy(
        &mut self,
        raw: &RawTree,
        next: &Pending,
        feature_count: usize,
        stack: &mut Vec<Pending>,
    ) -> Result<(), Fault> {
        let at = self.nodes.len();
        if let Some(parent) = next.right_of {
            self.nodes[parent].right = at;
        }
        if next.depth > MAX_DEPTH {
            return Err(Fault::TooDeep);
        }
        self.depth = self.depth.max(next.depth);
        let value = raw.split_conditions[next.number];
        let mut node = Node {
            value,
            feature: LEAF,
            right: 0,
            default_left: raw.default_left[next.number] != 0,
            share: next.share,
        };
        if raw.left_children[next.number] == -1 {
            self.mean += next.reach * f64::from(value);
        } else {
            node.feature = u32::try_from(raw.split_indices[next.number])
                .ok()
                .filter(|feature| (*feature as usize) < feature_count)
                .ok_or(Fault::NoSuchFeature)?;
            let child = |children: &[i32]| raw.child(children, next);
            let (left, right) = (child(&raw.left_children)?, child(&raw.right_children)?);
            stack.extend([
                Pending {
                    right_of: Some(at),
                    ..right
                },
                left,
            ]);
        }
        self.nodes.push(node);
        Ok(())
    }

    /// The first node of each tree.
    pub(super) fn roots(&self) -> &[usize] {
        &self.roots
    }

    /// The quadrature that integrates exactly along every path of these trees; empty where nothing is split.
    pub(super) fn rule(&self) -> &[Point] {
        &self.rule
    }

    /// The sum over the trees of the mean of their leaves, weighted by hessian.
    pub(super) fn mean(&self) -> f64 {
        self.mean
    }

    /// The part of its parent's training rows that came to a node.
    pub(super) fn share(&self, at: usize) -> f64 {
        self.nodes[at].share
    }

    /// What a node is, and where it sends the row. XGBoost compares in 32 bits.
    pub(super) fn step(&self, at: usize, row: &[f32]) -> Step {
        let node = &self.nodes[at];
        if node.feature == LEAF {
            return Step::Leaf(f64::from(node.value));
        }
        let feature = node.feature as usize;
        Step::Split {
            feature,
            left: at + 1,
            right: node.right,
            goes_left: node.sends_left(row[feature]),
        }
    }

    /// Start plus the leaf of each tree that the row comes to, added in 32 bits in the trees' order.
    pub(super) fn predict(&self, row: &[f32], start: f32) -> f32 {
        self.roots
            .iter()
            .fold(start, |sum, &root| sum + self.leaf(root, row))
    }

    fn leaf(&self, root: usize, row: &[f32]) -> f32 {
        let mut at = root;
        loop {
            let node = &self.nodes[at];
            if node.feature == LEAF {
                return node.value;
            }
            at = if node.sends_left(row[node.feature as usize]) {
                at + 1
            } else {
                node.right
            };
        }
    }
}

impl Node {
    fn sends_left(&self, value: f32) -> bool {
        if value.is_nan() {
            self.default_left
        } else {
            value < self.value
        }
    }
}

impl RawTree {
    /// The child of a node, with its share of the node's rows.
    fn child(&self, children: &[i32], parent: &Pending) -> Result<Pending, Fault> {
        let number = usize::try_from(children[parent.number])
            .ok()
            .filter(|number| *number < self.len())
            .ok_or(Fault::NoSuchChild)?;
        let cover = f64::from(self.sum_hessian[number]);
        let parent_cover = f64::from(self.sum_hessian[parent.number]);
        if !(0.0..=parent_cover * COVER_TOLERANCE).contains(&cover) {
            return Err(Fault::Cover);
        }
        // As XGBoost does where a refreshed tree has no cover.
        let share = if parent_cover == 0.0 {
            0.5
        } else {
            cover / parent_cover
        };
        Ok(Pending {
            number,
            depth: parent.depth + 1,
            share,
            reach: parent.reach * share,
            right_of: None,
        })
    }
}
