//! What stands between a role and a volunteer, and what each of them has promised and been proposed for already.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use entity::id::{RoleId, VolunteerId};
use entity::pairing::{PairingOrigin, PairingSide, PairingState};
use entity::pairing_rule::PairingRuleKind;
use entity::placement::PlacementState;
use matcher::model::{Pin, Prohibition, ProhibitionCause};

use super::rows::{PairingRow, Rows};
use super::select::Purpose;
use super::{EXPOSURE_WINDOW, role_key, volunteer_key};
use crate::error::DomainError;
use crate::policy::pairing::is_known_to_its_sides;

/// States of a pairing that promise a person's hours although no placement exists yet.
pub(super) const PROMISED: &[PairingState] = &[
    PairingState::Approved,
    PairingState::Held,
    PairingState::Offered,
    PairingState::VolunteerAccepted,
    PairingState::OrganizationAccepted,
];

/// Counts by volunteer and by role.
#[derive(Default)]
pub(super) struct PairFacts {
    volunteers: HashMap<VolunteerId, Load>,
    roles: HashMap<RoleId, Demand>,
    live: HashSet<(RoleId, VolunteerId)>,
}

/// What a volunteer has promised and been proposed for.
#[derive(Clone, Copy, Default)]
pub(super) struct Load {
    /// Hours a week of placements and open offers.
    pub(super) hours: i64,
    /// Placements and open offers.
    pub(super) count: usize,
    /// Times they were proposed lately.
    pub(super) recent: usize,
    /// When their last placement ended.
    pub(super) last_ended_at: Option<DateTime<Utc>>,
}

/// What a role was proposed lately.
#[derive(Clone, Copy, Default)]
pub(super) struct Demand {
    /// Pairings that wait for an answer.
    pub(super) waiting: usize,
    /// Times someone was proposed for it lately.
    pub(super) recent: usize,
}

impl PairFacts {
    pub(super) fn new(rows: &Rows, purpose: Purpose, as_of: DateTime<Utc>) -> Self {
        let mut facts = Self::default();
        for placement in &rows.people.placements {
            let load = facts.volunteers.entry(placement.volunteer_id).or_default();
            if PlacementState::LIVE.contains(&placement.state) {
                load.hours += i64::from(placement.hours_per_week);
                load.count += 1;
            } else {
                load.last_ended_at = load.last_ended_at.max(Some(placement.updated_at));
            }
        }
        for pairing in &rows.pairings {
            let is_recent = pairing.origin != PairingOrigin::Volunteer
                && pairing.created_at > as_of - EXPOSURE_WINDOW;
            let load = facts.volunteers.entry(pairing.volunteer_id).or_default();
            load.recent += usize::from(is_recent);
            if purpose != Purpose::Offer && PROMISED.contains(&pairing.state) {
                load.hours += i64::from(pairing.hours_per_week);
                load.count += 1;
            }
            let demand = facts.roles.entry(pairing.role_id).or_default();
            demand.recent += usize::from(is_recent);
            demand.waiting += usize::from(is_waiting(pairing.state));
            if PairingState::LIVE.contains(&pairing.state) {
                facts.live.insert((pairing.role_id, pairing.volunteer_id));
            }
        }
        facts
    }

    pub(super) fn of_volunteer(&self, id: VolunteerId) -> Load {
        self.volunteers.get(&id).copied().unwrap_or_default()
    }

    pub(super) fn of_role(&self, id: RoleId) -> Demand {
        self.roles.get(&id).copied().unwrap_or_default()
    }

    /// Coordinators' pins, except those that led to a live pairing already.
    pub(super) fn pins(
        &self,
        rows: &Rows,
        is_known: impl Fn(&RoleId, &VolunteerId) -> bool,
    ) -> Result<Vec<Pin>, DomainError> {
        rows.rules
            .iter()
            .filter(|rule| rule.kind == PairingRuleKind::Pin)
            .filter(|rule| is_known(&rule.role_id, &rule.volunteer_id))
            .filter(|rule| !self.live.contains(&(rule.role_id, rule.volunteer_id)))
            .map(|rule| {
                Ok(Pin {
                    role: role_key(rule.role_id)?,
                    volunteer: volunteer_key(rule.volunteer_id)?,
                })
            })
            .collect()
    }

    /// Coordinators' prohibitions, and what was decided about the same pair before. Of several causes the engine keeps one.
    pub(super) fn prohibitions(
        rows: &Rows,
        purpose: Purpose,
        is_known: impl Fn(&RoleId, &VolunteerId) -> bool,
    ) -> Result<Vec<Prohibition>, DomainError> {
        let forbidden = rows
            .rules
            .iter()
            .filter(|rule| rule.kind == PairingRuleKind::Forbid)
            .filter(|_| purpose != Purpose::OwnExplanation)
            .map(|rule| (rule.role_id, rule.volunteer_id, ProhibitionCause::Forbidden));
        let decided = rows.pairings.iter().filter_map(|pairing| {
            let cause = cause_of(pairing, purpose)?;
            Some((pairing.role_id, pairing.volunteer_id, cause))
        });
        forbidden
            .chain(decided)
            .filter(|(role, volunteer, _)| is_known(role, volunteer))
            .map(|(role, volunteer, cause)| {
                Ok(Prohibition {
                    role: role_key(role)?,
                    volunteer: volunteer_key(volunteer)?,
                    cause,
                })
            })
            .collect()
    }
}

/// A confirmed pairing has its seat; every other live one waits for somebody.
fn is_waiting(state: PairingState) -> bool {
    state != PairingState::Confirmed && PairingState::LIVE.contains(&state)
}

/// Why an earlier or present pairing of the two forbids another, if it does. Whoever comes forward is answered about a
/// live pairing before the gates are asked.
fn cause_of(pairing: &PairingRow, purpose: Purpose) -> Option<ProhibitionCause> {
    let is_disclosed = is_known_to_its_sides(pairing.origin, pairing.offered_at.is_some());
    if purpose == Purpose::Offer || (purpose == Purpose::OwnExplanation && !is_disclosed) {
        return None;
    }
    let is_own_doing = pairing.state == PairingState::Withdrawn
        || pairing.declined_by == Some(PairingSide::Volunteer);
    match pairing.state {
        PairingState::Rejected => Some(ProhibitionCause::Rejected),
        PairingState::Declined | PairingState::Withdrawn => {
            (purpose != Purpose::Application || !is_own_doing).then_some(ProhibitionCause::Declined)
        }
        PairingState::Expired | PairingState::Recalled | PairingState::Superseded => None,
        PairingState::Suggested
        | PairingState::Interested
        | PairingState::Invited
        | PairingState::Approved
        | PairingState::Held
        | PairingState::Offered
        | PairingState::VolunteerAccepted
        | PairingState::OrganizationAccepted
        | PairingState::Confirmed
        // Who has worked together is not proposed to each other anew for the same role, but may come forward.
        | PairingState::Concluded => {
            (purpose != Purpose::Application).then_some(ProhibitionCause::AlreadyPaired)
        }
    }
}
