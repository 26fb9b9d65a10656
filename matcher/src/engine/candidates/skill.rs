//! What the members of a block bring to each skill, one byte each: the number of a holding in a table that all blocks share.
//! So what a person brings to a need at some level is three loads: a page, a byte of it, an entry of the table.
//!
//! A few hundred different holdings describe everybody, since levels, relations and years are few. Whatever does not fit in
//! a byte is marked [`UNLISTED`], and the pair is left to the readable score.

mod change;

use std::collections::HashMap;

use super::super::index::{HoldingList, Index, PreparedVolunteer, Worth};
use super::super::score::by_count;
use crate::model::Weights;

/// The number of nothing at all.
const NOTHING: u8 = 0;

/// The number of every holding that got no number of its own.
const UNLISTED: u8 = u8::MAX;

/// Most volunteers whose holdings are counted to choose those that get a number.
const MOST_COUNTED: usize = 20_000;

/// Holdings that are worth the same to every role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Kind {
    credit: [u16; 5],
    is_level_known: bool,
    /// What the years are worth; `None` for a related skill.
    evidence: Option<Evidence>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Evidence {
    worth: u16,
    is_known: bool,
}

impl Kind {
    fn of(worth: &Worth, weights: &Weights) -> Self {
        let evidence = worth.is_own().then(|| {
            let years = worth.years();
            Evidence {
                worth: years.map_or(weights.neutral.get(), |years| {
                    by_count(&weights.evidence.by_years, usize::from(years))
                }),
                is_known: years.is_some(),
            }
        });
        Self {
            credit: worth.credit(),
            is_level_known: worth.is_level_known(),
            evidence,
        }
    }
}

/// What several needs are met with, added up in one number: `Σ weight × credit` and `Σ weight × worth` of the years in 24
/// bits each, the weights of unknown levels and of unknown years in 8. Twenty needs of weight 10 fill none of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Met(u64);

impl Met {
    fn of(kind: &Kind, level: usize) -> Self {
        let credit = kind.credit.get(level).copied().unwrap_or(0);
        let (worth, is_worth_known) = kind
            .evidence
            .map_or((0, true), |evidence| (evidence.worth, evidence.is_known));
        Self(
            u64::from(credit)
                | u64::from(worth) << 24
                | u64::from(!kind.is_level_known) << 48
                | u64::from(!is_worth_known) << 56,
        )
    }

    /// As much for a need of this weight.
    #[inline]
    pub(super) const fn times(self, weight: u64) -> Self {
        Self(self.0 * weight)
    }

    #[inline]
    pub(super) const fn and(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }

    pub(super) const fn credits(self) -> u32 {
        (self.0 & 0xFF_FFFF) as u32
    }

    pub(super) const fn worth_of_years(self) -> u32 {
        (self.0 >> 24 & 0xFF_FFFF) as u32
    }

    pub(super) const fn unknown_levels(self) -> u32 {
        (self.0 >> 48 & 0xFF) as u32
    }

    pub(super) const fn unknown_years(self) -> u32 {
        (self.0 >> 56) as u32
    }
}

/// The holdings by number.
pub(super) struct Holdings {
    numbers: HashMap<Kind, u8>,
    /// What each holding brings when a level is asked: by level from 0, then number.
    brought: Box<[Met; LEVELS << 8]>,
}

/// Levels from 0, rounded up to a power of two, so that no index is out of bounds.
const LEVELS: usize = 8;

impl Holdings {
    /// Numbers the commonest holdings, counted among evenly chosen volunteers.
    pub(super) fn of(index: &Index<'_>) -> Self {
        let every = index.volunteers.len().div_ceil(MOST_COUNTED).max(1);
        let mut counts: HashMap<Kind, u32> = HashMap::new();
        for volunteer in index.volunteers.iter().step_by(every) {
            for holding in volunteer.each_holding() {
                *counts
                    .entry(Kind::of(&holding.worth, index.weights))
                    .or_insert(0) += 1;
            }
        }
        let mut kinds: Vec<(u32, Kind)> = counts
            .into_iter()
            .map(|(kind, count)| (u32::MAX - count, kind))
            .collect();
        kinds.sort_unstable();
        let mut numbers = HashMap::new();
        let mut brought = Box::new([Met::default(); LEVELS << 8]);
        for (number, (_, kind)) in (NOTHING + 1..UNLISTED).zip(kinds) {
            numbers.insert(kind, number);
            for level in 0..kind.credit.len() {
                if let Some(place) = brought.get_mut(level << 8 | usize::from(number)) {
                    *place = Met::of(&kind, level);
                }
            }
        }
        Self { numbers, brought }
    }

    /// What the holding of a number brings when a level is asked, from 0.
    #[inline]
    #[expect(
        clippy::indexing_slicing,
        reason = "the index is below the table's length, which is a power of two"
    )]
    pub(super) fn met(&self, level: u8, number: u8) -> Met {
        self.brought[(usize::from(level) << 8 | usize::from(number)) % (LEVELS << 8)]
    }

    #[cfg(test)]
    pub(super) fn is_listed(&self, worth: &Worth, weights: &Weights) -> bool {
        self.number(worth, weights) != UNLISTED
    }

    fn number(&self, worth: &Worth, weights: &Weights) -> u8 {
        let found = self.numbers.get(&Kind::of(worth, weights));
        found.copied().unwrap_or(UNLISTED)
    }
}

/// What the members of one block bring, by word of 64 members and by skill. Skills of which nobody in a word brings anything
/// share one page of nothing.
pub(super) struct Pages {
    skills: usize,
    /// By word, then skill: number of a page.
    numbers: Box<[u32]>,
    bytes: Box<[[u8; 64]]>,
}

/// What one member brings.
#[derive(Clone, Copy)]
pub(super) struct Held<'p> {
    /// The pages of their word, by skill.
    numbers: &'p [u32],
    bytes: &'p [[u8; 64]],
    lane: usize,
}

impl Pages {
    /// The pages of some members; the second part says of each word which of its members bring something unlisted.
    pub(super) fn of(
        members: &[&PreparedVolunteer<'_>],
        holdings: &Holdings,
        weights: &Weights,
    ) -> (Self, Box<[u64]>) {
        let words = members.len().div_ceil(64);
        let lists = members.iter().filter_map(|one| one.holdings.as_ref());
        let last = lists.filter_map(HoldingList::last_skill).max();
        let skills = last.map_or(0, |last| last as usize + 1);
        let mut numbers = vec![0_u32; words * skills];
        let mut pages = vec![[NOTHING; 64]];
        let mut unlisted = vec![0_u64; words];
        for (place, volunteer) in members.iter().enumerate() {
            for holding in volunteer.each_holding() {
                let entry = place / 64 * skills + holding.skill as usize;
                let Some(page) = numbers.get_mut(entry) else {
                    continue;
                };
                if *page == 0 {
                    *page = super::narrow(pages.len());
                    pages.push([NOTHING; 64]);
                }
                let number = holdings.number(&holding.worth, weights);
                if let Some(byte) = pages
                    .get_mut(*page as usize)
                    .and_then(|page| page.get_mut(place % 64))
                {
                    *byte = number;
                }
                if let Some(marks) = unlisted.get_mut(place / 64).filter(|_| number == UNLISTED) {
                    *marks |= 1 << (place % 64);
                }
            }
        }
        let pages = Self {
            skills,
            numbers: numbers.into(),
            bytes: pages.into(),
        };
        (pages, unlisted.into())
    }

    /// What the member at a place brings.
    #[inline]
    pub(super) fn held_by(&self, place: usize) -> Held<'_> {
        let from = place / 64 * self.skills;
        Held {
            numbers: self
                .numbers
                .get(from..from + self.skills)
                .unwrap_or_default(),
            bytes: &self.bytes,
            lane: place % 64,
        }
    }
}

impl Held<'_> {
    /// The number of what they bring to a skill: two loads.
    #[inline]
    #[expect(
        clippy::indexing_slicing,
        reason = "the innermost reads of the search; every number of a page is one of a page that there is"
    )]
    pub(super) fn number(&self, skill: u32) -> u8 {
        // Beyond the last skill that someone brings, there is nothing.
        let page = self.numbers.get(skill as usize).copied().unwrap_or(0);
        self.bytes[page as usize][self.lane % 64]
    }
}
