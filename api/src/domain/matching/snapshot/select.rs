//! Which roles and volunteers are read, as subqueries: a scope of thousands costs no more parameters than one of a few.

use chrono::{DateTime, TimeDelta, Utc};
use entity::account::AccountState;
use entity::id::{ProjectId, RoleId, VolunteerId};
use entity::organization::OrganizationState;
use entity::project::ProjectState;
use entity::role::RoleState;
use entity::volunteer::VolunteerState;
use entity::{account, organization, project, role, volunteer};
use sea_orm::sea_query::SelectStatement;
use sea_orm::{
    ColumnTrait as _, Condition, EntityTrait as _, JoinType, QueryFilter as _, QuerySelect as _,
    QueryTrait as _, RelationTrait as _,
};

use super::Permission;
use crate::actor::Actor;

/// How long before a past moment somebody may have changed and not have been seen so at it. A change bears the time at which its
/// request began by that server's clock, and shows once it is committed: a round in between saw what was before. Neither a request
/// nor the difference of two clocks is near as long; whoever is read for nothing is left out again by who took part.
const SEEN_LATE: TimeDelta = TimeDelta::minutes(5);

/// What the engine shall look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection {
    /// Which roles.
    pub roles: Roles,
    /// Which volunteers.
    pub volunteers: Volunteers,
    /// What the answer is for.
    pub purpose: Purpose,
}

/// Which roles are looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Roles {
    /// Open roles of published, accepting projects of vetted organizations; of these projects and of these roles where
    /// some are named.
    Proposable {
        /// Only of these projects; empty for all.
        projects: Vec<ProjectId>,
        /// Only these; empty for all.
        roles: Vec<RoleId>,
    },
    /// Those of the same scope that were there at the moment and are open now or have changed since, or shortly before: all
    /// that were seen as open then are among them.
    Past {
        /// Only of these projects; empty for all.
        projects: Vec<ProjectId>,
        /// Only these; empty for all.
        roles: Vec<RoleId>,
    },
    /// This one, whatever its state.
    Named(RoleId),
}

/// Which volunteers are looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Volunteers {
    /// Active, verified ones who agreed to be proposed; only of these where some are named.
    Proposable(Vec<VolunteerId>),
    /// Active, verified ones who agreed to be proposed, and this one, whatever their state.
    ProposableAnd(VolunteerId),
    /// Verified ones of the same scope who agreed to be proposed, were there at the moment, have not left, and are available or
    /// have changed since, or shortly before: all who were seen as available then are among them.
    Past(Vec<VolunteerId>),
    /// This one, whatever their state.
    Named(VolunteerId),
}

/// What the engine's answer is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A round: suggestions that wait for an answer already count against what a role wants.
    Round {
        /// Suggestions wanted for each open seat, 1 to 20.
        suggestions_per_seat: u8,
    },
    /// Looking at pairs one by one.
    Explanation,
    /// The same for the volunteer: what was decided about them and never disclosed does not show, not even by a reason.
    OwnExplanation,
    /// A volunteer comes forward: what they themselves declined or took back before does not stand in their way.
    Application,
    /// A pairing of the two is to be offered: what was decided about them before it does not count, nor do offers that
    /// have no answer yet.
    Offer,
}

impl Selection {
    /// The same scope for a look at the past, when others may have been open and available.
    #[must_use]
    pub(super) fn of_the_past(&self) -> Self {
        let mut past = self.clone();
        if let Roles::Proposable { projects, roles } = past.roles {
            past.roles = Roles::Past { projects, roles };
        }
        if let Volunteers::Proposable(only) = past.volunteers {
            past.volunteers = Volunteers::Past(only);
        }
        past
    }

    /// Whether the moment is over, so that what came after it has no part.
    pub(super) const fn is_past(&self) -> bool {
        matches!(self.roles, Roles::Past { .. })
    }
}

impl Purpose {
    /// Explaining pairs to `actor`.
    pub fn explanation_for(actor: &Actor) -> Self {
        if actor.is_staff() || *actor == Actor::System {
            Self::Explanation
        } else {
            Self::OwnExplanation
        }
    }
}

impl Volunteers {
    /// Whether somebody with this permission takes part.
    pub(super) fn admits(&self, id: VolunteerId, permission: Permission) -> bool {
        match self {
            Self::Proposable(_) | Self::Past(_) => permission.is_given(),
            Self::Named(named) | Self::ProposableAnd(named) => {
                permission.is_given() || *named == id
            }
        }
    }

    /// Selects the ids.
    pub(super) fn ids(&self, as_of: DateTime<Utc>) -> SelectStatement {
        let ids = volunteer::Entity::find()
            .select_only()
            .column(volunteer::Column::Id);
        let is_named = |id: VolunteerId| volunteer::Column::Id.eq(id);
        let is_of = |only: &[VolunteerId]| match only {
            [] => Condition::all(),
            only => Condition::all().add(volunteer::Column::Id.is_in(only.iter().copied())),
        };
        let condition = match self {
            Self::Named(id) => return ids.filter(is_named(*id)).into_query(),
            Self::Proposable(only) => is_of(only).add(is_available(as_of)).add(has_account()),
            Self::ProposableAnd(id) => Condition::any()
                .add(Condition::all().add(is_available(as_of)).add(has_account()))
                .add(is_named(*id)),
            Self::Past(only) => is_of(only)
                .add(volunteer::Column::State.ne(VolunteerState::Left))
                .add(volunteer::Column::CreatedAt.lte(as_of))
                .add(is_available(as_of).add(volunteer::Column::UpdatedAt.gte(as_of - SEEN_LATE)))
                .add(has_account()),
        };
        ids.join(JoinType::InnerJoin, volunteer::Relation::Account.def())
            .filter(condition)
            .into_query()
    }
}

/// Whether the account is in use and its address confirmed.
fn has_account() -> Condition {
    Condition::all()
        .add(account::Column::State.eq(AccountState::Active))
        .add(account::Column::EmailVerifiedAt.is_not_null())
}

fn is_available(as_of: DateTime<Utc>) -> Condition {
    let is_pause_over = Condition::all()
        .add(volunteer::Column::State.eq(VolunteerState::Paused))
        .add(volunteer::Column::PausedUntil.lte(as_of.date_naive()));
    Condition::any()
        .add(volunteer::Column::State.eq(VolunteerState::Active))
        .add(is_pause_over)
}

impl Roles {
    /// Selects the ids.
    pub(super) fn ids(&self, as_of: DateTime<Utc>) -> SelectStatement {
        let ids = role::Entity::find().select_only().column(role::Column::Id);
        let (projects, roles, mut ids) = match self {
            Self::Named(id) => return ids.filter(role::Column::Id.eq(*id)).into_query(),
            Self::Past { projects, roles } => {
                let may_have_been = Condition::any()
                    .add(role::Column::State.eq(RoleState::Open))
                    .add(role::Column::UpdatedAt.gte(as_of - SEEN_LATE));
                let past = ids.filter(role::Column::CreatedAt.lte(as_of));
                (projects, roles, past.filter(may_have_been))
            }
            Self::Proposable { projects, roles } => {
                let open = ids
                    .join(JoinType::InnerJoin, role::Relation::Project.def())
                    .join(JoinType::InnerJoin, role::Relation::Organization.def())
                    .filter(role::Column::State.eq(RoleState::Open))
                    .filter(project::Column::State.is_in(ACCEPTING_PROJECT_STATES.iter().copied()))
                    .filter(project::Column::IsAccepting.eq(true))
                    .filter(organization::Column::State.eq(OrganizationState::Vetted))
                    .filter(is_vetting_valid(as_of));
                (projects, roles, open)
            }
        };
        if !projects.is_empty() {
            ids = ids.filter(role::Column::ProjectId.is_in(projects.iter().copied()));
        }
        if !roles.is_empty() {
            ids = ids.filter(role::Column::Id.is_in(roles.iter().copied()));
        }
        ids.into_query()
    }
}

/// The states in which a project that is accepting takes people.
pub const ACCEPTING_PROJECT_STATES: &[ProjectState] =
    &[ProjectState::Published, ProjectState::InProgress];

fn is_vetting_valid(as_of: DateTime<Utc>) -> Condition {
    Condition::any()
        .add(organization::Column::VettedUntil.is_null())
        .add(organization::Column::VettedUntil.gt(as_of))
}
