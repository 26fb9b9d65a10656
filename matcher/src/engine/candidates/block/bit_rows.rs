//! The rows of a block: one bit for each member, of which only the words of 64 with a bit take room. Of each row one word
//! says which those are.
//!
//! People with the same strongest skills lie together, so most words of a skill's row are empty. Rows that are added later
//! bring room with them, until everybody is laid out anew.

use super::super::narrow;
use super::super::question::Row;

/// Rows of bits, at most 64 words each.
pub(super) struct BitRows {
    /// For each row, which of its words have room: all that have a bit.
    summaries: Vec<u64>,
    /// Where each row begins in `words`.
    starts: Vec<u32>,
    words: Vec<u64>,
}

impl BitRows {
    /// Takes over rows of so many words.
    pub(super) fn of(dense: &[u64], words: usize) -> Self {
        let count = dense.len() / words;
        let with_bits = dense.iter().filter(|bits| **bits != 0).count();
        let mut rows = Self {
            summaries: Vec::with_capacity(count),
            starts: Vec::with_capacity(count),
            words: Vec::with_capacity(with_bits),
        };
        for row in dense.chunks_exact(words) {
            rows.push(row);
        }
        rows
    }

    /// So many rows without a bit.
    pub(super) fn empty(count: usize) -> Self {
        Self {
            summaries: vec![0; count],
            starts: vec![0; count],
            words: Vec::new(),
        }
    }

    /// Adds a row after the last.
    pub(super) fn push(&mut self, row: &[u64]) {
        let has_bits = row.iter().zip(0..).filter(|(bits, _)| **bits != 0);
        let summary = has_bits.fold(0, |summary, (_, word)| summary | 1 << word);
        self.summaries.push(summary);
        self.starts.push(narrow(self.words.len()));
        self.words.extend(row.iter().filter(|bits| **bits != 0));
    }

    /// Sets a bit in the first word, where it is the only one.
    pub(super) fn set_in_only_word(&mut self, row: Row, bit: u64) {
        let (Some(summary), Some(start)) = (self.summaries.get_mut(row), self.starts.get_mut(row))
        else {
            return;
        };
        debug_assert!(*summary <= 1, "a row of one word");
        if *summary == 0 {
            *summary = 1;
            *start = narrow(self.words.len());
            self.words.push(0);
        }
        if let Some(bits) = self.words.get_mut(*start as usize) {
            *bits |= bit;
        }
    }

    /// Takes a bit out of a word, which keeps its room.
    pub(super) fn take_out(&mut self, row: Row, word: usize, bit: u64) {
        let summary = self.summaries.get(row).copied().unwrap_or(0);
        let Some(start) = self.starts.get(row).filter(|_| summary >> word & 1 == 1) else {
            return;
        };
        let place = *start as usize + before(summary, word);
        if let Some(bits) = self.words.get_mut(place) {
            *bits &= !bit;
        }
    }
}

#[expect(
    clippy::indexing_slicing,
    reason = "the innermost reads of the search; rows and words come from the block itself"
)]
impl BitRows {
    /// Which words of a row may have a bit.
    #[inline]
    pub(super) fn summary(&self, row: Row) -> u64 {
        self.summaries[row]
    }

    /// One word of a row.
    #[inline]
    pub(super) fn word(&self, row: Row, word: usize) -> u64 {
        let summary = self.summaries[row];
        if summary >> word & 1 == 0 {
            return 0;
        }
        self.words[self.starts[row] as usize + before(summary, word)]
    }
}

/// How many words before this one have room. Rows about place, hours and languages have nearly all their words, and bits are
/// counted only in the others.
#[inline]
const fn before(summary: u64, word: usize) -> usize {
    let earlier = (1 << word) - 1;
    if summary & earlier == earlier {
        word
    } else {
        (summary & earlier).count_ones() as usize
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn rows_read_as_they_were_given(
            (words, dense) in (prop_oneof![1..=64_usize, Just(64)], 1..5_usize).prop_flat_map(|(words, rows)| {
                let word = prop_oneof![Just(0), Just(u64::MAX), any::<u64>()];
                (Just(words), prop::collection::vec(word, words * rows))
            }),
            further in any::<u64>(),
        ) {
            let mut rows = BitRows::of(&dense, words);
            let mut dense: Vec<Vec<u64>> = dense.chunks_exact(words).map(<[u64]>::to_vec).collect();
            let more: Vec<u64> = (0..words).map(|word| if word % 3 == 0 { further } else { 0 }).collect();
            rows.push(&more);
            dense.push(more);
            for (row, expected) in dense.iter_mut().enumerate() {
                for (word, bits) in expected.iter_mut().enumerate() {
                    rows.take_out(row, word, further);
                    *bits &= !further;
                }
            }
            for (row, expected) in dense.iter().enumerate() {
                for (word, bits) in expected.iter().enumerate() {
                    prop_assert_eq!(rows.word(row, word), *bits);
                    prop_assert!(*bits == 0 || rows.summary(row) >> word & 1 == 1);
                }
            }
        }
    }

    #[test]
    fn rows_of_one_word_are_filled_bit_by_bit() {
        let mut rows = BitRows::empty(3);
        rows.set_in_only_word(2, 0b1);
        rows.set_in_only_word(0, 0b10);
        rows.set_in_only_word(2, 0b100);
        rows.push(&[0]);
        rows.push(&[0b1000]);
        assert_eq!(words(&rows, 5), [0b10, 0, 0b101, 0, 0b1000]);
        for row in 0..5 {
            rows.take_out(row, 0, u64::MAX);
        }
        assert_eq!(words(&rows, 5), [0; 5]);
        for row in 0..5 {
            rows.set_in_only_word(row, 1 << row);
        }
        assert_eq!(words(&rows, 5), [0b1, 0b10, 0b100, 0b1000, 0b10000]);
    }

    fn words(rows: &BitRows, count: usize) -> Vec<u64> {
        (0..count).map(|row| rows.word(row, 0)).collect()
    }
}
