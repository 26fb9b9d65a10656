//! The administrators, taken together: whoever may take one away locks all of them first, so that of two who take each
//! other away one comes second. One always stays.

use entity::account::{self, AccountState, StaffRole};
use entity::id::AccountId;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};

use crate::actor::Actor;
use crate::context::Context;
use crate::error::{Code, DomainError, Violation};

/// Those who can administer now: of confirmed address and not disabled. Nobody else changes them until the transaction ends.
pub(super) struct Admins(Vec<AccountId>);

impl Admins {
    /// Reads and locks them.
    pub(super) async fn lock(transaction: &impl ConnectionTrait) -> Result<Self, DomainError> {
        let rows = account::Entity::find()
            .filter(account::COLUMN.staff_role.eq(StaffRole::Admin))
            .filter(account::COLUMN.state.eq(AccountState::Active))
            .filter(account::COLUMN.email_verified_at.is_not_null())
            .order_by_asc(account::Column::Id)
            .lock_exclusive()
            .all(transaction)
            .await?;
        Ok(Self(rows.into_iter().map(|row| row.id).collect()))
    }

    /// Refuses an actor who was an administrator when the request began and is none any more.
    pub(super) fn require_actor(&self, ctx: &Context) -> Result<(), DomainError> {
        match &ctx.actor {
            Actor::Person(person) if !self.0.contains(&person.account_id) => {
                Err(DomainError::Forbidden)
            }
            Actor::Anonymous | Actor::Person(_) | Actor::System => Ok(()),
        }
    }

    /// Refuses to do without `id` when it is the only one.
    pub(super) fn keep_one_beside(&self, id: AccountId, field: &str) -> Result<(), DomainError> {
        if self.0 != [id] {
            return Ok(());
        }
        Err(Violation::new(
            Code::WrongState,
            field,
            "This is the only administrator; give the role to another account first.",
            "Ce compte est le seul à administrer la plateforme; donnez d’abord ce rôle à un autre.",
        )
        .into())
    }
}
