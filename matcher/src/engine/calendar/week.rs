//! A week on somebody's clock in 336 half hours.
//!
//! A volunteer's windows are weekly and local, so one mask of half hours says them for every date. What changes with the
//! dates is where a role's meetings fall on the volunteer's clock (`session`): that is counted once for each role and clock,
//! with the offsets of the very dates, and minutes in common are then a few masks and counts. Nothing is rounded: a role's
//! minutes are counted one by one, and windows that begin or end inside a half hour are compared minute by minute.

use super::{DAY, Segment, Span};
use crate::model::WeeklyWindow;

/// Half hours in a week.
pub(crate) const SLOTS: usize = 336;

/// Minutes in a half hour.
pub(super) const SLOT: i64 = 30;

/// Minutes in a week.
const WEEK: i64 = 7 * DAY;

/// A set of half hours of a week, Monday 00:00 first.
pub(crate) type Slots = [u64; SLOTS.div_ceil(64)];

/// When someone is free, week after week, on their own clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Week {
    slots: Slots,
    /// The windows as minutes of the week, merged, when some begin or end inside a half hour.
    odd: Option<Box<[(i64, i64)]>>,
}

impl Week {
    /// The week of these windows; those that overlap count once.
    pub(crate) fn new(windows: &[WeeklyWindow]) -> Self {
        let mut slots = Slots::default();
        let mut minutes: Vec<Span> = Vec::with_capacity(windows.len());
        for window in windows {
            let day = i64::from(window.weekday().num_days_from_monday()) * DAY;
            let start = day + i64::from(window.start_minute());
            let end = day + i64::from(window.end_minute());
            minutes.push(Span { start, end });
            for slot in start / SLOT..(end + SLOT - 1) / SLOT {
                insert(&mut slots, usize::try_from(slot).unwrap_or(SLOTS));
            }
        }
        let is_odd = |span: &Span| span.start % SLOT != 0 || span.end % SLOT != 0;
        let odd = minutes.iter().any(is_odd).then(|| {
            super::merged(minutes)
                .iter()
                .map(|span| (span.start, span.end))
                .collect()
        });
        Self { slots, odd }
    }

    /// Every half hour that a window touches.
    pub(crate) const fn slots(&self) -> &Slots {
        &self.slots
    }

    /// Whether the half hours say all: no window begins or ends inside one.
    pub(crate) const fn is_on_half_hours(&self) -> bool {
        self.odd.is_none()
    }

    /// Free minutes of a stretch of minutes of the week that lies inside one half hour.
    fn free_in(&self, start: i64, end: i64) -> i64 {
        match &self.odd {
            None if contains(&self.slots, start / SLOT) => end - start,
            None => 0,
            Some(windows) => windows
                .iter()
                .map(|(from, to)| (end.min(*to) - start.max(*from)).max(0))
                .sum(),
        }
    }
}

/// Minutes of the spans at which the clock shows a free time of the week: one step for each half hour of the spans.
pub(crate) fn minutes_free(spans: &[Span], clock: &[Segment], week: &Week) -> i64 {
    let mut total = 0;
    for span in spans {
        for_each_slot(*span, clock, &mut |_, start, end| {
            total += week.free_in(start, end);
        });
    }
    total
}

/// Gives a span as stretches of minutes of the week on the clock, none longer than a half hour, each with the number of the
/// day that the clock then shows.
pub(super) fn for_each_slot(span: Span, clock: &[Segment], visit: &mut impl FnMut(i64, i64, i64)) {
    let from = clock.partition_point(|segment| segment.end <= span.start);
    let touched = clock
        .iter()
        .skip(from)
        .take_while(|segment| segment.start < span.end);
    for segment in touched {
        let mut local = span.start.max(segment.start) + segment.offset;
        let end = span.end.min(segment.end) + segment.offset;
        while local < end {
            let next = (local.div_euclid(SLOT) + 1) * SLOT;
            let reached = next.min(end);
            // 1970 began on a Thursday, three days after a Monday.
            let start = (local + 3 * DAY).rem_euclid(WEEK);
            visit(local.div_euclid(DAY), start, start + (reached - local));
            local = reached;
        }
    }
}

/// The numbers of the half hours in a set, ascending.
#[inline]
pub(crate) fn each_slot(slots: &Slots) -> impl Iterator<Item = usize> {
    let words = slots.iter().enumerate();
    words.flat_map(|(word, bits)| {
        let mut left = *bits;
        std::iter::from_fn(move || {
            let bit = (left != 0).then(|| left.trailing_zeros() as usize)?;
            left &= left - 1;
            Some(word * 64 + bit)
        })
    })
}

pub(super) fn insert(slots: &mut Slots, slot: usize) {
    if let Some(word) = slots.get_mut(slot / 64) {
        *word |= 1 << (slot % 64);
    }
}

fn contains(slots: &Slots, slot: i64) -> bool {
    let slot = usize::try_from(slot).unwrap_or(SLOTS);
    slots
        .get(slot / 64)
        .is_some_and(|word| word >> (slot % 64) & 1 == 1)
}
