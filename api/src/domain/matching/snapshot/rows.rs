//! The rows behind a snapshot: one statement for each table, whatever the number of people.

use chrono::{DateTime, Utc};
use entity::account::AccountState;
use entity::consent::ConsentPurpose;
use entity::id::{AccountId, CauseId, OrganizationId, PairingId, ProjectId, RoleId, VolunteerId};
use entity::membership::MembershipState;
use entity::organization::OrganizationState;
use entity::pairing::{PairingOrigin, PairingSide, PairingState};
use entity::placement::PlacementState;
use entity::project::ProjectState;
use entity::{
    account, conflict_of_interest, consent, membership, organization, pairing, pairing_rule,
    placement, project, project_cause, role, role_language, role_skill, role_window,
    skill_relation, time_off, volunteer, volunteer_cause, volunteer_language, volunteer_skill,
    volunteer_window,
};
use sea_orm::sea_query::SelectStatement;
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, DbErr, EntityTrait as _, FromQueryResult,
    JoinType, QueryFilter as _, QueryOrder as _, QuerySelect as _, QueryTrait as _,
    RelationTrait as _,
};

use super::EXPOSURE_WINDOW;
use super::pair::PROMISED;
use super::select::Selection;

/// Everything that was read.
pub(super) struct Rows {
    pub(super) people: VolunteerRows,
    pub(super) asking: RoleRows,
    pub(super) pairings: Vec<PairingRow>,
    pub(super) rules: Vec<pairing_rule::Model>,
    pub(super) relations: Vec<skill_relation::Model>,
}

/// What volunteers say, and what they have promised.
pub(super) struct VolunteerRows {
    pub(super) volunteers: Vec<volunteer::Model>,
    pub(super) accounts: Vec<AccountRow>,
    /// Consents to being proposed and when each was given or taken back, oldest first.
    pub(super) consents: Vec<(AccountId, bool, DateTime<Utc>)>,
    pub(super) volunteer_skills: Vec<volunteer_skill::Model>,
    pub(super) volunteer_windows: Vec<volunteer_window::Model>,
    pub(super) times_off: Vec<time_off::Model>,
    pub(super) volunteer_languages: Vec<volunteer_language::Model>,
    pub(super) volunteer_causes: Vec<volunteer_cause::Model>,
    pub(super) conflicts: Vec<(VolunteerId, OrganizationId)>,
    pub(super) memberships: Vec<(AccountId, OrganizationId)>,
    pub(super) placements: Vec<PlacementRow>,
}

/// What roles ask, and whether they take people.
pub(super) struct RoleRows {
    pub(super) roles: Vec<role::Model>,
    pub(super) projects: Vec<(ProjectId, ProjectState, bool)>,
    pub(super) organizations: Vec<(OrganizationId, OrganizationState, Option<DateTime<Utc>>)>,
    pub(super) role_skills: Vec<role_skill::Model>,
    pub(super) role_windows: Vec<role_window::Model>,
    pub(super) role_languages: Vec<role_language::Model>,
    pub(super) project_causes: Vec<(ProjectId, CauseId)>,
}

/// What matters of an account here.
#[derive(FromQueryResult)]
pub(super) struct AccountRow {
    pub(super) id: AccountId,
    pub(super) state: AccountState,
    pub(super) zone: String,
    pub(super) email_verified_at: Option<DateTime<Utc>>,
}

/// What matters of a placement here.
#[derive(FromQueryResult)]
pub(super) struct PlacementRow {
    pub(super) volunteer_id: VolunteerId,
    pub(super) state: PlacementState,
    pub(super) hours_per_week: i32,
    pub(super) created_at: DateTime<Utc>,
    pub(super) updated_at: DateTime<Utc>,
}

/// What matters of a pairing here, with the hours its role asks.
#[derive(FromQueryResult)]
pub(super) struct PairingRow {
    pub(super) id: PairingId,
    pub(super) role_id: RoleId,
    pub(super) volunteer_id: VolunteerId,
    pub(super) state: PairingState,
    pub(super) origin: PairingOrigin,
    pub(super) declined_by: Option<PairingSide>,
    pub(super) offered_at: Option<DateTime<Utc>>,
    pub(super) created_at: DateTime<Utc>,
    pub(super) hours_per_week: i32,
}

impl Rows {
    /// Reads every table once.
    pub(super) async fn read(
        connection: &impl ConnectionTrait,
        selection: &Selection,
        as_of: DateTime<Utc>,
    ) -> Result<Self, DbErr> {
        let volunteers = || selection.volunteers.ids(as_of);
        let roles = || selection.roles.ids(as_of);
        Ok(Self {
            people: VolunteerRows::read(connection, volunteers).await?,
            asking: RoleRows::read(connection, roles).await?,
            pairings: read_pairings(connection, selection, as_of).await?,
            rules: pairing_rule::Entity::find()
                .filter(pairing_rule::Column::RoleId.in_subquery(roles()))
                .filter(pairing_rule::Column::VolunteerId.in_subquery(volunteers()))
                .all(connection)
                .await?,
            relations: skill_relation::Entity::find().all(connection).await?,
        })
    }
}

impl VolunteerRows {
    async fn read(
        connection: &impl ConnectionTrait,
        volunteers: impl Fn() -> SelectStatement,
    ) -> Result<Self, DbErr> {
        let accounts = || account_ids(volunteers());
        Ok(Self {
            volunteers: volunteer::Entity::find()
                .filter(volunteer::Column::Id.in_subquery(volunteers()))
                .all(connection)
                .await?,
            accounts: account::Entity::find()
                .select_only()
                .columns([
                    account::Column::Id,
                    account::Column::State,
                    account::Column::Zone,
                    account::Column::EmailVerifiedAt,
                ])
                .filter(account::Column::Id.in_subquery(accounts()))
                .into_model()
                .all(connection)
                .await?,
            consents: consent::Entity::find()
                .select_only()
                .columns([
                    consent::Column::AccountId,
                    consent::Column::IsGranted,
                    consent::Column::GivenAt,
                ])
                .filter(consent::Column::Purpose.eq(ConsentPurpose::Matching))
                .filter(consent::Column::AccountId.in_subquery(accounts()))
                .order_by_asc(consent::Column::GivenAt)
                .order_by_asc(consent::Column::Id)
                .into_tuple()
                .all(connection)
                .await?,
            volunteer_skills: volunteer_skill::Entity::find()
                .filter(volunteer_skill::Column::VolunteerId.in_subquery(volunteers()))
                .all(connection)
                .await?,
            volunteer_windows: volunteer_window::Entity::find()
                .filter(volunteer_window::Column::VolunteerId.in_subquery(volunteers()))
                .order_by_asc(volunteer_window::Column::Weekday)
                .order_by_asc(volunteer_window::Column::StartMinute)
                .order_by_asc(volunteer_window::Column::EndMinute)
                .all(connection)
                .await?,
            times_off: time_off::Entity::find()
                .filter(time_off::Column::VolunteerId.in_subquery(volunteers()))
                .order_by_asc(time_off::Column::StartsOn)
                .order_by_asc(time_off::Column::EndsOn)
                .all(connection)
                .await?,
            volunteer_languages: volunteer_language::Entity::find()
                .filter(volunteer_language::Column::VolunteerId.in_subquery(volunteers()))
                .all(connection)
                .await?,
            volunteer_causes: volunteer_cause::Entity::find()
                .filter(volunteer_cause::Column::VolunteerId.in_subquery(volunteers()))
                .all(connection)
                .await?,
            conflicts: conflict_of_interest::Entity::find()
                .select_only()
                .columns([
                    conflict_of_interest::Column::VolunteerId,
                    conflict_of_interest::Column::OrganizationId,
                ])
                .filter(conflict_of_interest::Column::VolunteerId.in_subquery(volunteers()))
                .into_tuple()
                .all(connection)
                .await?,
            memberships: membership::Entity::find()
                .select_only()
                .columns([
                    membership::Column::AccountId,
                    membership::Column::OrganizationId,
                ])
                .filter(membership::Column::State.eq(MembershipState::Active))
                .filter(membership::Column::AccountId.in_subquery(accounts()))
                .into_tuple()
                .all(connection)
                .await?,
            placements: placement::Entity::find()
                .select_only()
                .columns([
                    placement::Column::VolunteerId,
                    placement::Column::State,
                    placement::Column::HoursPerWeek,
                    placement::Column::CreatedAt,
                    placement::Column::UpdatedAt,
                ])
                .filter(placement::Column::VolunteerId.in_subquery(volunteers()))
                .into_model()
                .all(connection)
                .await?,
        })
    }
}

impl RoleRows {
    async fn read(
        connection: &impl ConnectionTrait,
        roles: impl Fn() -> SelectStatement,
    ) -> Result<Self, DbErr> {
        let projects = || project_ids(roles());
        Ok(Self {
            roles: role::Entity::find()
                .filter(role::Column::Id.in_subquery(roles()))
                .all(connection)
                .await?,
            projects: project::Entity::find()
                .select_only()
                .columns([
                    project::Column::Id,
                    project::Column::State,
                    project::Column::IsAccepting,
                ])
                .filter(project::Column::Id.in_subquery(projects()))
                .into_tuple()
                .all(connection)
                .await?,
            organizations: organization::Entity::find()
                .select_only()
                .columns([
                    organization::Column::Id,
                    organization::Column::State,
                    organization::Column::VettedUntil,
                ])
                .filter(organization::Column::Id.in_subquery(organization_ids(roles())))
                .into_tuple()
                .all(connection)
                .await?,
            role_skills: role_skill::Entity::find()
                .filter(role_skill::Column::RoleId.in_subquery(roles()))
                .order_by_asc(role_skill::Column::Kind)
                .order_by_desc(role_skill::Column::Weight)
                .order_by_asc(role_skill::Column::SkillId)
                .all(connection)
                .await?,
            role_windows: role_window::Entity::find()
                .filter(role_window::Column::RoleId.in_subquery(roles()))
                .order_by_asc(role_window::Column::Weekday)
                .order_by_asc(role_window::Column::StartMinute)
                .order_by_asc(role_window::Column::EndMinute)
                .all(connection)
                .await?,
            role_languages: role_language::Entity::find()
                .filter(role_language::Column::RoleId.in_subquery(roles()))
                .all(connection)
                .await?,
            project_causes: project_cause::Entity::find()
                .select_only()
                .columns([
                    project_cause::Column::ProjectId,
                    project_cause::Column::CauseId,
                ])
                .filter(project_cause::Column::ProjectId.in_subquery(projects()))
                .into_tuple()
                .all(connection)
                .await?,
        })
    }
}

/// Pairings of either side that forbid, promise hours, wait for an answer or count as recent, and those that may have done
/// so at `as_of` and have changed since; of the past, none that came later.
async fn read_pairings(
    connection: &impl ConnectionTrait,
    selection: &Selection,
    as_of: DateTime<Utc>,
) -> Result<Vec<PairingRow>, DbErr> {
    let roles = selection.roles.ids(as_of);
    let matters = Condition::any()
        .add(pairing::Column::RoleId.in_subquery(roles.clone()))
        .add(pairing::Column::State.is_in(PROMISED.iter().copied()))
        .add(pairing::Column::CreatedAt.gt(as_of - EXPOSURE_WINDOW))
        .add(pairing::Column::UpdatedAt.gt(as_of));
    let mut was_there = Condition::all();
    if selection.is_past() {
        was_there = was_there.add(pairing::Column::CreatedAt.lte(as_of));
    }
    pairing::Entity::find()
        .select_only()
        .columns([
            pairing::Column::Id,
            pairing::Column::RoleId,
            pairing::Column::VolunteerId,
            pairing::Column::State,
            pairing::Column::Origin,
            pairing::Column::DeclinedBy,
            pairing::Column::OfferedAt,
            pairing::Column::CreatedAt,
        ])
        .column(role::Column::HoursPerWeek)
        .join(JoinType::InnerJoin, pairing::Relation::Role.def())
        .filter(matters)
        .filter(is_of_either(selection, as_of))
        .filter(was_there)
        .into_model()
        .all(connection)
        .await
}

/// Pairings of a selected role or a selected volunteer.
pub(super) fn is_of_either(selection: &Selection, as_of: DateTime<Utc>) -> Condition {
    Condition::any()
        .add(pairing::Column::RoleId.in_subquery(selection.roles.ids(as_of)))
        .add(pairing::Column::VolunteerId.in_subquery(selection.volunteers.ids(as_of)))
}

fn account_ids(volunteers: SelectStatement) -> SelectStatement {
    volunteer::Entity::find()
        .select_only()
        .column(volunteer::Column::AccountId)
        .filter(volunteer::Column::Id.in_subquery(volunteers))
        .into_query()
}

fn project_ids(roles: SelectStatement) -> SelectStatement {
    role::Entity::find()
        .select_only()
        .column(role::Column::ProjectId)
        .filter(role::Column::Id.in_subquery(roles))
        .into_query()
}

fn organization_ids(roles: SelectStatement) -> SelectStatement {
    role::Entity::find()
        .select_only()
        .column(role::Column::OrganizationId)
        .filter(role::Column::Id.in_subquery(roles))
        .into_query()
}
