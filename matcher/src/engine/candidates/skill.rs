//! What the members of a block bring to each skill, one byte each: the number of a holding in a table that all blocks share.
//! So what a person brings to a need at some level is three loads: a page, a byte of it, an entry of the table.
//!
//! A few hundred different holdings describe everybody, since levels, relations and years are few. Whatever does not fit in
//! a byte is marked [`UNLISTED`], and the pair is left to the readable score.

use std::collections::HashMap;

use super::super::index::{Holding, Index, PreparedVolunteer};
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
    fn of(holding: &Holding, weights: &Weights) -> Self {
        let evidence = holding.is_own().then(|| {
            let years = holding.years();
            Evidence {
                worth: years.map_or(weights.neutral.get(), |years| {
                    by_count(&weights.evidence.by_years, usize::from(years))
                }),
                is_known: years.is_some(),
            }
        });
        Self {
            credit: holding.credit(),
            is_level_known: holding.is_level_known(),
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

    /// Adds what is met of a need of this weight.
    #[inline]
    pub(super) const fn add(self, other: Self, weight: u64) -> Self {
        Self(self.0 + other.0 * weight)
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
    /// By level asked, then number.
    met: Box<[[Met; 256]; 5]>,
}

impl Holdings {
    /// Numbers the commonest holdings, counted among evenly chosen volunteers.
    pub(super) fn of(index: &Index<'_>) -> Self {
        let every = index.volunteers.len().div_ceil(MOST_COUNTED).max(1);
        let mut counts: HashMap<Kind, u32> = HashMap::new();
        for volunteer in index.volunteers.iter().step_by(every) {
            for holding in volunteer.holdings.iter().flatten() {
                *counts.entry(Kind::of(holding, index.weights)).or_insert(0) += 1;
            }
        }
        let mut kinds: Vec<(u32, Kind)> = counts
            .into_iter()
            .map(|(kind, count)| (u32::MAX - count, kind))
            .collect();
        kinds.sort_unstable();
        let mut numbers = HashMap::new();
        let mut met = Box::new([[Met::default(); 256]; 5]);
        for (number, (_, kind)) in (NOTHING + 1..UNLISTED).zip(kinds) {
            numbers.insert(kind, number);
            for (level, by_number) in met.iter_mut().enumerate() {
                if let Some(place) = by_number.get_mut(usize::from(number)) {
                    *place = Met::of(&kind, level);
                }
            }
        }
        Self { numbers, met }
    }

    fn number(&self, holding: &Holding, weights: &Weights) -> u8 {
        let found = self.numbers.get(&Kind::of(holding, weights));
        found.copied().unwrap_or(UNLISTED)
    }
}

/// What the members of one block bring, by skill and by word of 64 members. Words in which nobody brings anything share one
/// page of nothing.
pub(super) struct Pages {
    words: usize,
    /// By skill, then word: number of a page.
    numbers: Box<[u32]>,
    pages: Box<[[u8; 64]]>,
}

impl Pages {
    /// The pages of some members; the second part says of each word which of its members bring something unlisted.
    pub(super) fn of(
        members: &[&PreparedVolunteer<'_>],
        holdings: &Holdings,
        weights: &Weights,
    ) -> (Self, Box<[u64]>) {
        let words = members.len().div_ceil(64);
        let mut numbers: Vec<u32> = Vec::new();
        let mut pages = vec![[NOTHING; 64]];
        let mut unlisted = vec![0_u64; words];
        for (place, volunteer) in members.iter().enumerate() {
            for holding in volunteer.holdings.iter().flatten() {
                let entry = holding.skill as usize * words + place / 64;
                if numbers.len() <= entry {
                    numbers.resize((holding.skill as usize + 1) * words, 0);
                }
                let Some(page) = numbers.get_mut(entry) else {
                    continue;
                };
                if *page == 0 {
                    *page = super::narrow(pages.len());
                    pages.push([NOTHING; 64]);
                }
                let number = holdings.number(holding, weights);
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
            words,
            numbers: numbers.into(),
            pages: pages.into(),
        };
        (pages, unlisted.into())
    }

    /// What a member brings to a skill when a level (from 0) is asked: three loads.
    #[inline]
    #[expect(
        clippy::indexing_slicing,
        reason = "the innermost reads of the search; every number of a page is one of a page that there is"
    )]
    pub(super) fn met(&self, holdings: &Holdings, skill: u32, level: u8, place: usize) -> Met {
        let entry = skill as usize * self.words + place / 64;
        // Beyond the last skill that someone brings, there is nothing.
        let page = self.numbers.get(entry).copied().unwrap_or(0);
        let number = self.pages[page as usize][place % 64];
        holdings.met[usize::from(level)][usize::from(number)]
    }
}
