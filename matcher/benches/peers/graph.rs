//! Candidate graphs of the workload: the engine's own pairs, with the rooms and wishes of its people.

use matcher::engine::TopLists;
use matcher::engine::assign::{Edge, Problem};
use matcher::model::{Role, Snapshot, Weights};

/// How much room volunteers have.
#[derive(Clone, Copy)]
pub enum Room {
    /// Their open placements: one to five.
    AsGiven,
    /// One suggestion each.
    One,
}

/// What to choose from.
pub struct Graph {
    /// Most suggestions of each role.
    pub wanted: Vec<u32>,
    /// What the first suggestion of each role adds.
    pub bonus: Vec<u32>,
    /// Most suggestions of each volunteer.
    pub room: Vec<u32>,
    /// The pairs, by role, best first.
    pub edges: Vec<Edge>,
}

impl Graph {
    /// The pairs of these lists.
    pub fn new(snapshot: &Snapshot, weights: &Weights, lists: &TopLists, room: Room) -> Self {
        let bonus = u32::from(weights.assignment.first_suggestion.get());
        let edges = (0..).zip(&lists.per_role).flat_map(|(role, list)| {
            list.iter().map(move |ranked| Edge {
                role,
                volunteer: ranked.position,
                score: ranked.score.get().into(),
            })
        });
        let rooms = snapshot.volunteers.iter().map(|volunteer| match room {
            Room::AsGiven => volunteer.open_placements().into(),
            Room::One => 1,
        });
        Self {
            wanted: snapshot
                .roles
                .iter()
                .map(Role::suggestions_wanted)
                .collect(),
            bonus: vec![bonus; snapshot.roles.len()],
            room: rooms.collect(),
            edges: edges.collect(),
        }
    }

    /// The problem that the engine solves, with a copy of the pairs.
    pub fn problem(&self) -> Problem<'static> {
        Problem::new(self.wanted.clone(), self.room.clone(), self.edges.clone())
            .unwrap()
            .with_first_bonus(self.bonus.clone())
            .unwrap()
    }
}
