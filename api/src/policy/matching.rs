//! The engine's word on single pairs, coordinators' standing instructions about them, and coming forward for a role.

use entity::id::{OrganizationId, VolunteerId};

use super::{Decision, denial, second_factor};
use crate::actor::Actor;

/// What can be done with a role and a volunteer that are no pairing yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MatchingAction {
    /// Ask why the two fit or do not.
    Evaluate,
    /// See the best roles for the volunteer.
    SuggestRoles,
    /// See the best volunteers for the role.
    SuggestVolunteers,
    /// Pin or forbid the two, or lift that.
    SetRule,
    /// Propose the two to each other.
    Propose,
    /// Come forward as this volunteer.
    ExpressInterest,
}

impl MatchingAction {
    /// Every action, for the printed table.
    pub const ALL: [Self; 6] = [
        Self::Evaluate,
        Self::SuggestRoles,
        Self::SuggestVolunteers,
        Self::SetRule,
        Self::Propose,
        Self::ExpressInterest,
    ];
}

/// What decides; what an action is not about is absent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MatchingFacts {
    /// The volunteer.
    pub volunteer_id: Option<VolunteerId>,
    /// The role's organization.
    pub organization_id: Option<OrganizationId>,
    /// Whether everybody may see the role.
    pub is_role_public: bool,
}

/// Decides about a role and a volunteer.
pub fn decide(actor: &Actor, action: MatchingAction, facts: &MatchingFacts) -> Decision {
    let is_own = facts.volunteer_id.is_some()
        && actor
            .person()
            .is_some_and(|person| person.volunteer_id == facts.volunteer_id);
    let is_overseer = actor.is_staff() || *actor == Actor::System;
    let is_member = facts
        .organization_id
        .is_some_and(|organization| actor.membership(organization).is_some());
    let is_allowed = match action {
        MatchingAction::Evaluate => is_overseer || (is_own && facts.is_role_public),
        MatchingAction::SuggestRoles => is_overseer || is_own,
        // Who would fit is nobody's to know before both have agreed to be asked.
        MatchingAction::SuggestVolunteers => is_overseer,
        // Nobody decides over one's own.
        MatchingAction::SetRule | MatchingAction::Propose => {
            actor.is_staff() && !is_member && !is_own
        }
        MatchingAction::ExpressInterest => is_own && facts.is_role_public,
    };
    let sees_role = match action {
        MatchingAction::ExpressInterest => facts.is_role_public,
        _ => false,
    };
    let otherwise = if is_overseer || sees_role {
        Decision::Forbidden
    } else {
        Decision::Hidden
    };
    let decision = Decision::allow_if(is_allowed, denial(actor, otherwise));
    if matches!(action, MatchingAction::SetRule | MatchingAction::Propose) {
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
    fn pairs_of_a_role_of_organization_a_and_oneself() {
        let mut rows = Vec::new();
        for (word, is_role_public) in [("public role", true), ("hidden role", false)] {
            for action in MatchingAction::ALL {
                rows.push((format!("{word}: {action:?}"), (action, is_role_public)));
            }
        }
        insta::assert_snapshot!(table(
            "A's role with self",
            &rows,
            |actor, (action, is_role_public)| decide(
                actor,
                *action,
                &MatchingFacts {
                    volunteer_id: Some(OWN_VOLUNTEER),
                    organization_id: Some(ORGANIZATION_A),
                    is_role_public: *is_role_public,
                }
            )
        ));
    }
}
