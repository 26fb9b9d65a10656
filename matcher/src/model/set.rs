//! A set of few values that is built once and read often, in one piece of memory that is just as long as its values.
//!
//! A snapshot holds several for each volunteer, of two or three values each, where a tree keeps room for eleven.

use std::collections::BTreeSet;
use std::ops::Deref;

use serde::{Deserialize, Serialize, Serializer};

/// Values in ascending order, each once; reads like the slice of them. Made by `collect`, or from an array, a list or a
/// [`BTreeSet`]; to change one, make another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(from = "Vec<T>", bound(deserialize = "T: Ord + Deserialize<'de>"))]
pub struct Set<T>(Box<[T]>);

impl<T: Ord> Set<T> {
    /// Whether the value is in the set: a binary search.
    pub fn contains(&self, value: &T) -> bool {
        self.0.binary_search(value).is_ok()
    }

    /// The values that are not in the other set, in ascending order.
    pub fn difference<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = &'a T> {
        self.0.iter().filter(|value| !other.contains(value))
    }

    /// The values that are in either set, in ascending order.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self
    where
        T: Clone,
    {
        self.0.iter().chain(other).cloned().collect()
    }

    /// The values that are in both sets, in ascending order.
    pub fn intersection<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = &'a T> {
        self.0.iter().filter(|value| other.contains(value))
    }
}

impl<T> Default for Set<T> {
    fn default() -> Self {
        Self(Box::default())
    }
}

impl<T> Deref for Set<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T: Ord> FromIterator<T> for Set<T> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        values.into_iter().collect::<Vec<T>>().into()
    }
}

impl<T: Ord> From<Vec<T>> for Set<T> {
    fn from(mut values: Vec<T>) -> Self {
        values.sort_unstable();
        values.dedup();
        Self(values.into())
    }
}

impl<T: Ord, const N: usize> From<[T; N]> for Set<T> {
    fn from(values: [T; N]) -> Self {
        values.into_iter().collect()
    }
}

impl<T> From<BTreeSet<T>> for Set<T> {
    fn from(values: BTreeSet<T>) -> Self {
        Self(values.into_iter().collect())
    }
}

impl<T> IntoIterator for Set<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_vec().into_iter()
    }
}

impl<'a, T> IntoIterator for &'a Set<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<T: Serialize> Serialize for Set<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_agrees_with_the_library(
            a in prop::collection::vec(0..20_u8, 0..12),
            b in prop::collection::vec(0..20_u8, 0..12),
        ) {
            let (mine, theirs): (Set<u8>, Set<u8>) = (a.iter().copied().collect(), b.iter().copied().collect());
            let (a, b): (BTreeSet<u8>, BTreeSet<u8>) = (a.into_iter().collect(), b.into_iter().collect());
            prop_assert_eq!(&mine, &Set::from(a.clone()));
            prop_assert!(mine.iter().eq(&a));
            prop_assert!(mine.difference(&theirs).eq(a.difference(&b)));
            prop_assert!(mine.union(&theirs).iter().eq(a.union(&b)));
            prop_assert!(mine.intersection(&theirs).eq(a.intersection(&b)));
            for value in 0..20 {
                prop_assert_eq!(mine.contains(&value), a.contains(&value));
            }
        }
    }

    #[test]
    fn it_is_written_as_the_library_writes_it_and_read_in_any_order() {
        let set: Set<u8> = serde_json::from_str("[3,1,3]").unwrap();
        assert_eq!(set, Set::from([1, 3]));
        assert_eq!(set.clone().into_iter().collect::<Vec<_>>(), [1, 3]);
        let library: BTreeSet<u8> = set.iter().copied().collect();
        assert_eq!(
            serde_json::to_string(&set).unwrap(),
            serde_json::to_string(&library).unwrap()
        );
    }
}
