//! Roles: seen with their project once they are no draft; changed by whoever may change the project.

use entity::role::RoleState;

use super::project::{self, ProjectAction};
use super::{Decision, denial};
use crate::actor::Actor;

/// What can be done to a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoleAction {
    /// See what it asks for.
    View,
    /// Change it, open it, close it, set its seats.
    Edit,
}

impl RoleAction {
    /// Every action, for the printed table.
    pub const ALL: [Self; 2] = [Self::View, Self::Edit];
}

/// The facts decisions depend on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The role's project.
    pub project: project::Facts,
    /// The role's state.
    pub state: RoleState,
}

/// Decides about a role.
pub fn decide(actor: &Actor, action: RoleAction, facts: Facts) -> Decision {
    let seeing = if facts.state == RoleState::Draft {
        ProjectAction::ViewReview
    } else {
        ProjectAction::View
    };
    let is_visible = project::decide(actor, seeing, facts.project).is_allowed();
    let is_allowed = match action {
        RoleAction::View => is_visible,
        RoleAction::Edit => project::decide(actor, ProjectAction::Edit, facts.project).is_allowed(),
    };
    if !is_visible {
        // Logging in would not help to see it either.
        let is_viewing = action == RoleAction::View;
        return if is_viewing {
            Decision::Hidden
        } else {
            denial(actor, Decision::Hidden)
        };
    }
    Decision::allow_if(is_allowed, denial(actor, Decision::Forbidden))
}

#[cfg(test)]
mod tests {
    use entity::organization::OrganizationState;
    use entity::project::ProjectState;

    use super::*;
    use crate::policy::matrix::{ORGANIZATION_A, table};

    #[test]
    fn the_whole_table() {
        let rows: Vec<_> = [ProjectState::Published, ProjectState::Draft]
            .into_iter()
            .flat_map(|project| RoleState::ALL.iter().map(move |state| (project, *state)))
            .flat_map(|(project, state)| {
                RoleAction::ALL.map(|action| {
                    let name = format!("{project}, {state}: {action:?}");
                    (name, (action, project, state))
                })
            })
            .collect();
        insta::assert_snapshot!(table("role of A (vetted)", &rows, |actor, row| {
            let (action, project_state, state) = *row;
            let facts = Facts {
                project: project::Facts {
                    organization_id: ORGANIZATION_A,
                    organization_state: OrganizationState::Vetted,
                    state: project_state,
                },
                state,
            };
            decide(actor, action, facts)
        }));
    }
}
