//! Heights turned into places on one scale that holds all of them and zero.

use crate::figures::{Column, Look};

/// A column before it has its place.
pub(super) struct Plain {
    /// What it is for.
    pub(super) label: String,
    /// Its number in words.
    pub(super) number: String,
    /// Below zero it hangs down.
    pub(super) height: f64,
    /// Whether a test tells it from zero, or nothing is tested.
    pub(super) is_proven: bool,
}

/// Places columns next to each other.
pub(super) fn columns(heights: Vec<Plain>) -> Vec<Column> {
    let all = heights.iter().map(|one| one.height);
    let (lowest, highest) = all.fold((0.0_f64, 0.0_f64), |(lowest, highest), height| {
        (lowest.min(height), highest.max(height))
    });
    let length = (highest - lowest).max(f64::EPSILON);
    let percent = |part: f64| 100.0 * part / length;
    let placed = heights.into_iter().map(|one| Column {
        label: one.label,
        number: one.number,
        zero: percent(-lowest),
        from: percent(one.height.min(0.0) - lowest),
        size: percent(one.height.abs()),
        look: match (one.is_proven, one.height < 0.0) {
            (false, _) => Look::Doubtful,
            (true, true) => Look::Bad,
            (true, false) => Look::Good,
        },
    });
    placed.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(heights: &[f64]) -> Vec<(f64, f64, Look)> {
        let one = |height: &f64| Plain {
            label: String::new(),
            number: String::new(),
            height: *height,
            is_proven: true,
        };
        let placed = columns(heights.iter().map(one).collect());
        placed
            .iter()
            .map(|one| (one.from, one.size, one.look))
            .collect()
    }

    #[test]
    fn columns_stand_on_zero_and_hang_from_it() {
        assert_eq!(
            of(&[3.0, -1.0, 0.0]),
            [
                (25.0, 75.0, Look::Good),
                (0.0, 25.0, Look::Bad),
                (25.0, 0.0, Look::Good)
            ]
        );
        assert_eq!(of(&[0.0]), [(0.0, 0.0, Look::Good)]);
    }
}
