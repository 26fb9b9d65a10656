//! A role's meetings on one clock: runs of half hours that come back week after week, so that minutes in common, time off
//! taken out, are a mask, a count and a product for each run. A run ends where a clock changes, and nothing is rounded: the
//! minutes of each half hour are counted one by one.

use std::sync::Arc;

use super::week::{SLOT, SLOTS, Slots, for_each_slot, insert};
use super::{DAY, Segment, Span, midnight};
use crate::model::TimeOff;

/// Some days in a row, as numbers since 1970, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Days {
    pub(crate) first: i32,
    pub(crate) last: i32,
}

impl Days {
    /// No day at all.
    pub(crate) const NONE: Self = Self {
        first: i32::MAX,
        last: i32::MIN,
    };

    pub(crate) fn of(first: chrono::NaiveDate, last: chrono::NaiveDate) -> Self {
        Self {
            first: number(midnight(first) / DAY),
            last: number(midnight(last) / DAY),
        }
    }

    #[inline]
    pub(crate) const fn covers(self, other: Self) -> bool {
        self.first <= other.first && other.last <= self.last
    }

    #[inline]
    pub(crate) const fn touches(self, other: Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }
}

/// Time off as days, sorted; what overlaps or follows without a gap is one run.
pub(crate) fn away_days(time_off: &[TimeOff]) -> Vec<Days> {
    let mut runs: Vec<Days> = time_off
        .iter()
        .map(|off| Days::of(off.start(), off.end()))
        .collect();
    runs.sort_unstable_by_key(|run| run.first);
    runs.dedup_by(|next, kept| {
        let is_joined = next.first <= kept.last.saturating_add(1);
        if is_joined {
            kept.last = kept.last.max(next.last);
        }
        is_joined
    });
    runs
}

/// How many bits a byte has: a look-up is cheaper than counting where the processor is taken for any of its kind.
#[expect(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "worked out when compiling; a byte has at most eight"
)]
const ONES: [u8; 256] = {
    let mut ones = [0; 256];
    let mut byte = 1;
    while byte < ones.len() {
        ones[byte] = ones[byte / 2] + (byte % 2) as u8;
        byte += 1;
    }
    ones
};

/// Up to eight half hours of one day that come back on the same weekday for some weeks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Run {
    /// The day of the first week.
    first: i32,
    weeks: u16,
    /// Minutes of meetings in each half hour, each week.
    minutes: u16,
    /// Those of all weeks.
    each: u32,
    /// The half hours: `mask` moved up by `shift` in this word of the week.
    word: u8,
    shift: u8,
    mask: u8,
}

impl Run {
    /// How many of these half hours are in a week.
    #[inline]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::indexing_slicing,
        reason = "the mask keeps eight bits anyway, and the table has an entry for each of them"
    )]
    fn shared_with(self, week: &Slots) -> u32 {
        let word = week.get(usize::from(self.word)).copied().unwrap_or(0);
        ONES[usize::from((word >> self.shift) as u8 & self.mask)].into()
    }

    /// In how many of its weeks its day is one of these days.
    #[inline]
    fn weeks_in(self, days: Days) -> u32 {
        // The number of weeks that begin before a day: those at `first`, `first + 7`, ...
        let before = |day: i32| {
            let passed = day
                .saturating_sub(self.first)
                .clamp(0, 7 * i32::from(self.weeks));
            passed.unsigned_abs().div_ceil(7)
        };
        before(days.last.saturating_add(1)) - before(days.first)
    }
}

/// All meetings of a role on one clock. Copies share their runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sessions {
    runs: Arc<[Run]>,
    /// First and last day with a meeting.
    days: Days,
}

impl Sessions {
    /// The meetings of these spans on a clock. Costs a sort of their half hours.
    pub(crate) fn new(spans: &[Span], clock: &[Segment]) -> Self {
        let mut held: Vec<Held> = Vec::new();
        for span in spans {
            for_each_slot(*span, clock, &mut |day, start, end| {
                held.push(Held {
                    slot: u16::try_from(start / SLOT).unwrap_or(u16::MAX),
                    day: number(day),
                    minutes: u16::try_from(end - start).unwrap_or(0),
                });
            });
        }
        held.sort_unstable();
        // A half hour in which a meeting ends and another begins, or that a clock repeats.
        held.dedup_by(|next, kept| {
            let is_same = (next.slot, next.day) == (kept.slot, kept.day);
            if is_same {
                kept.minutes += next.minutes;
            }
            is_same
        });
        let mut weekly: Vec<Weekly> = held
            .chunk_by(|a, b| a.slot == b.slot && a.minutes == b.minutes && a.day + 7 == b.day)
            .filter_map(Weekly::of)
            .collect();
        weekly.sort_unstable();
        let days = Days {
            first: held.iter().map(|held| held.day).min().unwrap_or(i32::MAX),
            last: held.iter().map(|held| held.day).max().unwrap_or(i32::MIN),
        };
        Self {
            runs: runs(&weekly),
            days,
        }
    }

    /// Minutes of meetings in these half hours, over all weeks.
    #[inline]
    pub(crate) fn minutes_in(&self, week: &Slots) -> u32 {
        let runs = self.runs.iter();
        runs.map(|run| run.shared_with(week) * run.each).sum()
    }

    /// Minutes of all meetings.
    pub(crate) fn minutes(&self) -> u32 {
        self.minutes_in(&[u64::MAX; SLOTS.div_ceil(64)])
    }

    /// Every half hour with a meeting, and the most minutes that one of them holds over all weeks.
    pub(crate) fn bound(&self) -> (Slots, u32) {
        let mut union = Slots::default();
        let mut minutes = [0_u32; SLOTS];
        for run in self.runs.iter() {
            for bit in (0..8).filter(|bit| run.mask >> bit & 1 == 1) {
                let slot = usize::from(run.word) * 64 + usize::from(run.shift) + bit;
                insert(&mut union, slot);
                if let Some(held) = minutes.get_mut(slot) {
                    *held += run.each;
                }
            }
        }
        (union, minutes.into_iter().max().unwrap_or(0))
    }

    /// How many of these minutes fall on some days.
    #[inline]
    pub(crate) fn minutes_lost(&self, week: &Slots, away: Days) -> u32 {
        if !away.touches(self.days) {
            return 0;
        }
        let runs = self.runs.iter();
        runs.map(|run| run.weeks_in(away) * run.shared_with(week) * u32::from(run.minutes))
            .sum()
    }
}

#[cfg(test)]
impl Sessions {
    /// How many runs they are.
    pub(super) fn runs(&self) -> usize {
        self.runs.len()
    }
}

/// Minutes of meetings in one half hour of one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Held {
    slot: u16,
    day: i32,
    minutes: u16,
}

/// One half hour that comes back for some weeks; ordered so that those of one run follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Weekly {
    first: i32,
    weeks: u16,
    minutes: u16,
    slot: u16,
}

impl Weekly {
    fn of(held: &[Held]) -> Option<Self> {
        let first = held.first()?;
        Some(Self {
            first: first.day,
            weeks: u16::try_from(held.len()).ok()?,
            minutes: first.minutes,
            slot: first.slot,
        })
    }

    /// Whether the other can be in a run that begins with this one.
    const fn begins_run_of(&self, other: &Self) -> bool {
        self.first == other.first
            && self.weeks == other.weeks
            && self.minutes == other.minutes
            && self.slot / 64 == other.slot / 64
            && other.slot < self.slot + 8
    }
}

fn runs(weekly: &[Weekly]) -> Arc<[Run]> {
    let mut runs = Vec::new();
    let mut left = weekly;
    while let Some(begin) = left.first() {
        let length = left
            .iter()
            .take_while(|other| begin.begins_run_of(other))
            .count();
        let (members, rest) = left.split_at(length);
        runs.push(Run {
            first: begin.first,
            weeks: begin.weeks,
            minutes: begin.minutes,
            each: u32::from(begin.weeks) * u32::from(begin.minutes),
            word: u8::try_from(begin.slot / 64).unwrap_or(u8::MAX),
            shift: u8::try_from(begin.slot % 64).unwrap_or(0),
            mask: members
                .iter()
                .fold(0, |mask, member| mask | 1 << (member.slot - begin.slot)),
        });
        left = rest;
    }
    runs.into()
}

/// Days since 1970 fit in 32 bits: the calendar's years do.
fn number(day: i64) -> i32 {
    i32::try_from(day).unwrap_or(i32::MAX)
}
