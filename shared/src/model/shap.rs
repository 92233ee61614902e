//! Exact path-dependent TreeSHAP, by integrating the multilinear extension of the game.
//!
//! The game is that of Lundberg et al. (2020), "From local explanations to global understanding with explainable AI
//! for trees": a feature that is not in the coalition lets a row go both ways, weighted by the training rows that
//! did. Below a leaf with value v, each feature j on its path has a share z (the product of the shares at j's splits)
//! and o, which is 1 if the row passes all of them and else 0. The Shapley value of j is then (Owen 1972)
//!
//! ```text
//! φ_j = Σ_leaves v · ∫₀¹ (o_j − z_j) · Π_{k ≠ j} ((1 − x) z_k + x o_k) dx
//! ```
//!
//! The integrand is a polynomial whose degree is the number of other features on the path, so that a Gauss–Legendre
//! rule with half as many points as the trees are deep gives the integral exactly. Each point costs one walk over a
//! tree, O(trees · leaves · depth) in all, and divides only by positive numbers, where Lundberg's own algorithm takes
//! a factor depth more and loses digits on deep paths. XGBoost computes the same sum in 32 bits.

use super::forest::{Forest, Step};
use super::quadrature::Point;

/// Shares are kept above this, as in XGBoost: one of 0 would be divided by.
const LEAST_SHARE: f64 = 1e-12;

/// A feature's factor in the integrand at the current point and place.
#[derive(Clone, Copy)]
struct Factor {
    /// z: the share of the training rows that pass the splits by this feature.
    share: f64,
    /// o: 1 if the explained row passes them, else 0.
    passes: f64,
    /// (1 − x) z + x o.
    value: f64,
    /// (o − z) / value.
    pull: f64,
}

/// The factor of a feature that has not been met.
const UNSEEN: Factor = Factor {
    share: 1.0,
    passes: 1.0,
    value: 1.0,
    pull: 0.0,
};

/// Adds the Shapley value of every feature for one row to `values`, which has an entry per feature at least.
pub(super) fn add_shapley_values(forest: &Forest, row: &[f32], values: &mut [f64]) {
    let mut path = vec![UNSEEN; row.len()];
    for &point in forest.rule() {
        let mut walk = Walk {
            forest,
            row,
            point,
            path: &mut path,
            values,
        };
        for &root in forest.roots() {
            walk.subtree(root, 1.0);
        }
    }
}

struct Walk<'a> {
    forest: &'a Forest,
    row: &'a [f32],
    point: Point,
    /// By feature.
    path: &'a mut [Factor],
    values: &'a mut [f64],
}

impl Walk<'_> {
    /// The sum over the leaves below a node of value × product of factors; `product` is the latter so far.
    fn subtree(&mut self, at: usize, product: f64) -> f64 {
        match self.forest.step(at, self.row) {
            Step::Leaf(value) => product * value,
            Step::Split {
                feature,
                left,
                right,
                goes_left,
            } => {
                self.branch(feature, left, goes_left, product)
                    + self.branch(feature, right, !goes_left, product)
            }
        }
    }

    /// The same for one side of a split, credited to the split's feature.
    ///
    /// If the feature was met above, its factor there is replaced here: what the leaves below give it is the
    /// difference between both.
    fn branch(&mut self, feature: usize, child: usize, taken: bool, product: f64) -> f64 {
        let above = self.path[feature];
        let here = above.narrowed(self.forest.share(child), taken, self.point.at);
        self.path[feature] = here;
        let sum = self.subtree(child, product / above.value * here.value);
        self.path[feature] = above;
        self.values[feature] += self.point.weight * sum * (here.pull - above.pull);
        sum
    }
}

impl Factor {
    /// The factor below one more split by the same feature.
    fn narrowed(self, share: f64, taken: bool, x: f64) -> Self {
        let share = (self.share * share).max(LEAST_SHARE);
        let passes = if taken { self.passes } else { 0.0 };
        let value = share + x * (passes - share);
        Self {
            share,
            passes,
            value,
            pull: (passes - share) / value,
        }
    }
}
