//! The actor behind a signed mail link: the account it was made for, without a session. Whoever holds a mail has shown
//! neither a password nor a second factor, so that no link carries a staff role.

use entity::account::{self, AccountState};
use entity::id::{AccountId, SessionId};
use sea_orm::EntityTrait as _;
use uuid::Uuid;

use super::open_session::person;
use crate::actor::Actor;
use crate::app::App;
use crate::error::DomainError;

/// The account as an actor, with its language; `None` when it may not act any more. Its session id is nil, which names
/// no session: a link can end none.
pub async fn load(
    app: &App,
    account_id: AccountId,
) -> Result<Option<(Actor, account::Model)>, DomainError> {
    let connection = &app.store.connection;
    let Some(account) = account::Entity::find_by_id(account_id)
        .one(connection)
        .await?
        .filter(|account| {
            matches!(
                account.state,
                AccountState::Unverified | AccountState::Active
            )
        })
    else {
        return Ok(None);
    };
    let person = person(connection, &account, SessionId::new(Uuid::nil())).await?;
    Ok(Some((Actor::Person(Box::new(person)), account)))
}
