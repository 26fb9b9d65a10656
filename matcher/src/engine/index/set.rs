//! Small sets of numbers: languages, causes and wishes that roles name. Numbers are given in the order in which roles
//! name things, so the common ones are below 64 and a set is nearly always one word.

/// A set of numbers. Those below 64 are bits of one word; the others, if any, are kept in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct NumberSet {
    low: u64,
    high: Box<[u32]>,
}

impl FromIterator<u32> for NumberSet {
    fn from_iter<I: IntoIterator<Item = u32>>(numbers: I) -> Self {
        let mut low = 0;
        let mut high = Vec::new();
        for number in numbers {
            if number < 64 {
                low |= 1 << number;
            } else {
                high.push(number);
            }
        }
        high.sort_unstable();
        high.dedup();
        Self {
            low,
            high: high.into(),
        }
    }
}

impl NumberSet {
    /// The numbers below 64 as bits.
    pub(crate) const fn low(&self) -> u64 {
        self.low
    }

    /// Whether all numbers are below 64.
    pub(crate) fn is_low(&self) -> bool {
        self.high.is_empty()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.low == 0 && self.high.is_empty()
    }

    pub(crate) fn len(&self) -> usize {
        self.low.count_ones() as usize + self.high.len()
    }

    pub(crate) fn contains(&self, number: u32) -> bool {
        if number < 64 {
            self.low >> number & 1 == 1
        } else {
            self.high.binary_search(&number).is_ok()
        }
    }

    /// How many numbers are in both.
    pub(crate) fn shared_with(&self, other: &Self) -> usize {
        let low = (self.low & other.low).count_ones() as usize;
        if self.high.is_empty() || other.high.is_empty() {
            return low;
        }
        let in_other = |number: &&u32| other.high.binary_search(number).is_ok();
        low + self.high.iter().filter(in_other).count()
    }

    pub(crate) fn is_subset_of(&self, other: &Self) -> bool {
        self.low & !other.low == 0 && self.high.iter().all(|number| other.contains(*number))
    }

    /// The numbers, ascending.
    pub(crate) fn iter(&self) -> impl Iterator<Item = u32> {
        let low = self.low;
        let is_held = move |number: &u32| low >> number & 1 == 1;
        (0..64).filter(is_held).chain(self.high.iter().copied())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_agrees_with_the_library_across_the_word(
            a in prop::collection::btree_set(40..90_u32, 0..12),
            b in prop::collection::btree_set(40..90_u32, 0..12),
        ) {
            let (mine, theirs): (NumberSet, NumberSet) = (a.iter().copied().collect(), b.iter().copied().collect());
            prop_assert_eq!(mine.len(), a.len());
            prop_assert_eq!(mine.is_empty(), a.is_empty());
            prop_assert_eq!(mine.shared_with(&theirs), a.intersection(&b).count());
            prop_assert_eq!(mine.is_subset_of(&theirs), a.is_subset(&b));
            prop_assert_eq!(mine.iter().collect::<BTreeSet<_>>(), a.clone());
            for number in 0..100 {
                prop_assert_eq!(mine.contains(number), a.contains(&number));
            }
        }
    }
}
