//! Which pairings someone may see: coordinators all, the two sides those that were disclosed to them. One condition, used
//! by every list.

use entity::id::{OrganizationId, RoleId, VolunteerId};
use entity::pairing::{self, PairingOrigin, PairingState};
use sea_orm::{
    ColumnTrait as _, Condition, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, Select,
};

use crate::context::Context;
use crate::error::DomainError;
use crate::store::page::{KeyKind, Page, PageArguments, PageRequest, SortKey};

/// What is looked for; what is absent does not matter.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// In one of these states.
    pub states: Option<Vec<PairingState>>,
    /// Of this role.
    pub role_id: Option<RoleId>,
    /// Of this organization's roles.
    pub organization_id: Option<OrganizationId>,
    /// Of this volunteer.
    pub volunteer_id: Option<VolunteerId>,
}

/// The newest pairings first.
pub async fn run(
    ctx: &Context,
    filter: &Filter,
    page: &PageArguments,
) -> Result<Page<pairing::Model>, DomainError> {
    let kinds = (KeyKind::Time, KeyKind::Uuid);
    let request = PageRequest::new("pairings/newest", kinds, page)?;
    let mut cursor =
        select(ctx, filter)?.cursor_by((pairing::Column::CreatedAt, pairing::Column::Id));
    cursor.desc();
    request
        .fetch(cursor, &ctx.app.store.connection, |pairing| {
            (
                SortKey::Time(pairing.created_at.timestamp_micros()),
                SortKey::Uuid(pairing.id.uuid()),
            )
        })
        .await
}

/// How many there are.
pub async fn count(ctx: &Context, filter: &Filter) -> Result<u64, DomainError> {
    Ok(select(ctx, filter)?
        .count(&ctx.app.store.connection)
        .await?)
}

fn select(ctx: &Context, filter: &Filter) -> Result<Select<pairing::Entity>, DomainError> {
    let mut select = pairing::Entity::find().filter(visible(ctx)?);
    if let Some(states) = &filter.states {
        select = select.filter(pairing::COLUMN.state.is_in(states.iter().copied()));
    }
    if let Some(role_id) = filter.role_id {
        select = select.filter(pairing::COLUMN.role_id.eq(role_id));
    }
    if let Some(organization_id) = filter.organization_id {
        select = select.filter(pairing::COLUMN.organization_id.eq(organization_id));
    }
    if let Some(volunteer_id) = filter.volunteer_id {
        select = select.filter(pairing::COLUMN.volunteer_id.eq(volunteer_id));
    }
    Ok(select)
}

/// The same as [`crate::policy::pairing::decide`] says of `View`, as a condition; a test compares the two.
fn visible(ctx: &Context) -> Result<Condition, DomainError> {
    let person = ctx.person()?;
    if ctx.actor.is_staff() {
        return Ok(Condition::all());
    }
    let mut sides = Condition::any().add(
        pairing::COLUMN
            .organization_id
            .is_in(person.memberships.iter().map(|(id, _)| *id)),
    );
    if let Some(volunteer_id) = person.volunteer_id {
        sides = sides.add(pairing::COLUMN.volunteer_id.eq(volunteer_id));
    }
    let disclosed = Condition::any()
        .add(pairing::COLUMN.offered_at.is_not_null())
        .add(
            pairing::COLUMN
                .origin
                .is_in([PairingOrigin::Volunteer, PairingOrigin::Organization]),
        );
    Ok(Condition::all().add(sides).add(disclosed))
}
