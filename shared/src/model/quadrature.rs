//! Gauss–Legendre quadrature on 0..1: the integral of a polynomial as a short weighted sum.

/// Where to evaluate the integrand, and how much that counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Point {
    pub(super) at: f64,
    pub(super) weight: f64,
}

/// More iterations than any root up to 32 points needs; bounds the loop should rounding keep it moving.
const MAX_ITERATIONS: usize = 200;

/// The rule with that many points. It is exact for polynomials up to degree 2 × `count` − 1.
pub(super) fn gauss_legendre(count: usize) -> Vec<Point> {
    let mut roots = Vec::with_capacity(count);
    for _ in 0..count {
        roots.push(next_root(count, &roots));
    }
    let point = |root: f64| {
        let (_, slope) = legendre(count, root);
        // 2 / ((1 − x²) P′(x)²) on −1..1 (Abramowitz and Stegun 25.4.29), moved to 0..1.
        Point {
            at: f64::midpoint(root, 1.0),
            weight: 1.0 / ((1.0 - root * root) * slope * slope),
        }
    };
    roots.into_iter().map(point).collect()
}

/// The largest root not yet found: Newton's method with the found ones divided out (Maehly), which
/// from 1, right of all roots, comes down to it steadily.
fn next_root(degree: usize, found: &[f64]) -> f64 {
    let mut x = 1.0;
    for _ in 0..MAX_ITERATIONS {
        let (value, slope) = legendre(degree, x);
        let divided: f64 = found.iter().map(|root| 1.0 / (x - root)).sum();
        let step = value / (slope - value * divided);
        x -= step;
        if step.abs() < f64::EPSILON {
            break;
        }
    }
    x
}

/// The Legendre polynomial of a degree and its derivative, by Bonnet's recurrence.
fn legendre(degree: usize, x: f64) -> (f64, f64) {
    let (mut previous, mut value) = (0.0, 1.0);
    let (mut previous_slope, mut slope) = (0.0, 0.0);
    for k in 1..=degree {
        let k = k as f64;
        let next = ((2.0 * k - 1.0) * x * value - (k - 1.0) * previous) / k;
        let next_slope = previous_slope + (2.0 * k - 1.0) * value;
        (previous, value) = (value, next);
        (previous_slope, slope) = (slope, next_slope);
    }
    (value, slope)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_points_are_the_known_ones() {
        let rule = gauss_legendre(2);
        let offset = 0.5 / 3.0_f64.sqrt();
        for (point, at) in rule.iter().zip([0.5 + offset, 0.5 - offset]) {
            assert!((point.at - at).abs() < 1e-15, "{point:?}");
            assert!((point.weight - 0.5).abs() < 1e-15, "{point:?}");
        }
    }

    #[test]
    fn every_power_up_to_the_promised_degree_is_exact() {
        for count in 1..=32 {
            let rule = gauss_legendre(count as usize);
            for power in 0..2 * count {
                let sum: f64 = rule.iter().map(|p| p.weight * p.at.powi(power)).sum();
                let exact = 1.0 / (f64::from(power) + 1.0);
                assert!(
                    (sum - exact).abs() < 1e-13,
                    "{count} points, x^{power}: {sum}"
                );
            }
        }
    }
}
