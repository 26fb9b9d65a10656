//! What to choose from, checked once: positions and scores in range, no pair twice, in order.

use std::cmp::Reverse;

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
    /// By role, then best first, ties by volunteer.
    pub(super) const fn order(&self) -> (u32, Reverse<u32>, u32) {
        (self.role, Reverse(self.score), self.volunteer)
    }
}

/// Roles, volunteers and the pairs between them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problem {
    wanted: Vec<u32>,
    room: Vec<u32>,
    first_bonus: Vec<u32>,
    edges: Vec<Edge>,
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

impl Problem {
    /// `wanted` holds the most suggestions of each role, `room` those of each volunteer; edges come in any order. In the
    /// order of [`Problem::edges`] they need no sorting.
    pub fn new(
        wanted: Vec<u32>,
        room: Vec<u32>,
        mut edges: Vec<Edge>,
    ) -> Result<Self, ProblemError> {
        if wanted.len().max(room.len()).max(edges.len()) > u32::MAX as usize / 4 {
            return Err(ProblemError::TooMany);
        }
        if !edges.is_sorted_by_key(Edge::order) {
            edges.sort_unstable_by_key(Edge::order);
        }
        // The last role that named each volunteer: seen again with the same role, the pair is there twice.
        let mut named_by = vec![u32::MAX; room.len()];
        for edge in &edges {
            let named_by = named_by
                .get_mut(edge.volunteer as usize)
                .filter(|_| (edge.role as usize) < wanted.len())
                .ok_or(ProblemError::OutOfRange(*edge))?;
            if edge.score > MOST {
                return Err(ProblemError::TooGreat(edge.score));
            }
            if std::mem::replace(named_by, edge.role) == edge.role {
                return Err(ProblemError::Duplicate(*edge));
            }
        }
        Ok(Self {
            first_bonus: vec![0; wanted.len()],
            wanted,
            room,
            edges,
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
