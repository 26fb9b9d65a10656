//! The proof of a round in the form in which it is stored beside it: what roles wanted, what volunteers had room for, and the
//! prices. With the pairs that the round proposed and the scores of those that it did not, which are not stored, the certificate
//! can be checked. The proof is made and checked in the engine, never here.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use entity::id::{RoleId, VolunteerId};
use matcher::engine::Round;
use matcher::model::{Hours, Role, Snapshot, Volunteer, Weights};
use serde::{Deserialize, Serialize};

use super::snapshot::{role_id, volunteer_id};
use crate::error::DomainError;

/// What the certificate of a round rests on. Prices and the bonus are in basis points of a score.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// Whether the engine checked it, pair by pair.
    pub is_verified: bool,
    /// Whether it holds over all eligible pairs.
    pub is_over_all_pairs: bool,
    /// The total of the choice without pins, in basis points, bonuses included.
    pub total: u64,
    /// No choice has more than this.
    pub bound: u64,
    /// What the first suggestion of a role is worth beside its score.
    pub first_suggestion_bonus: u32,
    /// Every role that took part, by id.
    pub roles: Vec<RoleTerms>,
    /// Volunteers who have a pair or a price, by id; where hours mended the choice, everybody with room. Nobody else has a
    /// part in any sum.
    pub volunteers: Vec<VolunteerTerms>,
    /// Pairs that a coordinator pinned: proposed, not chosen, and taken out of what is wanted and of all room and hours.
    pub pinned: Vec<(RoleId, VolunteerId)>,
    /// Pairs that hours took away from the choice: its proof is for all others.
    pub left_out: Vec<(RoleId, VolunteerId)>,
}

/// What a role wanted, and its prices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleTerms {
    /// Which role.
    pub role_id: RoleId,
    /// Suggestions wanted beside the pinned ones.
    pub wanted: u32,
    /// Whether a pinned pair is its first suggestion: then there is no bonus for another.
    pub has_pin: bool,
    /// Hours a week that it asks.
    pub hours: u32,
    /// What one more suggestion for it would add at most, bonus included.
    pub price: u32,
    /// The price that proves the bound, where hours mended the choice.
    pub bound_price: Option<u32>,
}

/// What a volunteer had room for, and their price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VolunteerTerms {
    /// Which volunteer.
    pub volunteer_id: VolunteerId,
    /// Suggestions that they could get beside the pinned ones, hours aside.
    pub placements: u32,
    /// Of these, as many as the proof counts with: fewer where hours permit no more.
    pub room: u32,
    /// Hours a week left beside the pinned pairs; absent when they never said.
    pub hours_left: Option<u32>,
    /// What one more suggestion for them would add at most.
    pub price: u32,
}

impl Proof {
    /// What a round over this snapshot by these weights rests on.
    ///
    /// # Errors
    /// When the engine names a role or volunteer that it was not given.
    pub fn new(round: &Round, snapshot: &Snapshot, weights: &Weights) -> Result<Self, DomainError> {
        let roles = role_terms(round, snapshot)?;
        let volunteers = volunteer_terms(round, snapshot)?;
        let pinned = round.pairings.iter().filter(|pairing| pairing.is_pinned);
        let left_out = round.proof.left_out.iter();
        Ok(Self {
            is_verified: round.proof.is_verified,
            is_over_all_pairs: round.proof.is_over_all_pairs,
            total: round.proof.total,
            bound: round.proof.bound,
            first_suggestion_bonus: weights.assignment.first_suggestion.get().into(),
            roles,
            volunteers,
            pinned: pinned
                .map(|pair| Ok((role_id(&pair.role)?, volunteer_id(&pair.volunteer)?)))
                .collect::<Result<_, DomainError>>()?,
            left_out: left_out
                .map(|(role, volunteer)| Ok((role_id(role)?, volunteer_id(volunteer)?)))
                .collect::<Result<_, DomainError>>()?,
        })
    }

    /// The stored form.
    ///
    /// # Errors
    /// Never for plain data.
    pub fn to_json(&self) -> Result<String, DomainError> {
        serde_json::to_string(self).map_err(|error| DomainError::Internal(error.into()))
    }

    /// Reads the stored form.
    ///
    /// # Errors
    /// When it was not written by [`to_json`](Self::to_json).
    pub fn from_json(json: &str) -> Result<Self, DomainError> {
        serde_json::from_str(json).map_err(|error| DomainError::Internal(error.into()))
    }
}

fn role_terms(round: &Round, snapshot: &Snapshot) -> Result<Vec<RoleTerms>, DomainError> {
    let prices = by_id(&round.proof.role_prices);
    let bound_prices = by_id(&round.proof.bound_prices);
    let pinned = round.pairings.iter().filter(|pairing| pairing.is_pinned);
    let pins = counted(pinned.map(|pairing| &pairing.role));
    let terms = |role: &Role| {
        let pins = pins.get(&role.id).copied().unwrap_or_default();
        let bound_price = bound_prices.get(&role.id).copied().unwrap_or_default();
        Ok(RoleTerms {
            role_id: role_id(&role.id)?,
            wanted: role.suggestions_wanted().saturating_sub(pins),
            has_pin: pins > 0,
            hours: hours_asked(role),
            price: prices.get(&role.id).copied().unwrap_or_default(),
            bound_price: (!round.proof.is_over_all_pairs).then_some(bound_price),
        })
    };
    snapshot.roles.iter().map(terms).collect()
}

fn volunteer_terms(round: &Round, snapshot: &Snapshot) -> Result<Vec<VolunteerTerms>, DomainError> {
    let prices = by_id(&round.proof.volunteer_prices);
    let rooms = by_id(&round.proof.rooms);
    let paired: HashSet<_> = round.pairings.iter().map(|pair| &pair.volunteer).collect();
    let pinned = || round.pairings.iter().filter(|pairing| pairing.is_pinned);
    let pins = counted(pinned().map(|pairing| &pairing.volunteer));
    let asked: HashMap<_, u32> = snapshot
        .roles
        .iter()
        .map(|role| (&role.id, hours_asked(role)))
        .collect();
    let mut promised: HashMap<_, u32> = HashMap::new();
    for pairing in pinned() {
        *promised.entry(&pairing.volunteer).or_default() +=
            asked.get(&pairing.role).copied().unwrap_or_default();
    }
    let most = round.options.most_per_volunteer.unwrap_or(u32::MAX);
    let terms = |volunteer: &Volunteer| {
        let id = &volunteer.id;
        let open = most.min(volunteer.open_placements().into());
        let placements = open.saturating_sub(pins.get(id).copied().unwrap_or_default());
        let promised = promised.get(id).copied().unwrap_or_default();
        let left = volunteer.hours_left().map(u32::from);
        Ok(VolunteerTerms {
            volunteer_id: volunteer_id(id)?,
            placements,
            room: rooms.get(id).copied().unwrap_or(placements),
            hours_left: left.map(|left| left.saturating_sub(promised)),
            price: prices.get(id).copied().unwrap_or_default(),
        })
    };
    let has_part = |volunteer: &&Volunteer| {
        let id = &volunteer.id;
        let may_be_bound = !round.proof.is_over_all_pairs && volunteer.open_placements() > 0;
        may_be_bound || paired.contains(id) || prices.contains_key(id)
    };
    snapshot
        .volunteers
        .iter()
        .filter(has_part)
        .map(terms)
        .collect()
}

fn hours_asked(role: &Role) -> u32 {
    role.hours_per_week.map_or(0, Hours::get).into()
}

fn by_id<K: Hash + Eq>(values: &[(K, u32)]) -> HashMap<&K, u32> {
    values.iter().map(|(id, value)| (id, *value)).collect()
}

fn counted<'a, K: Hash + Eq + 'a>(ids: impl Iterator<Item = &'a K>) -> HashMap<&'a K, u32> {
    let mut counts = HashMap::new();
    for id in ids {
        *counts.entry(id).or_default() += 1;
    }
    counts
}
