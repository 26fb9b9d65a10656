//! The half hours in which a role meets on one clock, and who of 64 people is free in enough of them, counted all at once.

use super::session::Sessions;
use super::week::{SLOTS, each_slot};

/// Planes of a counter up to the half hours of a week.
const PLANES: u32 = 9;

/// Half hours with a meeting, and of how many of them no one can do with less.
#[derive(Debug)]
pub(crate) struct HalfHours {
    slots: Box<[u16]>,
    least: u32,
    /// Whether so many are always enough: each half hour holds as many minutes as any.
    pub(crate) is_exact: bool,
}

impl HalfHours {
    /// Those of some meetings, of which so many minutes are asked. Where half hours hold different numbers of minutes (a clock
    /// changes), each is taken for the longest: a bound.
    pub(crate) fn of(sessions: &Sessions, asked: u32) -> Self {
        let (slots, most) = sessions.bound();
        let slots: Box<[u16]> = each_slot(&slots)
            .filter_map(|slot| slot.try_into().ok())
            .collect();
        Self {
            is_exact: slots.len() * most as usize == sessions.minutes() as usize,
            slots,
            least: asked.div_ceil(most.max(1)),
        }
    }

    /// Of 64 people those who are free in enough of them; `week` has a word for each half hour, of who is free in it.
    pub(crate) fn enough(&self, week: &[u64; SLOTS]) -> u64 {
        at_least(self.least, week, &self.slots)
    }
}

/// Of 64 people those who are free in at least so many of the half hours.
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
