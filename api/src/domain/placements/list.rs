//! The placements someone may see: coordinators all, the two sides their own.

use entity::placement::{self, PlacementState};
use sea_orm::{
    ColumnTrait as _, Condition, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, Select,
};

use crate::context::Context;
use crate::error::DomainError;
use crate::store::page::{KeyKind, Page, PageArguments, PageRequest, SortKey};

/// The newest placements first, in one of `states` if given.
pub async fn run(
    ctx: &Context,
    states: Option<&[PlacementState]>,
    page: &PageArguments,
) -> Result<Page<placement::Model>, DomainError> {
    let kinds = (KeyKind::Time, KeyKind::Uuid);
    let request = PageRequest::new("placements/newest", kinds, page)?;
    let mut cursor =
        select(ctx, states)?.cursor_by((placement::Column::CreatedAt, placement::Column::Id));
    cursor.desc();
    request
        .fetch(cursor, &ctx.app.store.connection, |placement| {
            (
                SortKey::Time(placement.created_at.timestamp_micros()),
                SortKey::Uuid(placement.id.uuid()),
            )
        })
        .await
}

/// How many there are.
pub async fn count(ctx: &Context, states: Option<&[PlacementState]>) -> Result<u64, DomainError> {
    Ok(select(ctx, states)?
        .count(&ctx.app.store.connection)
        .await?)
}

fn select(
    ctx: &Context,
    states: Option<&[PlacementState]>,
) -> Result<Select<placement::Entity>, DomainError> {
    let person = ctx.person()?;
    let mut select = placement::Entity::find();
    if !ctx.actor.is_staff() {
        let mut sides = Condition::any().add(
            placement::COLUMN
                .organization_id
                .is_in(person.memberships.iter().map(|(id, _)| *id)),
        );
        if let Some(volunteer_id) = person.volunteer_id {
            sides = sides.add(placement::COLUMN.volunteer_id.eq(volunteer_id));
        }
        select = select.filter(sides);
    }
    if let Some(states) = states {
        select = select.filter(placement::COLUMN.state.is_in(states.iter().copied()));
    }
    Ok(select)
}
