//! Drawing by shares, the same for the same seed.

use anyhow::Context as _;
use rand::rngs::StdRng;
use rand::seq::{IndexedRandom as _, SliceRandom as _};
use rand::{RngExt as _, SeedableRng as _};

/// A seeded source of choices.
pub(super) struct Draw(StdRng);

impl Draw {
    pub(super) fn new(seed: u64) -> Self {
        Self(StdRng::seed_from_u64(seed))
    }

    /// One item, each as likely as its share says.
    pub(super) fn by_share<'a, T>(
        &mut self,
        items: &'a [T],
        share: impl Fn(&T) -> f64,
    ) -> anyhow::Result<&'a T> {
        items
            .choose_weighted(&mut self.0, share)
            .context("shares to draw from")
    }

    /// One key of a map from keys to shares.
    pub(super) fn key<K: Copy>(
        &mut self,
        shares: &std::collections::BTreeMap<K, f64>,
    ) -> anyhow::Result<K> {
        let pairs: Vec<(K, f64)> = shares.iter().map(|(key, share)| (*key, *share)).collect();
        self.by_share(&pairs, |(_, share)| *share)
            .map(|(key, _)| *key)
    }

    /// One item, all equally likely.
    pub(super) fn one<'a, T>(&mut self, items: &'a [T]) -> anyhow::Result<&'a T> {
        items.choose(&mut self.0).context("items to draw from")
    }

    /// `count` different items, or all when there are fewer.
    pub(super) fn some<T: Clone>(&mut self, items: &[T], count: usize) -> Vec<T> {
        let mut items = items.to_vec();
        items.shuffle(&mut self.0);
        items.truncate(count);
        items
    }

    /// A whole number from `least` to `most`.
    pub(super) fn between<N: rand::distr::uniform::SampleUniform + PartialOrd>(
        &mut self,
        least: N,
        most: N,
    ) -> N {
        self.0.random_range(least..=most)
    }

    /// Whether something that happens in `percent` of cases happens.
    pub(super) fn happens(&mut self, percent: f64) -> bool {
        self.0.random_range(0.0..100.0) < percent
    }
}
