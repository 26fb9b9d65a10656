//! The optimal b-matching: each role gets at most its wanted suggestions, each volunteer at most their room, and the
//! total score is the greatest there is. A certificate of integer prices comes with it.
//!
//! Method: successive shortest paths with dual prices, one wanted suggestion at a time (the Hungarian method for
//! b-matchings). With `slack = u_role + p_volunteer − score`, three things hold after every step: prices are not negative;
//! a chosen pair has no positive slack and another pair no negative slack; a side with a price is full. By complementary
//! slackness the choice is then optimal.

mod certificate;
mod problem;

use std::cmp::Reverse;
use std::collections::BinaryHeap;

pub use certificate::{Certificate, CertificateError, verify};
pub use problem::{Edge, Problem, ProblemError};

/// An optimal choice and its proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// The chosen pairs, by role, then volunteer.
    pub chosen: Vec<Edge>,
    /// Integer prices that prove the choice optimal.
    pub certificate: Certificate,
}

/// Solves the problem; `on_role` hears how many roles are done. Among choices of the same total, which one is taken
/// depends only on the positions of roles and volunteers.
pub fn assign(problem: &Problem, on_role: &dyn Fn(usize)) -> Assignment {
    let mut solver = Solver::new(problem);
    for (role, wanted) in problem.wanted().iter().enumerate() {
        for _ in 0..*wanted {
            if !solver.augment(role) {
                break;
            }
        }
        on_role(role + 1);
    }
    solver.into_assignment(problem)
}

/// A pair in the list of its role.
struct Candidate {
    volunteer: usize,
    score: i64,
    is_chosen: bool,
}

/// Where a search reached a node from: the node at the other end and the place of the pair in its role's list.
#[derive(Clone, Copy)]
struct Step {
    from: usize,
    place: usize,
}

/// Nodes are numbered: roles first, then volunteers.
struct Solver {
    roles: usize,
    /// Candidates of each role, best first, ties by volunteer.
    lists: Vec<Vec<Candidate>>,
    /// For each volunteer the chosen pairs: the role and the place in its list.
    held: Vec<Vec<Step>>,
    room: Vec<u32>,
    /// Prices of all nodes.
    price: Vec<i64>,
    /// Of the running search: the distance of each node, its last step, and the nodes touched.
    distance: Vec<i64>,
    step: Vec<Option<Step>>,
    touched: Vec<usize>,
}

const FAR: i64 = i64::MAX;

#[expect(
    clippy::indexing_slicing,
    reason = "nodes and places are made in `new`, where `Problem` has checked the range"
)]
impl Solver {
    fn new(problem: &Problem) -> Self {
        let (roles, volunteers) = (problem.wanted().len(), problem.room().len());
        let mut lists: Vec<Vec<Candidate>> = (0..roles).map(|_| Vec::new()).collect();
        for edge in problem.edges().iter().filter(|edge| edge.score > 0) {
            lists[edge.role as usize].push(Candidate {
                volunteer: edge.volunteer as usize,
                score: edge.score.into(),
                is_chosen: false,
            });
        }
        for list in &mut lists {
            list.sort_unstable_by_key(|candidate| (Reverse(candidate.score), candidate.volunteer));
        }
        // A role begins at the price of its best candidate, so that no slack is negative.
        let mut price: Vec<i64> = lists
            .iter()
            .map(|list| list.first().map_or(0, |best| best.score))
            .collect();
        price.resize(roles + volunteers, 0);
        Self {
            roles,
            lists,
            held: (0..volunteers).map(|_| Vec::new()).collect(),
            room: problem.room().to_vec(),
            price,
            distance: vec![FAR; roles + volunteers],
            step: vec![None; roles + volunteers],
            touched: Vec::new(),
        }
    }

    /// Gives the role one more suggestion if that adds to the total. `false` when it does not: nor would another.
    fn augment(&mut self, source: usize) -> bool {
        let (end, length) = self.search(source);
        for node in std::mem::take(&mut self.touched) {
            let shift = length - self.distance[node];
            if shift > 0 {
                self.price[node] += if node < self.roles { -shift } else { shift };
            }
            self.distance[node] = FAR;
        }
        self.flip(end, source);
        end != source
    }

    /// Dijkstra from a role over slacks, to the cheapest end: a volunteer with room, or a role that gives a suggestion
    /// up at its price — the source itself, if nothing is better.
    fn search(&mut self, source: usize) -> (usize, i64) {
        let mut heap = BinaryHeap::new();
        let mut best = (source, self.price[source]);
        self.reach(source, 0, None, &mut heap);
        while let Some(Reverse((distance, node))) = heap.pop() {
            if distance >= best.1 {
                break;
            }
            if distance > self.distance[node] {
                continue;
            }
            if node < self.roles {
                if distance + self.price[node] < best.1 {
                    best = (node, distance + self.price[node]);
                }
                self.expand_role(node, distance, best.1, &mut heap);
            } else if self.held[node - self.roles].len() < self.room[node - self.roles] as usize {
                // A volunteer with room has no price, and nodes come nearest first: this is the end.
                return (node, distance);
            } else {
                self.expand_volunteer(node, distance, &mut heap);
            }
        }
        best
    }

    /// Lists are sorted and prices not negative: once a score alone is too low, so are all that follow.
    fn expand_role(
        &mut self,
        role: usize,
        distance: i64,
        limit: i64,
        heap: &mut BinaryHeap<Reverse<(i64, usize)>>,
    ) {
        let reached = distance + self.price[role];
        for place in 0..self.lists[role].len() {
            let Candidate {
                volunteer,
                score,
                is_chosen,
            } = self.lists[role][place];
            if reached - score >= limit {
                break;
            }
            let node = self.roles + volunteer;
            if !is_chosen {
                self.reach(
                    node,
                    reached - score + self.price[node],
                    Some(Step { from: role, place }),
                    heap,
                );
            }
        }
    }

    fn expand_volunteer(
        &mut self,
        node: usize,
        distance: i64,
        heap: &mut BinaryHeap<Reverse<(i64, usize)>>,
    ) {
        for index in 0..self.held[node - self.roles].len() {
            let Step { from: role, place } = self.held[node - self.roles][index];
            let slack = self.lists[role][place].score - self.price[role] - self.price[node];
            self.reach(
                role,
                distance + slack,
                Some(Step { from: node, place }),
                heap,
            );
        }
    }

    fn reach(
        &mut self,
        node: usize,
        distance: i64,
        step: Option<Step>,
        heap: &mut BinaryHeap<Reverse<(i64, usize)>>,
    ) {
        if distance < self.distance[node] {
            if self.distance[node] == FAR {
                self.touched.push(node);
            }
            self.distance[node] = distance;
            self.step[node] = step;
            heap.push(Reverse((distance, node)));
        }
    }

    /// Walks back from the end to the source: pairs reached from a role are chosen, pairs reached from a volunteer are not
    /// any more.
    fn flip(&mut self, end: usize, source: usize) {
        let mut node = end;
        while node != source {
            let Some(Step { from, place }) = self.step[node] else {
                return;
            };
            if node < self.roles {
                self.lists[node][place].is_chosen = false;
                self.held[from - self.roles].retain(|held| held.from != node);
            } else {
                self.lists[from][place].is_chosen = true;
                self.held[node - self.roles].push(Step { from, place });
            }
            node = from;
        }
    }

    fn into_assignment(self, problem: &Problem) -> Assignment {
        let mut is_chosen: Vec<Vec<usize>> = self
            .lists
            .iter()
            .map(|list| {
                list.iter()
                    .filter(|candidate| candidate.is_chosen)
                    .map(|candidate| candidate.volunteer)
                    .collect()
            })
            .collect();
        for volunteers in &mut is_chosen {
            volunteers.sort_unstable();
        }
        let chosen: Vec<Edge> = problem
            .edges()
            .iter()
            .filter(|edge| {
                is_chosen[edge.role as usize]
                    .binary_search(&(edge.volunteer as usize))
                    .is_ok()
            })
            .copied()
            .collect();
        let mut prices: Vec<u32> = self
            .price
            .iter()
            .map(|price| u32::try_from(*price).unwrap_or_default())
            .collect();
        let volunteer_prices = prices.split_off(self.roles);
        let total = chosen.iter().map(|edge| u64::from(edge.score)).sum();
        Assignment {
            chosen,
            certificate: Certificate {
                total,
                role_prices: prices,
                volunteer_prices,
            },
        }
    }
}

#[cfg(test)]
mod tests;
