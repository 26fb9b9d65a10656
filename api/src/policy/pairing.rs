//! Pairings: who sees one, who decides over it, who answers, and who gets to know how to reach the other side.
//!
//! A pairing is disclosed to its two sides when one of them began it or when it was offered. Contact data follow only
//! when both have accepted, and for as long as the placement lasts. An organization that is not vetted, or not any more,
//! is told nothing of the volunteer.

use entity::id::{OrganizationId, VolunteerId};
use entity::membership::MembershipRole;
use entity::organization::OrganizationState;
use entity::pairing::{self, PairingOrigin, PairingState};

use super::{Decision, denial, second_factor};
use crate::actor::Actor;

/// What can be done with a pairing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PairingAction {
    /// See it.
    View,
    /// See its score, and the notes on its events.
    ViewNotes,
    /// Say yes or no to a suggestion, an interest or an invitation, or take an approval back.
    Decide,
    /// Accept or decline for the volunteer, or take that back.
    AnswerAsVolunteer,
    /// Accept or decline for the organization, or take that back.
    AnswerAsOrganization,
    /// See the volunteer's first name, and what they wrote.
    ViewIntroduction,
    /// See how to reach the volunteer.
    ViewVolunteerContact,
    /// See how to reach the organization.
    ViewOrganizationContact,
    /// Start or end the placement that came of it.
    ManagePlacement,
    /// Read what the volunteer says of how the placement goes.
    ViewCheckIns,
}

impl PairingAction {
    /// Every action, for the printed table.
    pub const ALL: [Self; 10] = [
        Self::View,
        Self::ViewNotes,
        Self::Decide,
        Self::AnswerAsVolunteer,
        Self::AnswerAsOrganization,
        Self::ViewIntroduction,
        Self::ViewVolunteerContact,
        Self::ViewOrganizationContact,
        Self::ManagePlacement,
        Self::ViewCheckIns,
    ];
}

/// What decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PairingFacts {
    /// The role's organization.
    pub organization_id: OrganizationId,
    /// The volunteer.
    pub volunteer_id: VolunteerId,
    /// Where it stands.
    pub state: PairingState,
    /// Whether its two sides know of it.
    pub is_disclosed: bool,
    /// Whether the organization is vetted now. Where nobody looked, it counts as not.
    pub is_organization_vetted: bool,
}

impl From<&pairing::Model> for PairingFacts {
    /// The facts for everything but the volunteer's data.
    fn from(pairing: &pairing::Model) -> Self {
        Self {
            organization_id: pairing.organization_id,
            volunteer_id: pairing.volunteer_id,
            state: pairing.state,
            is_disclosed: is_disclosed(pairing),
            is_organization_vetted: false,
        }
    }
}

impl PairingFacts {
    /// The facts of a pairing whose organization is in the state `organization`, expired as soon as its vetting has run
    /// out.
    pub fn of(pairing: &pairing::Model, organization: OrganizationState) -> Self {
        Self {
            is_organization_vetted: organization == OrganizationState::Vetted,
            ..pairing.into()
        }
    }
}

/// Whether the two sides know of a pairing: one of them began it, or it was offered.
pub const fn is_disclosed(pairing: &pairing::Model) -> bool {
    is_known_to_its_sides(pairing.origin, pairing.offered_at.is_some())
}

/// The same of a pairing of which no more is at hand.
pub const fn is_known_to_its_sides(origin: PairingOrigin, was_offered: bool) -> bool {
    was_offered
        || matches!(
            origin,
            PairingOrigin::Volunteer | PairingOrigin::Organization
        )
}

/// Decides about a pairing.
pub fn decide(actor: &Actor, action: PairingAction, facts: &PairingFacts) -> Decision {
    let is_volunteer = actor
        .person()
        .is_some_and(|person| person.volunteer_id == Some(facts.volunteer_id));
    let membership = actor.membership(facts.organization_id);
    let answers_for_organization = matches!(
        membership,
        Some(MembershipRole::Owner | MembershipRole::Manager)
    );
    let is_side = is_volunteer || membership.is_some();
    let is_overseer = actor.is_staff() || *actor == Actor::System;
    let is_visible = is_overseer || (facts.is_disclosed && is_side);
    let is_confirmed = facts.state == PairingState::Confirmed;
    let is_live = PairingState::LIVE.contains(&facts.state);
    let tells_organization = is_live && facts.is_organization_vetted;

    let is_allowed = match action {
        PairingAction::View => is_visible,
        PairingAction::ViewNotes => is_overseer,
        // Nobody decides over one's own: not as the volunteer, not as a member of the organization.
        PairingAction::Decide => is_overseer && !is_side,
        PairingAction::AnswerAsVolunteer => is_visible && is_volunteer,
        PairingAction::AnswerAsOrganization => {
            is_visible && answers_for_organization && !is_volunteer
        }
        PairingAction::ViewIntroduction => {
            is_visible && (is_volunteer || is_overseer || tells_organization)
        }
        PairingAction::ViewVolunteerContact => {
            let is_told = answers_for_organization && tells_organization;
            is_confirmed && (is_told || is_volunteer || is_overseer)
        }
        PairingAction::ViewOrganizationContact => {
            is_confirmed && (membership.is_some() || is_volunteer || is_overseer)
        }
        // The organization does not: it may be what the volunteer needs help with.
        PairingAction::ViewCheckIns => is_visible && (is_volunteer || (is_overseer && !is_side)),
        // Who ended a placement and says so again hears that it is so.
        PairingAction::ManagePlacement => {
            (is_confirmed || facts.state == PairingState::Concluded)
                && (answers_for_organization || is_overseer)
        }
    };
    let otherwise = if is_visible {
        Decision::Forbidden
    } else {
        Decision::Hidden
    };
    let decision = Decision::allow_if(is_allowed, denial(actor, otherwise));
    let is_by_role = match action {
        PairingAction::Decide => true,
        PairingAction::ManagePlacement => !answers_for_organization,
        _ => false,
    };
    if is_by_role {
        second_factor::guard(actor, decision)
    } else {
        decision
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::matrix::{ORGANIZATION_A, OWN_VOLUNTEER, table};

    #[test]
    fn pairings() {
        let stages = [
            ("suggested", PairingState::Suggested, false, true),
            ("interested", PairingState::Interested, true, true),
            ("offered", PairingState::Offered, true, true),
            ("confirmed", PairingState::Confirmed, true, true),
            ("confirmed, A flagged", PairingState::Confirmed, true, false),
            ("concluded", PairingState::Concluded, true, true),
            ("declined", PairingState::Declined, true, true),
            ("recalled", PairingState::Recalled, false, true),
        ];
        let rows: Vec<_> = PairingAction::ALL
            .into_iter()
            .flat_map(|action| {
                stages.map(|(name, state, is_disclosed, is_organization_vetted)| {
                    let facts = PairingFacts {
                        organization_id: ORGANIZATION_A,
                        volunteer_id: OWN_VOLUNTEER,
                        state,
                        is_disclosed,
                        is_organization_vetted,
                    };
                    (format!("{action:?} {name}"), (action, facts))
                })
            })
            .collect();
        insta::assert_snapshot!(table(
            "pairing (of A and self)",
            &rows,
            |actor, (action, facts)| decide(actor, *action, facts)
        ));
    }
}
