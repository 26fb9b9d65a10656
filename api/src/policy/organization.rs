//! Organizations: public while vetted, otherwise seen by their members and by staff; decided about by staff who do not
//! belong to them.

use entity::id::OrganizationId;
use entity::membership::MembershipRole;
use entity::organization::OrganizationState;
use entity::vetting_record::VettingDecision;

use super::{Decision, denial, second_factor};
use crate::actor::Actor;

/// What can be done to an organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrganizationAction {
    /// See what it says about itself.
    View,
    /// See who belongs to it, and what vetting asked and decided.
    ViewMembers,
    /// See on which evidence coordinators decided.
    ViewEvidence,
    /// Change what it says about itself; write its projects and roles.
    Edit,
    /// Hand it in for vetting, or take it back.
    Submit,
    /// Answer requests to join, set roles, remove members.
    ManageMembers,
    /// Decide about it: review, vet, ask, reject, flag, reinstate.
    Review,
}

impl OrganizationAction {
    /// Every action, for the printed table.
    pub const ALL: [Self; 7] = [
        Self::View,
        Self::ViewMembers,
        Self::ViewEvidence,
        Self::Edit,
        Self::Submit,
        Self::ManageMembers,
        Self::Review,
    ];
}

/// The facts decisions depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The organization.
    pub id: OrganizationId,
    /// Its state; [`OrganizationState::Expired`] as soon as its vetting has run out.
    pub state: OrganizationState,
}

/// Decides about an organization.
pub fn decide(actor: &Actor, action: OrganizationAction, facts: Facts) -> Decision {
    let membership = actor.membership(facts.id);
    let is_staff = actor.is_staff();
    let is_insider = membership.is_some() || is_staff || *actor == Actor::System;
    let is_visible = facts.state == OrganizationState::Vetted || is_insider;
    let is_allowed = match action {
        OrganizationAction::View => is_visible,
        OrganizationAction::ViewMembers => is_insider,
        OrganizationAction::Edit => matches!(
            membership,
            Some(MembershipRole::Owner | MembershipRole::Manager)
        ),
        OrganizationAction::Submit => membership == Some(MembershipRole::Owner),
        // An administrator helps where the only owner has gone.
        OrganizationAction::ManageMembers => {
            membership == Some(MembershipRole::Owner) || actor.is_admin()
        }
        // Never one's own.
        OrganizationAction::ViewEvidence | OrganizationAction::Review => {
            is_staff && membership.is_none()
        }
    };
    if !is_visible {
        // Logging in would not help to see it either.
        let is_viewing = action == OrganizationAction::View;
        return if is_viewing {
            Decision::Hidden
        } else {
            denial(actor, Decision::Hidden)
        };
    }
    let decision = Decision::allow_if(is_allowed, denial(actor, Decision::Forbidden));
    let is_by_role = match action {
        OrganizationAction::Review => true,
        OrganizationAction::ManageMembers => membership != Some(MembershipRole::Owner),
        _ => false,
    };
    if is_by_role {
        second_factor::guard(actor, decision)
    } else {
        decision
    }
}

/// Decides about seeing the note beside a decision: questions are for the organization, the rest is among staff.
pub fn decide_note(actor: &Actor, decision: VettingDecision, facts: Facts) -> Decision {
    let action = if decision == VettingDecision::NeedsInfo {
        OrganizationAction::ViewMembers
    } else {
        OrganizationAction::ViewEvidence
    };
    decide(actor, action, facts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::matrix::{ORGANIZATION_A, table};

    #[test]
    fn the_whole_table() {
        let rows: Vec<_> = [
            OrganizationState::Draft,
            OrganizationState::Vetted,
            OrganizationState::Flagged,
        ]
        .into_iter()
        .flat_map(|state| {
            OrganizationAction::ALL.map(|action| (format!("{state}: {action:?}"), (action, state)))
        })
        .collect();
        insta::assert_snapshot!(table("organization A", &rows, |actor, (action, state)| {
            let facts = Facts {
                id: ORGANIZATION_A,
                state: *state,
            };
            decide(actor, *action, facts)
        }));
    }

    #[test]
    fn every_state_but_vetted_is_decided_alike() {
        for state in OrganizationState::ALL {
            for action in OrganizationAction::ALL {
                for (name, actor) in crate::policy::matrix::actors() {
                    let at = |state| {
                        decide(
                            &actor,
                            action,
                            Facts {
                                id: ORGANIZATION_A,
                                state,
                            },
                        )
                    };
                    if *state != OrganizationState::Vetted {
                        let draft = at(OrganizationState::Draft);
                        assert_eq!(at(*state), draft, "{name} {action:?} {state}");
                    }
                }
            }
        }
    }
}
