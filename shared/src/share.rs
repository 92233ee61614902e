//! A forecast as the sum of what each driver adds to it.

/// The forecast of a log return, told by driver: base and drivers add up to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Share {
    /// What is forecast while no driver has moved more than usual.
    pub base: f64,
    /// What each driver adds, by its place.
    pub drivers: Vec<f64>,
}

impl Share {
    /// Adds up terms by driver, of which there are `count`.
    pub fn new(count: usize, base: f64, terms: impl Iterator<Item = (usize, f64)>) -> Self {
        let mut drivers = vec![0.0; count];
        for (driver, term) in terms {
            drivers[driver] += term;
        }
        Self { base, drivers }
    }

    /// The forecast.
    pub fn sum(&self) -> f64 {
        self.base + self.drivers.iter().sum::<f64>()
    }

    /// Halfway between two forecasts, driver by driver.
    #[must_use]
    pub fn mean(&self, other: &Self) -> Self {
        let pairs = self.drivers.iter().zip(&other.drivers);
        Self {
            base: f64::midpoint(self.base, other.base),
            drivers: pairs.map(|(a, b)| f64::midpoint(*a, *b)).collect(),
        }
    }

    /// What both members say together: their mean; or the linear one alone, and `true`, where its move is larger than `limit`,
    /// the largest that it was fitted on. Trees cannot go beyond what they saw and then say less than it does.
    #[must_use]
    pub fn combined(linear: Self, trees: &Self, limit: f64) -> (Self, bool) {
        let takes_over = linear.sum().abs() > limit;
        if takes_over {
            (linear, true)
        } else {
            (linear.mean(trees), false)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_of_one_driver_add_up_and_the_linear_member_takes_over_beyond_its_limit() {
        let linear = Share::new(2, 0.001, [(0, 0.01), (1, -0.002), (0, 0.02)].into_iter());
        assert_eq!(linear.drivers, [0.03, -0.002]);
        let trees = Share::new(2, -0.001, [(0, 0.01)].into_iter());
        let (mean, alone) = Share::combined(linear.clone(), &trees, 0.03);
        assert!(!alone);
        let halfway = Share {
            base: 0.0,
            drivers: vec![0.02, -0.001],
        };
        assert_eq!(mean, halfway);
        let (rest, alone) = Share::combined(linear.clone(), &trees, 0.028);
        assert!(alone);
        assert_eq!(rest, linear);
    }
}
