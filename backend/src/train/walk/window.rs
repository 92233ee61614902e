//! The last values of a series, sorted.

use std::collections::VecDeque;

/// At most a fixed number of values, of which the oldest leaves when a new one comes.
pub(crate) struct Window {
    size: usize,
    by_age: VecDeque<f64>,
    sorted: Vec<f64>,
}

impl Window {
    /// An empty window for `size` values, at least one.
    pub(crate) fn new(size: usize) -> Self {
        Self {
            size,
            by_age: VecDeque::new(),
            sorted: Vec::new(),
        }
    }

    /// Takes `value` in; one that is unknown (NaN) or infinite is passed over.
    pub(crate) fn push(&mut self, value: f64) {
        if !value.is_finite() {
            return;
        }
        if self.by_age.len() == self.size
            && let Some(oldest) = self.by_age.pop_front()
        {
            let place = self.sorted.partition_point(|other| *other < oldest);
            self.sorted.remove(place);
        }
        self.by_age.push_back(value);
        let place = self.sorted.partition_point(|other| *other < value);
        self.sorted.insert(place, value);
    }

    /// The values, smallest first.
    pub(crate) fn sorted(&self) -> &[f64] {
        &self.sorted
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::walk::fixture::noise;

    #[test]
    fn it_keeps_the_last_values_sorted() {
        let mut window = Window::new(500);
        // Rounded, so that there are equal ones.
        let values: Vec<f64> = noise(700, 5).iter().map(|v| (v * 50.0).round()).collect();
        for value in &values {
            window.push(*value);
            window.push(f64::NAN);
        }
        let mut expected = values[200..].to_vec();
        expected.sort_by(f64::total_cmp);
        assert_eq!(window.sorted(), expected);
    }

    #[test]
    fn it_is_as_long_as_what_it_was_given_until_it_is_full() {
        let mut window = Window::new(2);
        let mut lengths = Vec::new();
        for value in [3.0, f64::INFINITY, 1.0, 2.0] {
            window.push(value);
            lengths.push(window.sorted().len());
        }
        assert_eq!(lengths, [1, 1, 2, 2]);
        assert_eq!(window.sorted(), [1.0, 2.0]);
    }
}
