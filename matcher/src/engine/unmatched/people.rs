//! The people whom the sieve looks at, 64 to a word, and what is counted for each of them.

use std::ops::Range;

use super::super::calendar::{SLOTS, each_slot};
use super::super::gate::{GATES, GateCounts};
use super::super::index::{Index, PreparedVolunteer};
use super::counter::Counter;
use super::left::{Left, Near, NearestFew};
use crate::model::Standing;

/// Words of people who are looked at together: few enough for their rows to stay in the cache.
pub(super) const WORDS: usize = 64;

/// People who are looked at together.
pub(super) const TOGETHER: usize = WORDS * 64;

/// One word for each gate, by its code: whom it keeps out.
pub(super) type Closed = [u64; GATES];

/// People who follow each other, in the order in which they are looked at: those of one clock together.
pub(super) struct Order {
    pub(super) first: usize,
    pub(super) positions: Vec<usize>,
    /// By position from the first, the place in the order.
    places: Vec<usize>,
}

impl Order {
    pub(super) fn of(index: &Index<'_>, people: Range<usize>) -> Self {
        let clock = |position: usize| {
            let free = index.volunteers.get(position)?.free.as_ref();
            free.map(|free| free.clock_number)
        };
        let first = people.start;
        let mut positions: Vec<usize> = people.collect();
        positions.sort_by_key(|position| clock(*position));
        let mut places = vec![0; positions.len()];
        for (place, position) in positions.iter().enumerate() {
            if let Some(known) = places.get_mut(position - first) {
                *known = place;
            }
        }
        Self {
            first,
            positions,
            places,
        }
    }

    /// The bits of some volunteers by position, ascending; those who are not here have none.
    pub(super) fn bits(&self, volunteers: impl Iterator<Item = usize>) -> [u64; WORDS] {
        let mut bits = [0; WORDS];
        let end = self.first + self.places.len();
        let here = volunteers.skip_while(|position| *position < self.first);
        for position in here.take_while(|position| *position < end) {
            let place = self.places.get(position - self.first).copied();
            if let Some(place) = place
                && let Some(word) = bits.get_mut(place / 64)
            {
                *word |= 1 << (place % 64);
            }
        }
        bits
    }
}

/// 64 people, and what is counted for each.
pub(super) struct Word {
    positions: Vec<usize>,
    pub(super) everyone: u64,
    pub(super) unavailable: u64,
    pub(super) without_placement: u64,
    /// Whose windows begin or end inside a half hour.
    pub(super) with_odd_windows: u64,
    /// By clock, whose it is; nobody of whom it is not known when they are free.
    pub(super) clocks: Vec<(usize, u64)>,
    /// For each half hour of the week, who is free.
    pub(super) week: Box<[u64; SLOTS]>,
    /// Those who are asked about.
    pub(super) asked: u64,
    blocked_by: [Counter; GATES],
    open: Counter,
    nearest: Vec<NearestFew>,
    /// By number of closed gates, from 1: who takes such a pair among their nearest.
    wanting: Closed,
}

impl Word {
    /// `wanted` says how many nearest are wanted of each volunteer who is asked about.
    pub(super) fn of(index: &Index<'_>, wanted: &[Option<usize>], positions: &[usize]) -> Self {
        let mut word = Self {
            positions: positions.to_vec(),
            everyone: 0,
            unavailable: 0,
            without_placement: 0,
            with_odd_windows: 0,
            clocks: Vec::new(),
            week: Box::new([0; SLOTS]),
            asked: 0,
            blocked_by: Default::default(),
            open: Counter::default(),
            nearest: Vec::new(),
            wanting: [0; GATES],
        };
        for (lane, position) in positions.iter().enumerate() {
            if let Some(volunteer) = index.volunteers.get(*position) {
                let most = wanted.get(*position).copied().flatten();
                word.add(1 << lane, volunteer, most);
            }
        }
        word
    }

    fn add(&mut self, bit: u64, volunteer: &PreparedVolunteer<'_>, most: Option<usize>) {
        let bit_if = |is: bool| if is { bit } else { 0 };
        self.everyone |= bit;
        self.unavailable |= bit_if(volunteer.facts.standing != Standing::Active);
        self.without_placement |= bit_if(volunteer.facts.open_placements() == 0);
        self.asked |= bit_if(most.is_some());
        let wants = bit_if(most.is_some_and(|most| most > 0));
        for wanting in &mut self.wanting {
            *wanting |= wants;
        }
        self.nearest.push(NearestFew::new(most.unwrap_or(0)));
        let Some(free) = &volunteer.free else {
            return;
        };
        self.with_odd_windows |= bit_if(!free.week.is_on_half_hours());
        match self
            .clocks
            .last_mut()
            .filter(|(clock, _)| *clock == free.clock_number)
        {
            Some((_, people)) => *people |= bit,
            None => self.clocks.push((free.clock_number, bit)),
        }
        for slot in each_slot(free.week.slots()) {
            if let Some(people) = self.week.get_mut(slot) {
                *people |= bit;
            }
        }
    }

    pub(super) fn position(&self, lane: usize) -> usize {
        self.positions.get(lane).copied().unwrap_or(usize::MAX)
    }

    pub(super) fn count(&mut self, closed: &Closed, eligible: u64) {
        for (counter, bits) in self.blocked_by.iter_mut().zip(closed) {
            counter.add(bits & self.asked);
        }
        self.open.add(eligible & self.asked);
    }

    pub(super) fn wanting(&self, gates: usize) -> u64 {
        self.wanting.get(gates - 1).copied().unwrap_or(0)
    }

    pub(super) fn offer(&mut self, lane: usize, near: Near) {
        if let Some(nearest) = self.nearest.get_mut(lane) {
            nearest.offer(near);
            for (gates, wanting) in (1..).zip(&mut self.wanting) {
                if !nearest.wants(gates) {
                    *wanting &= !(1 << lane);
                }
            }
        }
    }

    pub(super) fn into_found(self) -> impl Iterator<Item = (usize, Left)> {
        let Self {
            positions,
            asked,
            blocked_by,
            open,
            nearest,
            ..
        } = self;
        let of_each = positions.into_iter().zip(nearest).enumerate();
        let of_each = of_each.filter(move |(lane, _)| asked >> lane & 1 == 1);
        of_each.map(move |(lane, (position, nearest))| {
            let mut counts = GateCounts::default();
            counts.add_all(blocked_by.each_ref().map(|counter| counter.get(lane)));
            let left = Left {
                open: open.get(lane),
                blocked_by: counts,
                nearest,
            };
            (position, left)
        })
    }
}

/// The places of the bits that are set, ascending.
pub(super) fn lanes(mut bits: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let lane = (bits != 0).then(|| bits.trailing_zeros() as usize)?;
        bits &= bits - 1;
        Some(lane)
    })
}
