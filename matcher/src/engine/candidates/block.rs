//! Up to 4096 volunteers as vertical bitsets: one row of bits for each question, one bit for each volunteer.
//!
//! A block holds people of one clock (so that a half hour is the same row for all of them) whose skills are either all
//! known or all unknown; people with the same strongest skills lie together, so that most words of a skill's row are
//! empty, and those take no room.

mod bit_rows;
mod change;

use rayon::prelude::*;

use self::bit_rows::BitRows;
use super::super::calendar::{Days, SLOTS, each_slot};
use super::super::index::{Index, PreparedVolunteer};
use super::member::{Member, Members};
use super::question::{Questions, Row};
use super::skill::{Holdings, Pages};
use crate::model::Level;

pub(super) use change::{Group, group};

/// Most volunteers in a block: as many words as one word has bits.
const MOST_MEMBERS: usize = 64 * 64;

/// Few volunteers are laid out in about so many blocks, so that the threads share them evenly.
const ENOUGH_BLOCKS: usize = 32;

/// The least room of a block: below, looking at each costs more than even shares are worth.
const LEAST_ROOM: usize = 64 * 8;

/// Volunteers with their rows.
pub(super) struct Block {
    /// Number of their clock; `None` when it is not known when they are free.
    pub(super) clock: Option<usize>,
    pub(super) has_known_skills: bool,
    /// Positions of the members in the index.
    pub(super) positions: Vec<u32>,
    pub(super) members: Members,
    pub(super) pages: Pages,
    /// Words in a row, 1 to 64.
    words: usize,
    rows: BitRows,
    /// For each word, the half hours of the week of its 64 members. Word by word, since a search looks at many half hours
    /// of a few words.
    weeks: Vec<[u64; SLOTS]>,
}

/// What making blocks needs.
pub(super) struct Context<'i, 'a> {
    pub(super) index: &'i Index<'a>,
    pub(super) questions: &'i Questions,
    pub(super) holdings: &'i Holdings,
    /// All days that some role looks at.
    pub(super) days: Days,
}

/// Blocks of all volunteers who may be proposed at all.
pub(super) fn blocks(context: &Context<'_, '_>) -> Vec<Block> {
    let index = context.index;
    let mut sorted: Vec<(Likeness, u32)> = (0_u32..)
        .zip(&index.volunteers)
        .filter(|(_, volunteer)| volunteer.is_available)
        .map(|(position, volunteer)| (Likeness::of(volunteer), position))
        .collect();
    sorted.par_sort_unstable();
    let room = (sorted.len() / ENOUGH_BLOCKS).clamp(LEAST_ROOM, MOST_MEMBERS);
    let groups = sorted.chunk_by(|(a, _), (b, _)| a.group() == b.group());
    let chunks: Vec<&[(Likeness, u32)]> = groups
        .flat_map(|group| {
            // Blocks of one group are of one size, so that threads share the work well.
            let blocks = group.len().div_ceil(room);
            group.chunks(group.len().div_ceil(blocks).next_multiple_of(64))
        })
        .collect();
    chunks
        .into_par_iter()
        .map(|chunk| {
            let likeness = chunk
                .first()
                .map_or(Likeness::default(), |(likeness, _)| *likeness);
            let positions = chunk.iter().map(|(_, position)| *position).collect();
            Block::of(likeness, positions, context)
        })
        .collect()
}

/// What people in one block share, and in which order they lie.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Likeness {
    clock: Option<usize>,
    has_known_skills: bool,
    /// Numbers of their strongest skills among those that are asked.
    strongest: [Option<u32>; 2],
}

impl Likeness {
    fn of(volunteer: &PreparedVolunteer<'_>) -> Self {
        let mut strongest: [Option<(u16, u32)>; 2] = [None; 2];
        for holding in volunteer.each_holding() {
            let found = (holding.worth.credit_at(Level::MOST), holding.skill);
            if holding.worth.is_own() && strongest[0].is_none_or(|(credit, _)| found.0 > credit) {
                strongest = [Some(found), strongest[0]];
            } else if holding.worth.is_own()
                && strongest[1].is_none_or(|(credit, _)| found.0 > credit)
            {
                strongest[1] = Some(found);
            }
        }
        Self {
            clock: volunteer.free.as_ref().map(|free| free.clock_number),
            has_known_skills: volunteer.holdings.is_some(),
            strongest: strongest.map(|found| found.map(|(_, skill)| skill)),
        }
    }

    const fn group(&self) -> (Option<usize>, bool) {
        (self.clock, self.has_known_skills)
    }
}

impl Block {
    fn of(likeness: Likeness, positions: Vec<u32>, context: &Context<'_, '_>) -> Self {
        let (index, questions) = (context.index, context.questions);
        let words = positions.len().div_ceil(64);
        let mut dense = vec![0_u64; questions.count() * words];
        let mut weeks = vec![[0_u64; SLOTS]; if likeness.clock.is_some() { words } else { 0 }];
        let volunteers: Vec<&PreparedVolunteer<'_>> = positions
            .iter()
            .filter_map(|position| index.volunteers.get(*position as usize))
            .collect();
        let (pages, unlisted) = Pages::of(&volunteers, context.holdings, index.weights);
        let mut members = Members::with_room_for(volunteers.len());
        for (place, volunteer) in volunteers.into_iter().enumerate() {
            let (word, bit) = (place / 64, 1_u64 << (place % 64));
            let is_unlisted = unlisted.get(word).is_some_and(|marks| marks & bit != 0);
            members.push(volunteer, is_unlisted, context.days);
            questions.for_each_row(volunteer, &mut |row| {
                if let Some(bits) = dense.get_mut(row * words + word) {
                    *bits |= bit;
                }
            });
            if let (Some(free), Some(week)) = (&volunteer.free, weeks.get_mut(word)) {
                for slot in each_slot(free.week.slots()) {
                    if let Some(bits) = week.get_mut(slot) {
                        *bits |= bit;
                    }
                }
            }
        }
        members.shrink();
        Self {
            clock: likeness.clock,
            has_known_skills: likeness.has_known_skills,
            positions,
            members,
            pages,
            words,
            rows: BitRows::of(&dense, words),
            weeks,
        }
    }

    /// A member, and their position in the index.
    #[inline]
    pub(super) fn member(&self, place: usize) -> Option<(&Member, u32)> {
        self.members
            .get(place)
            .zip(self.positions.get(place).copied())
    }

    /// A bit for each word there is.
    pub(super) const fn every_word(&self) -> u64 {
        u64::MAX >> (64 - self.words)
    }

    /// A bit for each member of a word.
    pub(super) fn everyone_in(&self, word: usize) -> u64 {
        let members = (self.positions.len() - word * 64).min(64);
        u64::MAX >> (64 - members)
    }
}

#[expect(
    clippy::indexing_slicing,
    reason = "the innermost reads of the search; rows and words come from the block itself"
)]
impl Block {
    /// Which words of a row may have a bit.
    #[inline]
    pub(super) fn summary(&self, row: Row) -> u64 {
        self.rows.summary(row)
    }

    /// One word of a row.
    #[inline]
    pub(super) fn word(&self, row: Row, word: usize) -> u64 {
        self.rows.word(row, word)
    }

    /// The week of the members of one word.
    #[inline]
    pub(super) fn week(&self, word: usize) -> &[u64; SLOTS] {
        &self.weeks[word]
    }
}
