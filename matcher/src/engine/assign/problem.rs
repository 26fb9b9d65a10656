//! What to choose from, checked once: positions in range, no pair twice, in order.

/// A pair that may be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edge {
    /// Position of the role.
    pub role: u32,
    /// Position of the volunteer.
    pub volunteer: u32,
    /// Its score; a pair of score 0 is never chosen.
    pub score: u32,
}

/// Roles, volunteers and the pairs between them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problem {
    wanted: Vec<u32>,
    room: Vec<u32>,
    edges: Vec<Edge>,
}

/// Why a problem was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProblemError {
    /// An edge names a role or a volunteer that there is not.
    #[error("the edge {0:?} names a role or a volunteer that there is not")]
    OutOfRange(Edge),
    /// The same pair twice.
    #[error("the pair of {0:?} is given twice")]
    Duplicate(Edge),
}

impl Problem {
    /// `wanted` holds the most suggestions of each role, `room` those of each volunteer; edges come in any order.
    pub fn new(
        wanted: Vec<u32>,
        room: Vec<u32>,
        mut edges: Vec<Edge>,
    ) -> Result<Self, ProblemError> {
        edges.sort_unstable();
        let is_known = |edge: &Edge| {
            (edge.role as usize) < wanted.len() && (edge.volunteer as usize) < room.len()
        };
        if let Some(edge) = edges.iter().find(|edge| !is_known(edge)) {
            return Err(ProblemError::OutOfRange(*edge));
        }
        let twice = edges.windows(2).find_map(|pair| match pair {
            [a, b] if (a.role, a.volunteer) == (b.role, b.volunteer) => Some(*b),
            _ => None,
        });
        twice.map_or(
            Ok(Self {
                wanted,
                room,
                edges,
            }),
            |edge| Err(ProblemError::Duplicate(edge)),
        )
    }

    /// Most suggestions of each role.
    pub fn wanted(&self) -> &[u32] {
        &self.wanted
    }

    /// Most suggestions of each volunteer.
    pub fn room(&self) -> &[u32] {
        &self.room
    }

    /// The pairs, by role, then volunteer.
    pub fn edges(&self) -> &[Edge] {
        &self.edges
    }

    /// Lowers the room of one volunteer.
    pub(crate) fn lower_room(&mut self, volunteer: usize, to: u32) {
        if let Some(room) = self.room.get_mut(volunteer) {
            *room = (*room).min(to);
        }
    }
}
