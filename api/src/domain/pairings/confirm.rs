//! Both sides said yes: the seat is taken exactly once, the placement begins, both hear how to reach each other, and
//! pairings that became impossible give way.
//!
//! Locks are taken in one order everywhere: role, project, organization, volunteer, then pairings by id. Of two
//! acceptances of the last seat the second waits at the role and then finds it full.

use entity::actor_kind::ActorKind;
use entity::consent::ConsentPurpose;
use entity::id::PlacementId;
use entity::pairing::{self, PairingState};
use entity::placement::{self, PlacementState};
use entity::role::{self, RoleState};
use entity::volunteer;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QuerySelect as _, Set,
};

use super::parties::{Parties, is_reachable};
use super::reason::Reason;
use super::transition::{Event, Step, apply, wrong_state};
use super::{clash, give_way, introduce, notices, parties, representative};
use crate::context::Context;
use crate::domain::accounts::consents;
use crate::error::{Code, DomainError, Violation};

/// What came of the second yes.
#[derive(Debug)]
pub(super) enum Outcome {
    /// The seat is theirs.
    Confirmed(pairing::Model),
    /// The last seat went to someone else; the pairing has given way, and its sides are told.
    Full,
}

/// What of a volunteer's capacity is taken by placements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Load {
    /// Placements that are not over.
    pub(super) placements: i32,
    /// Their hours a week.
    pub(super) hours: i32,
}

impl Load {
    /// Why a role of `hours` a week is more than the volunteer has left, if it is.
    pub(super) fn excess(self, volunteer: &volunteer::Model, hours: i32) -> Option<Reason> {
        if self.placements >= volunteer.max_placements {
            return Some(Reason::VolunteerAtCapacity);
        }
        volunteer
            .hours_per_week
            .is_some_and(|budget| self.hours + hours > budget)
            .then_some(Reason::VolunteerOverHours)
    }
}

/// Whether the yes of the side that gave it first still holds: whoever said it answers for that side, and agrees that
/// the other side gets to know how to reach them.
pub(super) async fn first_yes_holds(
    transaction: &impl ConnectionTrait,
    parties: &Parties,
) -> Result<bool, DomainError> {
    let said_by = match parties.pairing.state {
        PairingState::VolunteerAccepted => Some(&parties.volunteer_account)
            .filter(|account| is_reachable(account))
            .cloned(),
        PairingState::OrganizationAccepted => {
            representative::find(transaction, parties.pairing.id).await?
        }
        _ => None,
    };
    let Some(account) = said_by else {
        return Ok(false);
    };
    let sharing = consents::granted(transaction, &[account.id], ConsentPurpose::Sharing).await?;
    Ok(sharing.contains(&account.id))
}

/// Confirms a pairing whose other side has accepted. The caller holds the role, which takes people.
pub(super) async fn confirm(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    pairing: &pairing::Model,
    actor: ActorKind,
) -> Result<Outcome, DomainError> {
    if !take_seat(ctx, transaction, pairing).await? {
        let step = Step::new(Event::Supersede, ActorKind::System, Reason::RoleFilled);
        let lost = apply(ctx, transaction, pairing, step).await?.into_pairing();
        let parties = parties::load(transaction, lost).await?;
        // Whoever answers just now counts as having said yes.
        notices::ended(
            ctx,
            transaction,
            &parties,
            PairingState::VolunteerAccepted,
            Reason::RoleFilled,
        )
        .await?;
        return Ok(Outcome::Full);
    }
    require_capacity(ctx, transaction, pairing, actor).await?;
    let step = Step::new(Event::Accept, actor, Reason::Accepted);
    let confirmed = apply(ctx, transaction, pairing, step).await?.into_pairing();
    if confirmed.state != PairingState::Confirmed {
        return Err(wrong_state(confirmed.state).into());
    }
    let parties = parties::load(transaction, confirmed).await?;
    let placement = insert_placement(ctx, transaction, &parties.role, &parties.pairing).await?;
    introduce::both(ctx, transaction, &parties, &placement).await?;
    let load = load_of(transaction, &parties.volunteer).await?;
    give_way::after(ctx, transaction, &parties.role, &parties.volunteer, load).await?;
    Ok(Outcome::Confirmed(parties.pairing))
}

/// Takes one seat by one guarded statement; false when there is none to take.
async fn take_seat(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    pairing: &pairing::Model,
) -> Result<bool, DomainError> {
    let filled = || Expr::col(role::Column::Filled);
    let seats = || Expr::col(role::Column::Seats);
    let taken = role::Entity::update_many()
        .col_expr(role::Column::Filled, filled().add(1))
        .col_expr(
            role::Column::State,
            Expr::case(
                filled().add(1).gte(seats()),
                Expr::val(RoleState::Filled.as_str()),
            )
            .finally(Expr::col(role::Column::State))
            .into(),
        )
        .col_expr(role::Column::UpdatedAt, Expr::val(ctx.now()))
        .filter(role::COLUMN.id.eq(pairing.role_id))
        .filter(role::COLUMN.state.eq(RoleState::Open))
        .filter(filled().lt(seats()))
        .exec(transaction)
        .await?;
    Ok(taken.rows_affected == 1)
}

/// Locks the volunteer, so that two roles cannot both take the last of their capacity or the same evening, and checks what is
/// left of both.
/// What to do about it is told to the volunteer only.
pub(super) async fn require_capacity(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    pairing: &pairing::Model,
    actor: ActorKind,
) -> Result<(), DomainError> {
    let volunteer = volunteer::Entity::find_by_id(pairing.volunteer_id)
        .lock_exclusive()
        .one(transaction)
        .await?
        .ok_or(DomainError::NotFound)?;
    let role = load_role(transaction, pairing).await?;
    let load = load_of(transaction, &volunteer).await?;
    let Some(reason) = load.excess(&volunteer, role.hours_per_week) else {
        let clash = clash::find(ctx, transaction, &role, pairing.volunteer_id).await?;
        return clash.map_or(Ok(()), |clash| {
            Err(clash::violation(&role, &clash, actor).into())
        });
    };
    let (en, fr) = reason.words();
    let (en_hint, fr_hint) = match (actor, reason) {
        (ActorKind::Volunteer, Reason::VolunteerAtCapacity) => (
            " End a placement or allow more of them in the profile.",
            " Mettez fin à un placement ou permettez-en davantage dans le profil.",
        ),
        (ActorKind::Volunteer, _) => (
            " Add hours a week in the profile or end a placement.",
            " Ajoutez des heures par semaine dans le profil ou mettez fin à un placement.",
        ),
        _ => ("", ""),
    };
    Err(Violation::new(
        Code::Gated,
        "",
        format!("{en}{en_hint}"),
        format!("{fr}{fr_hint}"),
    )
    .into())
}

async fn load_role(
    transaction: &impl ConnectionTrait,
    pairing: &pairing::Model,
) -> Result<role::Model, DomainError> {
    role::Entity::find_by_id(pairing.role_id)
        .one(transaction)
        .await?
        .ok_or(DomainError::NotFound)
}

async fn load_of(
    transaction: &impl ConnectionTrait,
    volunteer: &volunteer::Model,
) -> Result<Load, DomainError> {
    let hours: Vec<i32> = placement::Entity::find()
        .select_only()
        .column(placement::Column::HoursPerWeek)
        .filter(placement::COLUMN.volunteer_id.eq(volunteer.id))
        .filter(
            placement::COLUMN
                .state
                .is_in(PlacementState::LIVE.iter().copied()),
        )
        .into_tuple()
        .all(transaction)
        .await?;
    Ok(Load {
        placements: i32::try_from(hours.len()).unwrap_or(i32::MAX),
        hours: hours.iter().sum(),
    })
}

async fn insert_placement(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    role: &role::Model,
    pairing: &pairing::Model,
) -> Result<placement::Model, DomainError> {
    let placement = placement::ActiveModel {
        id: Set(PlacementId::new(ctx.app.new_id())),
        pairing_id: Set(pairing.id),
        role_id: Set(pairing.role_id),
        volunteer_id: Set(pairing.volunteer_id),
        organization_id: Set(pairing.organization_id),
        state: Set(PlacementState::PendingStart),
        hours_per_week: Set(role.hours_per_week),
        starts_on: Set(role.starts_on),
        ends_on: Set(role.ends_on),
        end_reason: Set(None),
        calendar_sequence: Set(0),
        version: Set(1),
        created_at: Set(ctx.now()),
        updated_at: Set(ctx.now()),
    };
    Ok(placement.insert(transaction).await?)
}
