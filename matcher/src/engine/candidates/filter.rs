//! The filter: which members of a block may pass all gates of a role. It reads one word of 64 people at a time, and only
//! words in which somebody may have every must-have.
//!
//! For a role and a block it costs some ten instructions where nobody has the must-haves, and for each word that is left
//! a load for each row asked, with a few more for each half hour of the meetings.

use super::super::calendar::SLOTS;
use super::block::Block;
use super::question::{Asked, Row};
use super::time::Time;

/// Of so many people in a word the half hours are counted all at once; of fewer one by one, with the exact gate.
const WORTH_COUNTING: u32 = 4;

/// Planes of a counter up to the half hours of a week.
const PLANES: u32 = 9;

/// The words in which somebody may have every must-have and each other row that is asked.
#[inline]
pub(super) fn words(block: &Block, asked: &Asked) -> u64 {
    let mut live = block.every_word();
    for (row, lesson) in must_haves(block, asked) {
        live &= block.summary(*row) | lesson.map_or(0, |row| block.summary(row));
    }
    for row in &asked.all {
        live &= block.summary(*row);
    }
    live
}

const fn must_haves<'q>(block: &Block, asked: &'q Asked) -> &'q [(Row, Option<Row>)] {
    if block.has_known_skills {
        &asked.must_haves
    } else {
        &[]
    }
}

/// Puts the places of all members of the live words who are not gated for sure into `survivors`, ascending.
pub(super) fn survivors(
    block: &Block,
    mut live: u64,
    asked: &Asked,
    time: Option<&Time>,
    survivors: &mut Vec<u32>,
) {
    survivors.clear();
    let must_haves = must_haves(block, asked);
    while live != 0 {
        let number = live.trailing_zeros();
        let word = number as usize;
        live &= live - 1;
        let mut open = block.everyone_in(word);
        for (row, lesson) in must_haves {
            open &= block.word(*row, word) | lesson.map_or(0, |row| block.word(row, word));
        }
        for row in &asked.all {
            open &= block.word(*row, word);
        }
        if open == 0 {
            continue;
        }
        if let Some(time) = time
            && open.count_ones() >= WORTH_COUNTING
        {
            open &= at_least(time.half_hours, block.week(word), &time.slots);
        }
        while open != 0 {
            survivors.push(number * 64 + open.trailing_zeros());
            open &= open - 1;
        }
    }
}

/// The people of a word who are free in at least so many of the half hours.
fn at_least(half_hours: u32, week: &[u64; SLOTS], slots: &[u16]) -> u64 {
    match half_hours.next_power_of_two().trailing_zeros() {
        _ if half_hours == 0 => u64::MAX,
        0 => overflowing::<0>(half_hours, week, slots),
        1 => overflowing::<1>(half_hours, week, slots),
        2 => overflowing::<2>(half_hours, week, slots),
        3 => overflowing::<3>(half_hours, week, slots),
        4..=PLANES => overflowing::<{ PLANES as usize }>(half_hours, week, slots),
        _ => 0,
    }
}

/// 64 counters in vertical planes, begun so that they overflow when the number is reached. Two operations for each half hour
/// and plane; two half hours need one plane.
#[inline]
fn overflowing<const PLANES: usize>(half_hours: u32, week: &[u64; SLOTS], slots: &[u16]) -> u64 {
    let begin = (1 << PLANES) - half_hours;
    let mut planes = [0_u64; PLANES];
    for (plane, bits) in planes.iter_mut().enumerate() {
        *bits = if begin >> plane & 1 == 1 { u64::MAX } else { 0 };
    }
    let mut reached = 0;
    for slot in slots {
        let mut carry = week.get(usize::from(*slot)).copied().unwrap_or(0);
        for plane in &mut planes {
            let next = *plane & carry;
            *plane ^= carry;
            carry = next;
        }
        reached |= carry;
    }
    reached
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn counters_agree_with_counting(
            half_hours in 0..40_u32,
            columns in prop::collection::vec(any::<u64>(), 40),
            held in prop::collection::btree_set(0..40_usize, 0..40),
        ) {
            let mut week = [0; SLOTS];
            for (slot, bits) in columns.iter().enumerate() {
                week[slot * 8] = *bits;
            }
            let slots: Vec<u16> = held.iter().map(|slot| u16::try_from(slot * 8).unwrap()).collect();
            let found = at_least(half_hours, &week, &slots);
            for person in 0..64 {
                let free = held.iter().filter(|slot| columns[**slot] >> person & 1 == 1).count();
                prop_assert_eq!(found >> person & 1 == 1, free >= half_hours as usize);
            }
        }
    }
}
