//! The best of many, in bounded room: a few more are kept than are wanted, and cut back when it is full.

use std::cmp::Reverse;

/// Keeps the greatest keys.
#[derive(Debug, Clone, Default)]
pub(super) struct Best {
    keys: Vec<u64>,
    /// Keys up to this one are not among the best any more.
    floor: u64,
}

/// A key that orders by score, and equal scores by position, the first one first.
pub(super) fn key(score: u16, position: u32) -> u64 {
    (u64::from(score) << 32) | u64::from(!position)
}

/// The score and the position of a key.
#[expect(clippy::cast_possible_truncation, reason = "the two halves of the key")]
pub(super) const fn parts(key: u64) -> (u16, u32) {
    ((key >> 32) as u16, !(key as u32))
}

impl Best {
    /// Whether a key would be kept; `most` are wanted.
    #[inline]
    const fn wants(&self, key: u64, most: usize) -> bool {
        key > self.floor && most > 0
    }

    /// Offers a key; `most` are wanted. Nearly always one comparison.
    #[inline]
    pub(super) fn offer(&mut self, key: u64, most: usize) {
        if !self.wants(key, most) {
            return;
        }
        if self.keys.is_empty() {
            self.keys.reserve_exact(room(most).min(MOST_AT_FIRST));
        }
        self.keys.push(key);
        if self.keys.len() >= room(most) {
            self.floor = cut(&mut self.keys, most);
            self.keys.truncate(most);
        }
    }

    /// Takes over what another kept.
    pub(super) fn join(&mut self, other: Self, most: usize) {
        self.floor = self.floor.max(other.floor);
        self.keys.extend(other.keys);
        if self.keys.len() > most && most > 0 {
            self.floor = cut(&mut self.keys, most);
            self.keys.truncate(most);
        }
    }

    /// The best keys, greatest first.
    pub(super) fn sorted(mut self, most: usize) -> Vec<u64> {
        self.keys.sort_unstable_by_key(|key| Reverse(*key));
        self.keys.truncate(most);
        self.keys
    }
}

/// Longer lists than this get their room as they fill: few of those asked for do.
const MOST_AT_FIRST: usize = 256;

/// For how many keys there is room where so many are wanted: a little more, so that the floor soon is high.
const fn room(most: usize) -> usize {
    most.saturating_add(most / 4).saturating_add(8)
}

/// The best of each of some members, side by side in one place that is used again and again.
#[derive(Debug, Default)]
pub(super) struct BestOfEach {
    most: usize,
    keys: Vec<u64>,
    lists: Vec<Listed>,
}

/// How many keys of a member are there; keys up to the floor are not among the best any more.
#[derive(Debug, Clone, Copy, Default)]
struct Listed {
    floor: u64,
    count: usize,
}

impl BestOfEach {
    /// Begins with empty lists for so many members; `most` are wanted of each.
    pub(super) fn begin(&mut self, members: usize, most: usize) {
        self.most = most;
        self.keys.resize(members * room(most), 0);
        self.lists.clear();
        self.lists.resize(members, Listed::default());
    }

    /// Offers a key to one member's list.
    #[inline]
    pub(super) fn offer(&mut self, member: usize, key: u64) {
        let room = room(self.most);
        let Some(list) = self.lists.get_mut(member) else {
            return;
        };
        if key <= list.floor || self.most == 0 {
            return;
        }
        let Some(keys) = self.keys.get_mut(member * room..(member + 1) * room) else {
            return;
        };
        if let Some(place) = keys.get_mut(list.count) {
            *place = key;
        }
        list.count += 1;
        if list.count == room {
            list.floor = cut(keys, self.most);
            list.count = self.most;
        }
    }

    /// The best keys of a member, greatest first.
    pub(super) fn sorted(&mut self, member: usize) -> &[u64] {
        let room = room(self.most);
        let count = self.lists.get(member).map_or(0, |list| list.count);
        let keys = self.keys.get_mut(member * room..member * room + count);
        let keys = keys.unwrap_or_default();
        keys.sort_unstable_by_key(|key| Reverse(*key));
        keys.get(..self.most.min(count)).unwrap_or_default()
    }
}

/// Puts the greatest keys first, so many as are wanted, and gives the least of them.
#[cold]
fn cut(keys: &mut [u64], most: usize) -> u64 {
    let (_, last, _) = keys.select_nth_unstable_by_key(most - 1, |key| Reverse(*key));
    *last
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_keeps_what_sorting_all_would_keep(
            scores in prop::collection::vec(0..50_u16, 0..300),
            most in 0..12_usize,
            split in 0..300_usize,
        ) {
            let keys: Vec<u64> = (0_u32..).zip(&scores).map(|(position, score)| key(*score, position)).collect();
            let (front, back) = keys.split_at(split.min(keys.len()));
            let [mut one, mut other] = [front, back].map(|part| {
                let mut best = Best::default();
                for key in part {
                    best.offer(*key, most);
                }
                best
            });
            if split % 2 == 0 {
                std::mem::swap(&mut one, &mut other);
            }
            one.join(other, most);
            let mut each = BestOfEach::default();
            for members in [2, 3] {
                each.begin(members, most);
                for key in &keys {
                    each.offer(1, *key);
                }
            }
            let of_each: Vec<(u16, u32)> = each.sorted(1).iter().copied().map(parts).collect();
            prop_assert!(each.sorted(0).is_empty() && each.sorted(2).is_empty());
            let mut all: Vec<(Reverse<u16>, u32)> = scores.iter().copied().map(Reverse).zip(0..).collect();
            all.sort_unstable();
            let expected: Vec<(u16, u32)> = all.into_iter().take(most).map(|(score, place)| (score.0, place)).collect();
            let kept: Vec<(u16, u32)> = one.sorted(most).into_iter().map(parts).collect();
            prop_assert_eq!(&kept, &expected);
            prop_assert_eq!(of_each, expected);
        }
    }
}
