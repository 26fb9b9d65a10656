//! What to choose from, checked once: positions and scores in range, no pair twice, in order.

use std::borrow::Cow;

/// The greatest score and bonus: what keeps every sum of the solvers inside of 32 bits.
pub const MOST: u32 = 1 << 20;

/// A pair that may be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Edge {
    /// Position of the role.
    pub role: u32,
    /// Position of the volunteer.
    pub volunteer: u32,
    /// Its score, at most [`MOST`]; a pair of score 0 is never chosen.
    pub score: u32,
}

impl Edge {
    /// By role, then best first, ties by volunteer: as one number, since millions are compared.
    pub(crate) const fn order(&self) -> u128 {
        ((self.role as u128) << 64) | ((!self.score as u128) << 32) | self.volunteer as u128
    }
}

/// Roles, volunteers and the pairs between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem<'p> {
    wanted: Vec<u32>,
    room: Vec<u32>,
    first_bonus: Vec<u32>,
    edges: Cow<'p, [Edge]>,
    /// Where the pairs of each role end.
    ends: Vec<usize>,
    has_room_to_spare: bool,
}

/// Why a problem was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProblemError {
    /// An edge names a role or a volunteer that there is not.
    #[error("the edge {0:?} names a role or a volunteer that there is not")]
    OutOfRange(Edge),
    /// A change names a role or a volunteer that there is not, nor would be the next.
    #[error("there is no position {0}, nor is it the next")]
    NoSuchPosition(u32),
    /// The same pair twice.
    #[error("the pair of {0:?} is given twice")]
    Duplicate(Edge),
    /// A score or a bonus above [`MOST`].
    #[error("{0} is above the greatest score and bonus, {MOST}")]
    TooGreat(u32),
    /// More roles, volunteers or pairs than positions have numbers.
    #[error("there are more roles, volunteers or pairs than {}", u32::MAX / 4)]
    TooMany,
}

#[expect(clippy::indexing_slicing, reason = "roles are counted here")]
impl<'p> Problem<'p> {
    /// `wanted` holds the most suggestions of each role, `room` those of each volunteer; edges come in any order. In the
    /// order of [`Problem::edges`] they need no sorting, and can be borrowed.
    pub fn new(
        wanted: Vec<u32>,
        room: Vec<u32>,
        edges: impl Into<Cow<'p, [Edge]>>,
    ) -> Result<Self, ProblemError> {
        let mut edges = edges.into();
        if wanted.len().max(room.len()).max(edges.len()) > u32::MAX as usize / 4 {
            return Err(ProblemError::TooMany);
        }
        if !edges.is_sorted_by_key(Edge::order) {
            edges.to_mut().sort_unstable_by_key(Edge::order);
        }
        let mut named = Named::new(room.len());
        let mut ends = vec![0; wanted.len()];
        let (mut end, mut seats) = (0, 0);
        for of_role in edges.chunk_by(|a, b| a.role == b.role) {
            let role = of_role.first().map_or(0, |edge| edge.role as usize);
            named.check(of_role, wanted.len())?;
            end += of_role.len();
            seats += wanted
                .get(role)
                .map_or(0, |wanted| of_role.len().min(*wanted as usize));
            if let Some(known) = ends.get_mut(role) {
                *known = end;
            }
        }
        // A role without pairs ends where the one before it does.
        for role in 1..ends.len() {
            ends[role] = ends[role].max(ends[role - 1]);
        }
        Ok(Self {
            has_room_to_spare: named.room(&room) > 2 * seats as u64,
            first_bonus: vec![0; wanted.len()],
            wanted,
            room,
            edges,
            ends,
        })
    }

    /// Each role's first suggestion is worth so much more, at most [`MOST`]; a role that is not named, nothing more.
    pub fn with_first_bonus(mut self, mut bonus: Vec<u32>) -> Result<Self, ProblemError> {
        if let Some(bonus) = bonus.iter().find(|bonus| **bonus > MOST) {
            return Err(ProblemError::TooGreat(*bonus));
        }
        bonus.resize(self.wanted.len(), 0);
        self.first_bonus = bonus;
        Ok(self)
    }

    /// Most suggestions of each role.
    pub fn wanted(&self) -> &[u32] {
        &self.wanted
    }

    /// Most suggestions of each volunteer.
    pub fn room(&self) -> &[u32] {
        &self.room
    }

    /// What the first suggestion of each role adds to its score.
    pub fn first_bonus(&self) -> &[u32] {
        &self.first_bonus
    }

    /// The pairs, by role, then best first, ties by volunteer.
    pub fn edges(&self) -> &[Edge] {
        &self.edges
    }

    /// Whether the volunteers have room for more than twice what the roles can take: then hardly any role is outbid.
    pub(super) const fn has_room_to_spare(&self) -> bool {
        self.has_room_to_spare
    }

    /// The pairs of a role that may be chosen, best first, ties by volunteer.
    pub fn pairs_of_role(&self, role: usize) -> &[Edge] {
        let before = role.checked_sub(1).and_then(|before| self.ends.get(before));
        let (begin, end) = (before.copied().unwrap_or(0), self.ends.get(role).copied());
        let pairs = end
            .and_then(|end| self.edges.get(begin..end))
            .unwrap_or_default();
        let count = pairs.partition_point(|edge| edge.score > 0);
        pairs.get(..count).unwrap_or_default()
    }

    /// What a choice of pairs is worth: their scores, and the bonus of each role that has any. Pairs are together by role.
    pub fn value_of(&self, chosen: &[Edge]) -> u64 {
        chosen
            .chunk_by(|a, b| a.role == b.role)
            .map(|of_role| {
                let bonus = of_role
                    .first()
                    .and_then(|edge| self.first_bonus.get(edge.role as usize));
                let scores: u64 = of_role.iter().map(|edge| u64::from(edge.score)).sum();
                scores + bonus.copied().map_or(0, u64::from)
            })
            .sum()
    }
}

/// Which volunteers pairs name, one bit each: the first level of the cache holds them for a hundred thousand.
struct Named {
    volunteers: usize,
    by_role: Vec<u64>,
    by_any: Vec<u64>,
}

#[expect(
    clippy::indexing_slicing,
    reason = "volunteers are looked at before their bits are"
)]
impl Named {
    fn new(volunteers: usize) -> Self {
        let words = volunteers.div_ceil(64);
        Self {
            volunteers,
            by_role: vec![0; words],
            by_any: vec![0; words],
        }
    }

    /// Refuses what cannot be pairs of one role. Two walks over them.
    fn check(&mut self, of_role: &[Edge], roles: usize) -> Result<(), ProblemError> {
        for edge in of_role {
            let volunteer = edge.volunteer as usize;
            if edge.role as usize >= roles || volunteer >= self.volunteers {
                return Err(ProblemError::OutOfRange(*edge));
            }
            if edge.score > MOST {
                return Err(ProblemError::TooGreat(edge.score));
            }
            let (word, bit) = (volunteer / 64, 1 << (volunteer % 64));
            if self.by_role[word] & bit != 0 {
                return Err(ProblemError::Duplicate(*edge));
            }
            self.by_role[word] |= bit;
        }
        for edge in of_role {
            let word = edge.volunteer as usize / 64;
            self.by_any[word] |= std::mem::take(&mut self.by_role[word]);
        }
        Ok(())
    }

    /// The room of all who are named.
    fn room(&self, room: &[u32]) -> u64 {
        let named = |volunteer: &usize| self.by_any[volunteer / 64] >> (volunteer % 64) & 1 == 1;
        let volunteers = (0..room.len()).filter(named);
        volunteers.map(|volunteer| u64::from(room[volunteer])).sum()
    }
}
