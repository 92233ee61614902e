//! Which days are looked at.

use chrono::NaiveDate;
use rand::SeedableRng;
use rand::seq::index::sample;
use rand_chacha::ChaCha8Rng;

/// `count` of the days, drawn by seed, in order; the newest is always among them, because it is the one that people read.
pub(super) fn draw(days: &[NaiveDate], count: usize, seed: u64) -> Vec<NaiveDate> {
    let Some((newest, earlier)) = days.split_last() else {
        return Vec::new();
    };
    let mut chance = ChaCha8Rng::seed_from_u64(seed);
    let wanted = count.saturating_sub(1).min(earlier.len());
    let mut places = sample(&mut chance, earlier.len(), wanted).into_vec();
    places.sort_unstable();
    let drawn = places.into_iter().map(|place| earlier[place]);
    drawn.chain([*newest]).take(count.max(1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_drawn_by_seed_with_the_newest_among_them() {
        let first = NaiveDate::from_ymd_opt(2020, 1, 1).unwrap();
        let days: Vec<NaiveDate> = first.iter_days().take(500).collect();
        let drawn = draw(&days, 20, 7);
        assert_eq!(drawn.len(), 20);
        assert_eq!(drawn.last(), days.last());
        assert!(drawn.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(draw(&days, 20, 7), drawn);
        assert_ne!(draw(&days, 20, 8), drawn);
        assert_eq!(draw(&days[..3], 20, 7), days[..3]);
        assert_eq!(draw(&days, 1, 7), days[499..]);
        assert!(draw(&[], 20, 7).is_empty());
    }
}
