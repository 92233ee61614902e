//! A forecast as the sum of what each driver adds to it.

/// The forecast of a log return, told by driver: base and drivers add up to it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Share {
    /// What is forecast while no driver has moved more than usual.
    pub base: f64,
    /// What each driver adds, by its place.
    pub drivers: Vec<f64>,
}

impl Share {
    /// Adds up terms by driver, of which there are `count`.
    pub(crate) fn new(count: usize, base: f64, terms: impl Iterator<Item = (usize, f64)>) -> Self {
        let mut drivers = vec![0.0; count];
        for (driver, term) in terms {
            drivers[driver] += term;
        }
        Self { base, drivers }
    }

    /// The forecast.
    pub(crate) fn sum(&self) -> f64 {
        self.base + self.drivers.iter().sum::<f64>()
    }

    /// Halfway between two forecasts, driver by driver.
    pub(crate) fn mean(&self, other: &Self) -> Self {
        let pairs = self.drivers.iter().zip(&other.drivers);
        Self {
            base: f64::midpoint(self.base, other.base),
            drivers: pairs.map(|(a, b)| f64::midpoint(*a, *b)).collect(),
        }
    }
}
