//! Which roles to look at for one volunteer: each role is posted at one of its must-haves, with other rows that it asks, and
//! a volunteer is shown those posted at what they bring whose other rows they are in. So of ten thousand roles some hundred
//! are searched, and no eligible one is missed.

use super::block::Block;
use super::question::{Asked, Questions, Row};
use crate::engine::index::PreparedVolunteer;

/// No row.
const NONE: u32 = u32::MAX;

/// A role, posted. Rows for which there is no room are left to the search.
#[derive(Debug, Clone, Copy)]
struct Posting {
    /// Position in the index.
    role: u32,
    /// Must-haves without a learning seat.
    must_haves: [u32; 3],
    /// Rows that are not about skills.
    all: [u32; 4],
}

/// Open roles, each at the must-have that is brought by people in the fewest words.
#[derive(Debug, Default)]
pub(super) struct Postings {
    /// A role with a learning seat is at the row of those who wish to learn the skill too.
    by_row: Vec<Vec<Posting>>,
    /// Roles without a must-have.
    of_everybody: Vec<Posting>,
    /// For each row, how many words of the blocks had a bit when it was first asked: how rare it is.
    words: Vec<u32>,
}

impl Posting {
    fn of(role: u32, asked: &Asked) -> Self {
        let mut posting = Self {
            role,
            must_haves: [NONE; 3],
            all: [NONE; 4],
        };
        let plain = asked
            .must_haves
            .iter()
            .filter(|(_, lesson)| lesson.is_none());
        for (place, (row, _)) in posting.must_haves.iter_mut().zip(plain) {
            *place = super::narrow(*row);
        }
        for (place, row) in posting.all.iter_mut().zip(&asked.all) {
            *place = super::narrow(*row);
        }
        posting
    }
}

/// The rows that a volunteer is in.
struct Rows(Vec<u64>);

impl Rows {
    fn has(&self, row: u32) -> bool {
        let word = self.0.get(row as usize / 64);
        row == NONE || word.is_some_and(|bits| bits >> (row % 64) & 1 == 1)
    }

    fn have(&self, rows: &[u32]) -> bool {
        rows.iter().all(|row| self.has(*row))
    }
}

impl Postings {
    /// Posts a role.
    pub(super) fn add(&mut self, role: u32, asked: &Asked, blocks: &[Block]) {
        let posting = Posting::of(role, asked);
        self.for_each_list(asked, blocks, |list| list.push(posting));
    }

    /// Takes down what `add` posted.
    pub(super) fn remove(&mut self, role: u32, asked: &Asked, blocks: &[Block]) {
        self.for_each_list(asked, blocks, |list| {
            if let Some(at) = list.iter().position(|posting| posting.role == role) {
                list.swap_remove(at);
            }
        });
    }

    /// Positions from this one on are one more, or one less.
    pub(super) fn move_positions(&mut self, from: u32, by: i32) {
        let lists = self.by_row.iter_mut().chain([&mut self.of_everybody]);
        for posting in lists.flatten() {
            if posting.role >= from {
                posting.role = posting.role.saturating_add_signed(by);
            }
        }
    }

    /// The roles to look at for a volunteer, in no order; one with a learning seat may be there twice.
    pub(super) fn shown_to(
        &self,
        volunteer: &PreparedVolunteer<'_>,
        questions: &Questions,
    ) -> Vec<u32> {
        let mut rows = Rows(vec![0; questions.count().div_ceil(64)]);
        let mut brought: Vec<Row> = Vec::new();
        questions.for_each_row(volunteer, &mut |row| {
            if let Some(bits) = rows.0.get_mut(row / 64) {
                *bits |= 1 << (row % 64);
            }
            brought.push(row);
        });
        let knows_skills = volunteer.holdings.is_some();
        let mut roles = Vec::new();
        let mut show = |list: &[Posting]| {
            let shown = list.iter().filter(|posting| {
                rows.have(&posting.all) && (!knows_skills || rows.have(&posting.must_haves))
            });
            roles.extend(shown.map(|posting| posting.role));
        };
        show(&self.of_everybody);
        if knows_skills {
            for row in brought {
                show(self.by_row.get(row).map_or(&[], Vec::as_slice));
            }
        } else {
            // Nobody knows what they bring: no must-have keeps them out.
            self.by_row.iter().for_each(|list| show(list));
        }
        roles
    }

    /// How many words of the blocks have people with the rarest must-have of a role; as many as can be without one.
    pub(super) fn words_of(&self, asked: &Asked) -> u32 {
        self.rarest(asked).map_or(u32::MAX, |(row, lesson)| {
            self.words_in(row) + lesson.map_or(0, |row| self.words_in(row))
        })
    }

    fn rarest(&self, asked: &Asked) -> Option<(Row, Option<Row>)> {
        let must_haves = asked.must_haves.iter().copied();
        must_haves.min_by_key(|(row, lesson)| {
            self.words_in(*row) + lesson.map_or(0, |row| self.words_in(row))
        })
    }

    fn words_in(&self, row: Row) -> u32 {
        self.words.get(row).copied().unwrap_or(0)
    }

    /// Changes the lists of a role: the same ones each time, since words are counted once.
    fn for_each_list(
        &mut self,
        asked: &Asked,
        blocks: &[Block],
        change: impl Fn(&mut Vec<Posting>),
    ) {
        for (row, lesson) in &asked.must_haves {
            self.count_words(*row.max(&lesson.unwrap_or(0)), blocks);
        }
        let Some((row, lesson)) = self.rarest(asked) else {
            return change(&mut self.of_everybody);
        };
        for row in [Some(row), lesson].into_iter().flatten() {
            if let Some(list) = self.by_row.get_mut(row) {
                change(list);
            }
        }
    }

    /// Counts the words of the rows up to this one, where they are not counted yet.
    fn count_words(&mut self, up_to: Row, blocks: &[Block]) {
        for row in self.words.len()..=up_to {
            let words = blocks.iter().map(|block| block.summary(row).count_ones());
            self.words.push(words.sum());
            self.by_row.push(Vec::new());
        }
    }
}
