//! Chance that can be repeated: one stream for each name, so that a new series never changes another.

use std::collections::BTreeMap;

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::StandardNormal;
use sha2::{Digest, Sha256};

/// The stream of a name: the same for the same seed and name, independent of every other.
pub(crate) fn stream(seed: u64, name: &str) -> ChaCha8Rng {
    let digest = Sha256::new()
        .chain_update(b"assay market")
        .chain_update(seed.to_le_bytes())
        .chain_update(name.as_bytes())
        .finalize();
    ChaCha8Rng::from_seed(digest.into())
}

/// A draw from the standard normal distribution.
pub(crate) fn normal(stream: &mut ChaCha8Rng) -> f64 {
    stream.sample(StandardNormal)
}

/// Many streams by name. A walk asks each once a day, so that a day's draw depends on the seed, the name and the day alone.
#[derive(Debug)]
pub(crate) struct Streams {
    seed: u64,
    streams: BTreeMap<&'static str, ChaCha8Rng>,
}

impl Streams {
    /// No stream is begun yet.
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            seed,
            streams: BTreeMap::new(),
        }
    }

    /// The next standard normal draw of a name.
    pub(crate) fn normal(&mut self, name: &'static str) -> f64 {
        normal(self.stream(name))
    }

    /// The next draw of a name between 0 and 1.
    pub(crate) fn uniform(&mut self, name: &'static str) -> f64 {
        self.stream(name).random()
    }

    fn stream(&mut self, name: &'static str) -> &mut ChaCha8Rng {
        let seed = self.seed;
        self.streams
            .entry(name)
            .or_insert_with(|| stream(seed, name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_s_draws_do_not_depend_on_other_names() {
        let mut alone = Streams::new(7);
        let mut together = Streams::new(7);
        for _ in 0..100 {
            together.normal("silver");
            assert!((alone.normal("gold") - together.normal("gold")).abs() < f64::EPSILON);
        }
    }

    #[test]
    fn another_seed_draws_otherwise() {
        let draw = |seed| stream(seed, "gold").random::<u64>();
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
    }
}
