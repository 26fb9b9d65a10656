//! One's accounts of identity providers, so that their owner can tell which are not theirs.

use entity::id::AccountId;
use entity::identity;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
};

use crate::context::Context;
use crate::error::DomainError;
use crate::policy::account::{AccountAction, decide};

/// Those of the actor, the oldest first.
pub async fn run(ctx: &Context) -> Result<Vec<identity::Model>, DomainError> {
    let person = ctx.person()?;
    let action = AccountAction::ManageSecondFactor;
    decide(&ctx.actor, action, person.account_id).require()?;
    Ok(identity::Entity::find()
        .filter(identity::COLUMN.account_id.eq(person.account_id))
        .order_by_asc(identity::Column::LinkedAt)
        .order_by_asc(identity::Column::Id)
        .all(&ctx.app.store.connection)
        .await?)
}

/// The one of an account at a provider, if any.
pub(super) async fn find(
    connection: &impl ConnectionTrait,
    account_id: AccountId,
    issuer: &str,
) -> Result<Option<identity::Model>, DomainError> {
    Ok(identity::Entity::find()
        .filter(identity::COLUMN.account_id.eq(account_id))
        .filter(identity::COLUMN.issuer.eq(issuer))
        .one(connection)
        .await?)
}
