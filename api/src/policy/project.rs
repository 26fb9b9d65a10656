//! Projects: public once published by a vetted organization; written by the organization's owners and managers;
//! reviewed by staff who do not belong to it.

use entity::id::OrganizationId;
use entity::membership::MembershipRole;
use entity::organization::OrganizationState;
use entity::project::ProjectState;

use super::{Decision, denial, second_factor};
use crate::actor::Actor;

/// What can be done to a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProjectAction {
    /// See it with its open roles.
    View,
    /// See what the review said, and roles that are still drafts.
    ViewReview,
    /// Make one, change it and its roles, take it through its life.
    Edit,
    /// Publish it or return it with comments.
    Review,
}

impl ProjectAction {
    /// Every action, for the printed table.
    pub const ALL: [Self; 4] = [Self::View, Self::ViewReview, Self::Edit, Self::Review];
}

/// The facts decisions depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The project's organization.
    pub organization_id: OrganizationId,
    /// The organization's state; expired as soon as its vetting has run out.
    pub organization_state: OrganizationState,
    /// The project's state.
    pub state: ProjectState,
}

/// The states in which everybody sees a project of a vetted organization.
pub const PUBLIC_STATES: [ProjectState; 3] = [
    ProjectState::Published,
    ProjectState::InProgress,
    ProjectState::Completed,
];

/// Decides about a project.
pub fn decide(actor: &Actor, action: ProjectAction, facts: Facts) -> Decision {
    let membership = actor.membership(facts.organization_id);
    let is_insider = membership.is_some() || actor.is_staff() || *actor == Actor::System;
    let is_public = facts.organization_state == OrganizationState::Vetted
        && PUBLIC_STATES.contains(&facts.state);
    let is_visible = is_public || is_insider;
    let is_allowed = match action {
        ProjectAction::View => is_visible,
        ProjectAction::ViewReview => is_insider,
        ProjectAction::Edit => matches!(
            membership,
            Some(MembershipRole::Owner | MembershipRole::Manager)
        ),
        // Never one's own.
        ProjectAction::Review => actor.is_staff() && membership.is_none(),
    };
    if !is_visible {
        // Logging in would not help to see it either.
        let is_viewing = action == ProjectAction::View;
        return if is_viewing {
            Decision::Hidden
        } else {
            denial(actor, Decision::Hidden)
        };
    }
    let decision = Decision::allow_if(is_allowed, denial(actor, Decision::Forbidden));
    if action == ProjectAction::Review {
        second_factor::guard(actor, decision)
    } else {
        decision
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::matrix::{ORGANIZATION_A, table};

    #[test]
    fn the_whole_table() {
        let rows: Vec<_> = [OrganizationState::Vetted, OrganizationState::Flagged]
            .into_iter()
            .flat_map(|organization| {
                ProjectState::ALL
                    .iter()
                    .map(move |state| (organization, *state))
            })
            .flat_map(|(organization, state)| {
                ProjectAction::ALL.map(|action| {
                    let name = format!("{organization}, {state}: {action:?}");
                    (name, (action, organization, state))
                })
            })
            .collect();
        insta::assert_snapshot!(table("project of A", &rows, |actor, row| {
            let (action, organization_state, state) = *row;
            let facts = Facts {
                organization_id: ORGANIZATION_A,
                organization_state,
                state,
            };
            decide(actor, action, facts)
        }));
    }
}
