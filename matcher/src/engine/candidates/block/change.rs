//! A block of which members come and go, and of which something new is asked.

use super::bit_rows::BitRows;
use super::{Block, Context, Likeness};
use crate::engine::calendar::{SLOTS, each_slot};
use crate::engine::candidates::member::Members;
use crate::engine::candidates::question::{Question, Row};
use crate::engine::candidates::skill::Pages;
use crate::engine::index::PreparedVolunteer;

/// The position of a member who is gone.
const GONE: u32 = u32::MAX;

/// What the members of a block share: number of the clock, and whether their skills are known.
pub(in crate::engine::candidates) type Group = (Option<usize>, bool);

/// The group of the blocks in which a volunteer can be.
pub(in crate::engine::candidates) fn group(volunteer: &PreparedVolunteer<'_>) -> Group {
    Likeness::of(volunteer).group()
}

impl Block {
    /// A block of one word, in which nobody is yet.
    pub(in crate::engine::candidates) fn of_nobody(
        (clock, has_known_skills): Group,
        rows: usize,
    ) -> Self {
        Self {
            clock,
            has_known_skills,
            positions: Vec::new(),
            members: Members::default(),
            pages: Pages::of_nobody(),
            words: 1,
            rows: BitRows::empty(rows),
            weeks: vec![[0; SLOTS]; usize::from(clock.is_some())],
        }
    }

    /// Whether nobody more has room in a block of one word.
    pub(in crate::engine::candidates) const fn is_full(&self) -> bool {
        self.positions.len() >= 64
    }

    /// Adds a member of the block's group to a block of one word that is not full, and gives their place. A step for each row
    /// they are in, each skill and each half hour.
    pub(in crate::engine::candidates) fn add(
        &mut self,
        position: u32,
        volunteer: &PreparedVolunteer<'_>,
        context: &Context<'_, '_>,
    ) -> usize {
        let place = self.positions.len();
        let bit = 1_u64 << (place % 64);
        self.positions.push(position);
        let weights = context.index.weights;
        let is_unlisted = self.pages.add(place, volunteer, context.holdings, weights);
        self.members.push(volunteer, is_unlisted, context.days);
        context.questions.for_each_row(volunteer, &mut |row| {
            self.rows.set_in_only_word(row, bit);
        });
        if let (Some(free), Some(week)) = (&volunteer.free, self.weeks.first_mut()) {
            for slot in each_slot(free.week.slots()) {
                if let Some(bits) = week.get_mut(slot) {
                    *bits |= bit;
                }
            }
        }
        place
    }

    /// Takes a member out of these rows, without one of which no role finds them. Their words are still looked at.
    pub(in crate::engine::candidates) fn take_out(
        &mut self,
        place: usize,
        rows: impl Iterator<Item = Row>,
    ) {
        if let Some(position) = self.positions.get_mut(place) {
            *position = GONE;
        }
        for row in rows {
            self.rows.take_out(row, place / 64, 1 << (place % 64));
        }
    }

    /// Adds the row after the last. What is asked of a skill is read from the pages; for all else, and for what has no number
    /// there, each member is looked at.
    pub(in crate::engine::candidates) fn add_row(
        &mut self,
        question: Question,
        context: &Context<'_, '_>,
    ) {
        let (index, questions) = (context.index, context.questions);
        let is_set = |position: u32| {
            let volunteer = index.volunteers.get(position as usize);
            volunteer.is_some_and(|volunteer| questions.is_not_closed(question, volunteer))
        };
        let mut row = vec![0_u64; self.words];
        let mut to_ask = vec![u64::MAX; self.words];
        if let Question::MustHave(skill, level) = question {
            to_ask.fill(0);
            let enough = questions.enough_credit();
            let brings = |number| context.holdings.brings(number, level, enough);
            for (word, enough, unknown) in self.pages.words_with(skill, brings) {
                if let (Some(bits), Some(ask)) = (row.get_mut(word), to_ask.get_mut(word)) {
                    (*bits, *ask) = (enough, unknown);
                }
            }
        }
        for (word, (bits, to_ask)) in row.iter_mut().zip(to_ask).enumerate() {
            let members = self.positions.iter().skip(word * 64).take(64).enumerate();
            for (bit, position) in members.filter(|(bit, _)| to_ask >> bit & 1 == 1) {
                *bits |= u64::from(*position != GONE && is_set(*position)) << bit;
            }
        }
        self.rows.push(&row);
    }

    /// Members who are not gone: place and position.
    pub(in crate::engine::candidates) fn living(&self) -> impl Iterator<Item = (usize, u32)> {
        let members = self.positions.iter().copied().enumerate();
        members.filter(|(_, position)| *position != GONE)
    }

    /// Positions from this one on are one more, or one less.
    pub(in crate::engine::candidates) fn move_positions(&mut self, from: u32, by: i32) {
        for position in &mut self.positions {
            if *position >= from && *position != GONE {
                *position = position.saturating_add_signed(by);
            }
        }
    }
}
