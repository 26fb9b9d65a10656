//! Exact repair: one shortest path over slacks makes one unit of the choice right (Dijkstra with prices, as in the Hungarian
//! method). From a role that wants one more suggestion (`augment`), or from a volunteer whose room has a price (`fill`).
//! Costs a walk over the lists of the nodes nearer than the end; after an auction and after one change these are few.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::market::{Market, number};

const FAR: i32 = i32::MAX;

/// The pair over which a search reached a node: the node at its other end and, where it is known, its place in the role's
/// list.
#[derive(Debug, Clone, Copy, Default)]
struct Step {
    from: u32,
    place: u32,
}

/// What a search needs, kept from one to the next. Nodes are numbered: roles first, then volunteers.
#[derive(Debug, Clone)]
pub(super) struct Search {
    distance: Vec<i32>,
    step: Vec<Step>,
    touched: Vec<u32>,
    /// Distance and node: nearest first, ties by node.
    heap: BinaryHeap<Reverse<(i32, u32)>>,
    /// The nearest end so far and how far it is; nothing at or beyond that is of interest.
    end: usize,
    limit: i32,
}

#[expect(
    clippy::indexing_slicing,
    reason = "there is a distance and a step for each node"
)]
impl Search {
    pub(super) fn new(roles: usize, volunteers: usize) -> Self {
        Self {
            distance: vec![FAR; roles + volunteers],
            step: vec![Step::default(); roles + volunteers],
            touched: Vec::new(),
            heap: BinaryHeap::new(),
            end: 0,
            limit: 0,
        }
    }

    pub(super) fn add_node(&mut self) {
        self.distance.push(FAR);
        self.step.push(Step::default());
    }

    /// From `source`, which can always stop at itself at the cost of `limit`.
    fn begin(&mut self, source: usize, limit: i32) {
        self.heap.clear();
        (self.end, self.limit) = (source, limit);
        self.distance[source] = 0;
        self.touched.push(number(source));
        self.heap.push(Reverse((0, number(source))));
    }

    /// The nearest node not yet left, with its distance, if it is nearer than the end.
    fn next(&mut self) -> Option<(usize, i32)> {
        while let Some(Reverse((distance, node))) = self.heap.pop() {
            let node = node as usize;
            if distance >= self.limit {
                return None;
            }
            if distance == self.distance[node] {
                return Some((node, distance));
            }
        }
        None
    }

    /// Reaches a node, where one may end at `toll` more.
    fn reach(&mut self, node: usize, distance: i32, toll: Option<i32>, step: Step) {
        if distance >= self.limit || distance >= self.distance[node] {
            return;
        }
        if self.distance[node] == FAR {
            self.touched.push(number(node));
        }
        self.distance[node] = distance;
        self.step[node] = step;
        if let Some(toll) = toll
            && distance + toll < self.limit
        {
            (self.end, self.limit) = (node, distance + toll);
        }
        if distance < self.limit {
            self.heap.push(Reverse((distance, number(node))));
        }
    }
}

#[expect(
    clippy::indexing_slicing,
    reason = "nodes are roles and volunteers, places are places in lists"
)]
impl Market {
    /// Gives the role, which has a free seat and a price above `step`, one more suggestion if that adds to the total.
    /// `false` when it does not, nor would another.
    pub(super) fn augment(&mut self, role: usize) -> bool {
        let roles = self.wanted.len();
        let stay = self.role_price[role] - self.step(role);
        self.search.begin(role, stay);
        while let Some((node, distance)) = self.search.next() {
            if node < roles {
                self.look_for_volunteers(node, distance);
            } else {
                self.look_for_who_gives_up(node - roles, distance);
            }
        }
        self.move_prices(-1);
        self.swap_back(role)
    }

    /// Not chosen pairs of the role: over slack to a volunteer, who is an end if there is room — at the price, if there
    /// still is one, and then the search goes on beyond.
    fn look_for_volunteers(&mut self, role: usize, distance: i32) {
        let roles = self.wanted.len();
        let reached = distance + self.role_price[role];
        for (place, pair) in self.pairs.of(role).iter().enumerate() {
            // Lists are sorted and prices not negative: once a value alone is too low, so are all that follow.
            if reached - pair.value() >= self.search.limit {
                break;
            }
            if pair.is_chosen() {
                continue;
            }
            let volunteer = pair.other as usize;
            let price = self.volunteer_price[volunteer];
            let has_room = self.held.len(volunteer) < self.room[volunteer] as usize;
            let step = Step {
                from: number(role),
                place: number(place),
            };
            self.search.reach(
                roles + volunteer,
                reached - pair.value() + price,
                has_room.then_some(price),
                step,
            );
        }
    }

    /// Chosen pairs of the volunteer: back to a role, which is an end if it gives this suggestion up at its price.
    fn look_for_who_gives_up(&mut self, volunteer: usize, distance: i32) {
        let price = self.volunteer_price[volunteer];
        for held in self.held.of(volunteer) {
            let role = held.role as usize;
            let surplus = held.value - self.role_price[role] - price;
            let toll = self.role_price[role] - self.floor(role);
            let step = Step {
                from: number(self.wanted.len() + volunteer),
                place: held.place,
            };
            self.search
                .reach(role, distance + surplus, Some(toll), step);
        }
    }

    /// Uses the volunteer's room, which has a price, if that adds to the total; else the price falls to 0. All roles are
    /// repaired. `false` when nothing was chosen.
    pub(super) fn fill(&mut self, volunteer: usize) -> bool {
        let roles = self.wanted.len();
        let node = roles + volunteer;
        self.search.begin(node, self.volunteer_price[volunteer]);
        while let Some((node, distance)) = self.search.next() {
            if node < roles {
                self.look_for_who_is_let_go(node, distance);
            } else {
                self.look_for_roles(node - roles, distance);
            }
        }
        self.move_prices(1);
        self.swap_back(node)
    }

    /// Not chosen pairs of the volunteer: over slack to a role, which is an end if it has a free seat.
    fn look_for_roles(&mut self, volunteer: usize, distance: i32) {
        let reached = distance + self.volunteer_price[volunteer];
        for offer in self.offers.of(volunteer) {
            let role = offer.other as usize;
            let slack = reached - offer.value() + self.role_price[role];
            if slack >= self.search.limit || self.holds(volunteer, offer.other) {
                continue;
            }
            let toll = self
                .has_free_seat(role)
                .then(|| self.step(role) - self.role_price[role]);
            let step = Step {
                from: number(self.wanted.len() + volunteer),
                place: u32::MAX,
            };
            self.search.reach(role, slack, toll, step);
        }
    }

    /// Chosen pairs of the role: to a volunteer who may be let go, and be left with room at no price.
    fn look_for_who_is_let_go(&mut self, role: usize, distance: i32) {
        let chosen = self.pairs.of(role).iter().enumerate();
        let chosen = chosen
            .filter(|(_, pair)| pair.is_chosen())
            .take(self.got[role] as usize);
        for (place, pair) in chosen {
            let volunteer = pair.other as usize;
            let price = self.volunteer_price[volunteer];
            let surplus = pair.value() - self.role_price[role] - price;
            let step = Step {
                from: number(role),
                place: number(place),
            };
            let node = self.wanted.len() + volunteer;
            self.search
                .reach(node, distance + surplus, Some(price), step);
        }
    }

    pub(super) fn holds(&self, volunteer: usize, role: u32) -> bool {
        let mut held = self.held.of(volunteer).iter();
        held.any(|held| held.role == role)
    }

    /// Moves the prices of all nodes nearer than the end by what they are nearer, those of roles in the direction of `sign`
    /// and those of volunteers against it: every slack on the path becomes 0 and none becomes wrong.
    fn move_prices(&mut self, sign: i32) {
        let roles = self.wanted.len();
        let search = &mut self.search;
        for node in search.touched.drain(..) {
            let node = node as usize;
            let nearer = search.limit - std::mem::replace(&mut search.distance[node], FAR);
            if nearer <= 0 {
                continue;
            }
            if node < roles {
                self.role_price[node] += sign * nearer;
            } else {
                self.volunteer_price[node - roles] -= sign * nearer;
            }
        }
    }

    /// Walks back from the end to the source: pairs that were not chosen are, and the other way round. First all that is
    /// given up, so that nobody ever holds more than there is room for.
    fn swap_back(&mut self, source: usize) -> bool {
        let roles = self.wanted.len();
        let mut node = self.search.end;
        if node == source {
            return false;
        }
        let mut path = Vec::new();
        while node != source {
            let Step { from, place } = self.search.step[node];
            let from = from as usize;
            let (role, volunteer) = if node < roles {
                (node, from - roles)
            } else {
                (from, node - roles)
            };
            let place = if place == u32::MAX {
                self.place_of(role, volunteer)
            } else {
                place as usize
            };
            path.push((role, place, self.pairs.of(role)[place].is_chosen()));
            node = from;
        }
        for (role, place, _) in path.iter().filter(|(_, _, is_chosen)| *is_chosen) {
            self.give_up(*role, *place);
        }
        for (role, place, _) in path.iter().filter(|(_, _, is_chosen)| !*is_chosen) {
            self.choose(*role, *place);
        }
        true
    }

    /// Where the pair is in the role's list; past its end if it is not there.
    pub(super) fn place_of(&self, role: usize, volunteer: usize) -> usize {
        let pairs = self.pairs.of(role);
        pairs
            .iter()
            .position(|pair| pair.other as usize == volunteer)
            .unwrap_or(pairs.len())
    }
}
