//! All open roles against some people, 64 at a time: which gates keep whom out, how many are eligible, who is nearest.
//!
//! Nothing is scored but who may be among the nearest, and who passes all gates on facts and is no candidate all the same.
//! For a role and 64 people it costs a few operations on words for each gate and each half hour of the meetings.

use std::cmp::Reverse;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::super::assign::Edge;
use super::super::gate::{self, GATES, GateCode, closed_set_by_measure, has_time_to_meet};
use super::super::index::Index;
use super::super::round::RoundOptions;
use super::super::score::measure;
use super::super::seats::narrow;
use super::counter::by_number;
use super::left::Left;
use super::people::{Closed, Order, TOGETHER, WORDS, Word, lanes};
use super::question::{Asked, Questions, Rows};

/// What the chosen pairs leave to be accounted for.
pub(super) struct Sieve<'i, 'a> {
    index: &'i Index<'a>,
    questions: Questions<'i>,
    /// The open roles, by position.
    asked: Vec<Asked>,
    /// Of each role all eligible pairs, by volunteer.
    eligible: Vec<&'i [Edge]>,
    /// Of each role the chosen volunteers, ascending.
    chosen: Vec<Vec<usize>>,
    /// How many nearest are wanted for each role; `None` where the role is not asked about.
    of_role: Vec<Option<usize>>,
    /// The same for each volunteer.
    of_volunteer: Vec<Option<usize>>,
}

/// What was found among some people.
#[derive(Default)]
pub(super) struct Found {
    /// By role, of those asked about.
    pub(super) roles: Vec<(usize, Left)>,
    /// By volunteer, of those asked about.
    pub(super) volunteers: Vec<(usize, Left)>,
}

impl Found {
    /// What was found among these and among those who come after them. The same roles are asked about in both.
    fn join(mut self, after: Self) -> Self {
        if self.roles.is_empty() {
            self.roles = after.roles;
        } else {
            for ((_, left), (_, more)) in self.roles.iter_mut().zip(after.roles) {
                left.join(more);
            }
        }
        self.volunteers.extend(after.volunteers);
        self
    }
}

/// What of a role is looked up by volunteer, as bits of these people.
struct OfRole {
    eligible: [u64; WORDS],
    chosen: [u64; WORDS],
    prohibited: [u64; WORDS],
}

impl<'i, 'a> Sieve<'i, 'a> {
    /// `eligible` holds every eligible pair, by role, then volunteer; `chosen` comes in any order.
    pub(super) fn new(
        index: &'i Index<'a>,
        eligible: &'i [Edge],
        chosen: &[(usize, usize)],
        options: &RoundOptions,
    ) -> Self {
        let mut chosen_of: Vec<Vec<usize>> = vec![Vec::new(); index.roles.len()];
        let mut is_served = vec![false; index.volunteers.len()];
        for (role, volunteer) in chosen {
            if let Some(chosen) = chosen_of.get_mut(*role) {
                chosen.push(*volunteer);
            }
            if let Some(is_served) = is_served.get_mut(*volunteer) {
                *is_served = true;
            }
        }
        for chosen in &mut chosen_of {
            chosen.sort_unstable();
        }
        let mut eligible_of: Vec<&[Edge]> = vec![&[]; index.roles.len()];
        for edges in eligible.chunk_by(|a, b| a.role == b.role) {
            let role = edges.first().map_or(0, |edge| edge.role as usize);
            if let Some(of_role) = eligible_of.get_mut(role) {
                *of_role = edges;
            }
        }
        // Only a role that got none is told who is nearest.
        let of_role = index.roles.iter().zip(&chosen_of).map(|(role, chosen)| {
            let is_short = (chosen.len() as u64) < role.facts.suggestions_wanted().into();
            let nearest = if chosen.is_empty() {
                options.nearest
            } else {
                0
            };
            is_short.then_some(nearest)
        });
        let of_volunteer = index.volunteers.iter().zip(is_served);
        let of_volunteer = of_volunteer.map(|(volunteer, is_served)| {
            let is_left = volunteer.is_available && !is_served;
            is_left.then_some(options.nearest)
        });
        let (questions, asked) = Questions::of(index);
        Self {
            of_role: of_role.collect(),
            of_volunteer: of_volunteer.collect(),
            index,
            questions,
            asked,
            eligible: eligible_of,
            chosen: chosen_of,
        }
    }

    /// How many suggestions a role got.
    pub(super) fn got(&self, role: usize) -> u32 {
        narrow(self.chosen.get(role).map_or(0, Vec::len))
    }

    /// Looks at everybody, on all threads, and tells how many are done.
    pub(super) fn look_at_all(&self, progress: &(dyn Fn(usize, usize) + Sync)) -> Found {
        let everybody = self.index.volunteers.len();
        let done = AtomicUsize::new(0);
        // Roles are told that they have nobody where there is nobody, too.
        let starts: Vec<usize> = (0..everybody.max(1)).step_by(TOGETHER).collect();
        let found = starts.into_par_iter().map(|start| {
            let people = start..everybody.min(start + TOGETHER);
            let more = people.len();
            let found = self.look(people);
            progress(done.fetch_add(more, Ordering::Relaxed) + more, everybody);
            found
        });
        found.reduce(Found::default, Found::join)
    }

    /// Looks at some people who follow each other, at most [`TOGETHER`].
    fn look(&self, people: Range<usize>) -> Found {
        let order = Order::of(self.index, people);
        let rows = Rows::of(self.index, &self.questions, &order.positions);
        let chunks = order.positions.chunks(64);
        let mut words: Vec<Word> = chunks
            .map(|positions| Word::of(self.index, &self.of_volunteer, positions))
            .collect();
        let mut roles = Vec::new();
        for asked in &self.asked {
            let most = self.of_role.get(asked.role).copied().flatten();
            let mut left = Left::new(most.unwrap_or(0));
            let of_role = self.of_role(asked, &order);
            for (number, word) in words.iter_mut().enumerate() {
                let place = (&rows, number);
                self.look_at_word(asked, &of_role, place, word, most.map(|_| &mut left));
            }
            if most.is_some() {
                roles.push((asked.role, left));
            }
        }
        let volunteers = words.into_iter().flat_map(Word::into_found);
        let mut volunteers: Vec<(usize, Left)> = volunteers.collect();
        volunteers.sort_unstable_by_key(|(volunteer, _)| *volunteer);
        Found { roles, volunteers }
    }

    fn of_role(&self, asked: &Asked, order: &Order) -> OfRole {
        let eligible = self.eligible.get(asked.role).copied().unwrap_or_default();
        let from = eligible.partition_point(|edge| (edge.volunteer as usize) < order.first);
        let eligible = eligible.get(from..).unwrap_or_default().iter();
        let role = self.index.roles.get(asked.role);
        let prohibited = role.into_iter().flat_map(|role| &role.prohibited);
        let chosen = self.chosen.get(asked.role).into_iter().flatten();
        OfRole {
            eligible: order.bits(eligible.map(|edge| edge.volunteer as usize)),
            chosen: order.bits(chosen.copied()),
            prohibited: order.bits(prohibited.map(|(position, _)| *position)),
        }
    }

    fn look_at_word(
        &self,
        asked: &Asked,
        of_role: &OfRole,
        (rows, number): (&Rows, usize),
        word: &mut Word,
        left: Option<&mut Left>,
    ) {
        if word.asked == 0 && left.is_none() {
            return;
        }
        let bits = |row: &[u64; WORDS]| row.get(number).copied().unwrap_or(0);
        let mut closed = self.closed_on_facts(asked, (rows, number), word);
        set(&mut closed, GateCode::Prohibited, bits(&of_role.prohibited));
        let is_closed = closed.iter().fold(0, |all, bits| all | bits);
        let open = word.everyone & !is_closed;
        let eligible = open & bits(&of_role.eligible);
        for lane in lanes(open & !eligible) {
            if let Some(pair) = self.index.pair(asked.role, word.position(lane)) {
                for code in closed_set_by_measure(&measure(pair), pair.weights).iter() {
                    set(&mut closed, code, 1 << lane);
                }
            }
        }
        word.count(&closed, eligible);
        let by_number = by_number(&closed);
        if let Some(left) = left {
            let others = word.everyone & !bits(&of_role.chosen);
            left.open += (eligible & others).count_ones() as usize;
            let counts = closed.map(|bits| (bits & others).count_ones() as usize);
            left.blocked_by.add_all(counts);
            self.offer_to_role(asked.role, word, &by_number, others, left);
        }
        self.offer_to_people(asked.role, word, &by_number);
    }

    /// Whom the gates on facts keep out.
    fn closed_on_facts(
        &self,
        asked: &Asked,
        (rows, number): (&Rows, usize),
        word: &Word,
    ) -> Closed {
        let mut closed = [0; GATES];
        let Some(role) = self.index.roles.get(asked.role) else {
            return closed;
        };
        let everyone_if = |is_closed: bool| if is_closed { word.everyone } else { 0 };
        let must_haves = asked.must_haves.iter();
        let must_haves = must_haves.fold(0, |all, row| all | rows.word(*row, number));
        for (code, bits) in [
            (GateCode::RoleClosed, everyone_if(!role.facts.is_accepting)),
            (GateCode::RoleFull, everyone_if(role.facts.seats_open == 0)),
            (GateCode::RoleOver, everyone_if(!gate::is_not_over(role))),
            (GateCode::VolunteerUnavailable, word.unavailable),
            (GateCode::NoOpenPlacement, word.without_placement),
            (GateCode::Conflict, rows.word(asked.conflict, number)),
            (GateCode::Languages, rows.word(asked.languages, number)),
            (GateCode::Hours, rows.word(asked.hours, number)),
            (GateCode::Place, rows.word(asked.place, number)),
            (GateCode::MustHave, must_haves),
            (GateCode::Away, rows.word(asked.away, number)),
            (GateCode::Meeting, self.without_time(asked, word)),
        ] {
            set(&mut closed, code, bits);
        }
        closed
    }

    /// Whom of some people a gate keeps out, by looking at each.
    fn closed_to(&self, role: usize, word: &Word, people: u64, is_open: Look) -> u64 {
        let closed = lanes(people).filter(|lane| {
            let pair = self.index.pair(role, word.position(*lane));
            pair.is_some_and(|pair| !is_open(pair))
        });
        closed.fold(0, |bits, lane| bits | 1_u64 << lane)
    }

    /// Who has too little time to meet: by counting half hours, and by looking at those of whom that does not tell.
    fn without_time(&self, asked: &Asked, word: &Word) -> u64 {
        let Some(times) = &asked.times else {
            return 0;
        };
        let mut without = 0;
        let mut unsure = word.with_odd_windows;
        for (clock, people) in &word.clocks {
            let Some(time) = times.get(*clock) else {
                unsure |= people;
                continue;
            };
            let enough = time.enough(&word.week);
            without |= people & !enough;
            if !time.is_exact {
                unsure |= people & enough;
            }
        }
        without & !unsure | self.closed_to(asked.role, word, unsure, has_time_to_meet)
    }

    fn offer_to_role(
        &self,
        role: usize,
        word: &Word,
        by_number: &Closed,
        others: u64,
        left: &mut Left,
    ) {
        for (gates, people) in (1..).zip(by_number) {
            if !left.nearest.wants(gates) {
                return;
            }
            for lane in lanes(people & others) {
                let volunteer = word.position(lane);
                if let Some(pair) = self.index.pair(role, volunteer) {
                    let score = Reverse(measure(pair).score);
                    left.nearest.offer((gates, score, volunteer));
                }
            }
        }
    }

    fn offer_to_people(&self, role: usize, word: &mut Word, by_number: &Closed) {
        for (gates, people) in (1..).zip(by_number) {
            for lane in lanes(people & word.wanting(gates)) {
                if let Some(pair) = self.index.pair(role, word.position(lane)) {
                    word.offer(lane, (gates, Reverse(measure(pair).score), role));
                }
            }
        }
    }
}

/// Whether a gate is open.
type Look = fn(gate::Pair<'_, '_>) -> bool;

fn set(closed: &mut Closed, code: GateCode, bits: u64) {
    if let Some(word) = closed.get_mut(code as usize) {
        *word |= bits;
    }
}
