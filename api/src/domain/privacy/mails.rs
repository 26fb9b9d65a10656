//! What mails keep of people who were erased: nothing, from the moment they need not be sent any more.
//!
//! Erasure empties the mails that are there. Those that wait to go out, such as the notices of its own making and the last
//! mail to the person, are emptied by whoever reports what became of them.

use entity::account::{self, AccountState};
use entity::id::AccountId;
use entity::mail_message::{self, MailState};
use entity::personal::Personal;
use entity::{pairing, pairing_event, volunteer};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, Set};

use super::inventory::{Subject, Whose};
use crate::error::DomainError;

/// Empties a mail that is over when it is to, or about, somebody who was erased. Whether it was.
pub async fn forget(
    transaction: &impl ConnectionTrait,
    mail: &mail_message::Model,
) -> Result<bool, DomainError> {
    let erased = erased_among(transaction, people(transaction, mail).await?).await?;
    if erased.is_empty() {
        return Ok(false);
    }
    let is_to_them = mail.account_id.is_some_and(|id| erased.contains(&id));
    let mut emptied = mail_message::ActiveModel {
        subject: Set(Personal::default()),
        raw: Set(Personal::default()),
        ..Default::default()
    };
    if is_to_them {
        emptied.to_address = Set(Personal::default());
        emptied.language = Set(None);
        emptied.error = Set(None);
    }
    mail_message::Entity::update_many()
        .set(emptied)
        .filter(mail_message::COLUMN.id.eq(mail.id))
        .filter(mail_message::COLUMN.state.ne(MailState::Queued))
        .exec(transaction)
        .await?;
    Ok(true)
}

/// Drops what waits to be sent to the person, and the digests that may name them: coordinators find in their worklist
/// what a digest would have told. The notices to the other sides of pairings stay.
pub(super) async fn drop_queued(
    transaction: &impl ConnectionTrait,
    subject: &Subject,
) -> Result<(), DomainError> {
    for whose in [Whose::Account("account_id"), Whose::Digest] {
        mail_message::Entity::update_many()
            .set(mail_message::ActiveModel {
                state: Set(MailState::Dropped),
                ..Default::default()
            })
            .filter(whose.condition(subject))
            .filter(mail_message::COLUMN.state.eq(MailState::Queued))
            .exec(transaction)
            .await?;
    }
    Ok(())
}

/// The accounts that a mail is to or about: its reader, the volunteer of its pairing, and who acted in that.
async fn people(
    connection: &impl ConnectionTrait,
    mail: &mail_message::Model,
) -> Result<Vec<AccountId>, DomainError> {
    let mut people: Vec<AccountId> = mail.account_id.into_iter().collect();
    let Some(pairing_id) = mail.pairing_id else {
        return Ok(people);
    };
    let pairing = pairing::Entity::find_by_id(pairing_id)
        .find_also_related(volunteer::Entity)
        .one(connection)
        .await?;
    people.extend(pairing.and_then(|(_, volunteer)| Some(volunteer?.account_id)));
    let events = pairing_event::Entity::find()
        .filter(pairing_event::COLUMN.pairing_id.eq(pairing_id))
        .all(connection)
        .await?;
    people.extend(
        events
            .into_iter()
            .filter_map(|event| event.actor_account_id),
    );
    Ok(people)
}

async fn erased_among(
    connection: &impl ConnectionTrait,
    people: Vec<AccountId>,
) -> Result<Vec<AccountId>, DomainError> {
    let erased = account::Entity::find()
        .filter(account::COLUMN.id.is_in(people))
        .filter(account::COLUMN.state.eq(AccountState::Erased))
        .all(connection)
        .await?;
    Ok(erased.into_iter().map(|account| account.id).collect())
}
