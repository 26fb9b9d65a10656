//! What a round reports, in the form in which it is stored: totals, who stayed unmatched on both sides and why, demand
//! without supply, fairness, and the proof. What older rounds stored stays readable: fields that came later may be absent.

use entity::id::{RoleId, SkillId, VolunteerId};
use matcher::engine::round::{RefusedPin as EnginePin, Totals};
use matcher::engine::{Blocked, Fairness, GateCode, Nearest as EngineNearest, Round};
use matcher::model::Locale;
use serde::{Deserialize, Deserializer, Serialize};

use super::explanation::{Exclusion, Words};
use super::labels::Labels;
use super::snapshot::{self, Fingerprints, Inputs, Refused, Subject, role_id, volunteer_id};
use crate::error::DomainError;

/// A round's report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Counts.
    pub totals: Totals,
    /// Open roles with fewer suggestions than they want.
    pub unmatched_roles: Vec<UnmatchedRole>,
    /// Volunteers with room who got none.
    pub unmatched_volunteers: Vec<UnmatchedVolunteer>,
    /// Must-haves of open roles that no available volunteer holds.
    pub demand_without_supply: Vec<Demand>,
    /// Open roles left out because enough people wait for an answer already.
    pub served_roles: Vec<RoleId>,
    /// Pins that could not be kept.
    pub refused_pins: Vec<RefusedPin>,
    /// Roles and volunteers left out because their facts break a rule.
    pub refused_inputs: Vec<RefusedInput>,
    /// How evenly the pairs are spread; absent in rounds of before it was reported.
    #[serde(default)]
    pub fairness: Option<Fairness>,
    /// The proof that nothing better exists.
    pub certificate: Certificate,
    /// What identifies the inputs, in parts.
    pub inputs: Fingerprints,
}

/// A role with fewer suggestions than it wants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnmatchedRole {
    /// Which role.
    pub role_id: RoleId,
    /// Suggestions wanted.
    pub wanted: u32,
    /// Suggestions got.
    pub got: u32,
    /// Volunteers who fit but were better placed elsewhere.
    pub placed_elsewhere: usize,
    /// How many volunteers each gate kept out, the most first.
    pub causes: Vec<Cause>,
    /// The pairs that came nearest, for a role that got none; at most three.
    #[serde(default, deserialize_with = "one_or_many")]
    pub nearest: Vec<Nearest>,
}

/// A volunteer with room who got nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnmatchedVolunteer {
    /// Which volunteer.
    pub volunteer_id: VolunteerId,
    /// Open roles that fit but took others.
    pub roles_took_others: usize,
    /// How many open roles each gate closed, the most first.
    pub causes: Vec<Cause>,
    /// The pairs that came nearest, at most three.
    #[serde(default, deserialize_with = "one_or_many")]
    pub nearest: Vec<Nearest>,
}

/// How often a gate was in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cause {
    /// Which gate.
    pub code: GateCode,
    /// How many it kept out.
    pub count: usize,
}

/// A pair that was nearly possible.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nearest {
    /// Which role.
    pub role_id: RoleId,
    /// Which volunteer.
    pub volunteer_id: VolunteerId,
    /// The score the pair would have, in basis points.
    pub score_bp: u16,
    /// What is in the way.
    pub exclusions: Vec<Exclusion>,
}

/// A must-have that nobody available holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Demand {
    /// Which skill.
    pub skill_id: SkillId,
    /// Open roles that must have it.
    pub roles: usize,
    /// Their open seats.
    pub seats: u32,
}

/// A pin that could not be kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedPin {
    /// Which role.
    pub role_id: RoleId,
    /// Which volunteer.
    pub volunteer_id: VolunteerId,
    /// What is in the way; empty when other pins took the seats, the room or the hours.
    pub exclusions: Vec<Exclusion>,
}

/// A role or volunteer whose facts break a rule of the engine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedInput {
    /// The role, if it is one.
    pub role_id: Option<RoleId>,
    /// The volunteer, if it is one.
    pub volunteer_id: Option<VolunteerId>,
    /// What is wrong, each with its field.
    pub faults: Vec<Words>,
}

/// The proof that the choice is the best.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// Whether it was checked, pair by pair.
    pub is_verified: bool,
    /// Whether it holds over all eligible pairs, not only over the best of each role. Not claimed of rounds that did not say.
    #[serde(default)]
    pub is_over_all_pairs: bool,
    /// The total of the choice without pins, in basis points: its scores, and the bonus of each role that has its first
    /// suggestion by it.
    pub total: u64,
    /// No choice has more than this.
    pub bound: u64,
    /// Whether what it rests on is kept beside the report, for whoever checks it; it is not for rounds of before.
    #[serde(default)]
    pub has_proof: bool,
}

impl Report {
    /// Puts a round's account into words.
    ///
    /// # Errors
    /// When the engine names a role or volunteer that it was not given.
    pub fn new(round: &Round, inputs: &Inputs, labels: &Labels) -> Result<Self, DomainError> {
        let proposed: Result<Vec<_>, DomainError> = round
            .pairings
            .iter()
            .map(|pairing| Ok((role_id(&pairing.role)?, volunteer_id(&pairing.volunteer)?)))
            .collect();
        Ok(Self {
            totals: round.totals.clone(),
            unmatched_roles: round
                .unmatched_roles
                .iter()
                .map(|unmatched| {
                    Ok(UnmatchedRole {
                        role_id: role_id(&unmatched.role)?,
                        wanted: unmatched.wanted,
                        got: unmatched.got,
                        placed_elsewhere: unmatched.placed_elsewhere,
                        causes: causes(&unmatched.blocked_by),
                        nearest: nearest(&unmatched.nearest, labels)?,
                    })
                })
                .collect::<Result<_, DomainError>>()?,
            unmatched_volunteers: round
                .unmatched_volunteers
                .iter()
                .map(|unmatched| {
                    Ok(UnmatchedVolunteer {
                        volunteer_id: volunteer_id(&unmatched.volunteer)?,
                        roles_took_others: unmatched.roles_took_others,
                        causes: causes(&unmatched.blocked_by),
                        nearest: nearest(&unmatched.nearest, labels)?,
                    })
                })
                .collect::<Result<_, DomainError>>()?,
            demand_without_supply: round
                .demand_without_supply
                .iter()
                .map(|demand| Demand {
                    skill_id: SkillId::new(demand.skill.as_str()),
                    roles: demand.roles,
                    seats: demand.seats,
                })
                .collect(),
            served_roles: inputs.served_roles.clone(),
            refused_pins: round
                .refused_pins
                .iter()
                .map(|refused| refused_pin(refused, labels))
                .collect::<Result<_, DomainError>>()?,
            refused_inputs: inputs.refused.iter().map(refused_input).collect(),
            fairness: Some(round.fairness.clone()),
            certificate: Certificate {
                is_verified: round.proof.is_verified,
                is_over_all_pairs: round.proof.is_over_all_pairs,
                total: round.proof.total,
                bound: round.proof.bound,
                has_proof: true,
            },
            inputs: Fingerprints::of(&inputs.snapshot, proposed?)?,
        })
    }

    /// Takes out what is said in words of a volunteer. Which gates were in the way stays, to count.
    pub fn take_out_words(&mut self, volunteer_id: VolunteerId) {
        let of_roles = self.unmatched_roles.iter_mut();
        let of_volunteers = self.unmatched_volunteers.iter_mut();
        let nearest = of_roles
            .flat_map(|unmatched| &mut unmatched.nearest)
            .chain(of_volunteers.flat_map(|unmatched| &mut unmatched.nearest))
            .filter(|nearest| nearest.volunteer_id == volunteer_id)
            .flat_map(|nearest| &mut nearest.exclusions);
        let pins = self.refused_pins.iter_mut();
        let pins = pins
            .filter(|pin| pin.volunteer_id == volunteer_id)
            .flat_map(|pin| &mut pin.exclusions);
        for exclusion in nearest.chain(pins) {
            exclusion.message = Words::none();
            exclusion.change = None;
        }
        for refused in &mut self.refused_inputs {
            if refused.volunteer_id == Some(volunteer_id) {
                refused.faults.clear();
            }
        }
    }

    /// The stored form.
    ///
    /// # Errors
    /// Never for plain data.
    pub fn to_json(&self) -> Result<serde_json::Value, DomainError> {
        serde_json::to_value(self).map_err(|error| DomainError::Internal(error.into()))
    }

    /// Reads the stored form.
    ///
    /// # Errors
    /// When it was not written by [`to_json`](Self::to_json).
    pub fn from_json(json: &serde_json::Value) -> Result<Self, DomainError> {
        Self::deserialize(json).map_err(|error| DomainError::Internal(error.into()))
    }
}

/// Rounds of before the nearest three kept one pair, or null.
fn one_or_many<'de, D: Deserializer<'de>>(stored: D) -> Result<Vec<Nearest>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Stored {
        Many(Vec<Nearest>),
        One(Option<Nearest>),
    }
    Ok(match Stored::deserialize(stored)? {
        Stored::Many(pairs) => pairs,
        Stored::One(pair) => pair.into_iter().collect(),
    })
}

/// How often each gate was in the way, the most first.
pub(super) fn causes(blocked_by: &std::collections::BTreeMap<GateCode, usize>) -> Vec<Cause> {
    let mut causes: Vec<Cause> = blocked_by
        .iter()
        .map(|(code, count)| Cause {
            code: *code,
            count: *count,
        })
        .collect();
    causes.sort_by_key(|cause| std::cmp::Reverse(cause.count));
    causes
}

/// Pairs that were nearly possible, in words.
pub(super) fn nearest(
    nearest: &[EngineNearest],
    labels: &Labels,
) -> Result<Vec<Nearest>, DomainError> {
    nearest
        .iter()
        .map(|nearest| {
            Ok(Nearest {
                role_id: role_id(&nearest.role)?,
                volunteer_id: volunteer_id(&nearest.volunteer)?,
                score_bp: nearest.score.get(),
                exclusions: exclusions(&nearest.blocked, labels),
            })
        })
        .collect()
}

fn refused_pin(refused: &EnginePin, labels: &Labels) -> Result<RefusedPin, DomainError> {
    Ok(RefusedPin {
        role_id: role_id(&refused.pin.role)?,
        volunteer_id: volunteer_id(&refused.pin.volunteer)?,
        exclusions: exclusions(&refused.blocked, labels),
    })
}

fn refused_input(refused: &Refused) -> RefusedInput {
    let (role_id, volunteer_id) = match refused.subject {
        Subject::Role(id) => (Some(id), None),
        Subject::Volunteer(id) => (None, Some(id)),
    };
    let words = |fault: &matcher::model::Invalid| {
        Words::new(|locale: Locale| {
            let colon = locale.pick(": ", " : ");
            format!("{}{colon}{}", fault.field, fault.rule.words(locale))
        })
    };
    RefusedInput {
        role_id,
        volunteer_id,
        faults: refused.faults.iter().map(words).collect(),
    }
}

/// Closed gates in words.
pub(super) fn exclusions(blocked: &[Blocked], labels: &Labels) -> Vec<Exclusion> {
    blocked
        .iter()
        .map(|blocked| Exclusion::new(blocked, labels))
        .collect()
}

impl From<&snapshot::InputsChange> for Words {
    fn from(change: &snapshot::InputsChange) -> Self {
        let (en, fr) = change.words();
        Self { en, fr }
    }
}
