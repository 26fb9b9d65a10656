//! Stopping mail of a topic, at once: the address is suppressed, and what waits to be sent is dropped. The signed link of
//! a mail is all it takes; nobody needs to log in.

use entity::account;
use entity::id::{AccountId, SuppressionId};
use entity::mail_message::{self, MailState};
use entity::suppression::{self, SuppressionReason, SuppressionTopic};
use matcher::mail::Topic;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, Set};

use crate::context::Context;
use crate::domain::accounts;
use crate::error::DomainError;
use crate::limiter::Operation;
use crate::outbox;
use crate::store::transaction::{begin_write, retrying};

/// Stops mail of `topic` to the account's address. A repetition changes nothing.
///
/// # Errors
/// [`DomainError::NotFound`] for mail about the account itself, which cannot be stopped.
pub async fn run(
    ctx: &Context,
    account_id: AccountId,
    topic: Topic,
) -> Result<account::Model, DomainError> {
    let suppressed = match topic {
        Topic::Account => return Err(DomainError::NotFound),
        Topic::Offers => SuppressionTopic::Offers,
        Topic::Digest => SuppressionTopic::Digest,
    };
    // Counted by account and not by client: mail programs post for many people from few addresses.
    let key = format!("unsubscribe:{account_id}");
    let limiter = &ctx.app.limiter;
    limiter.check(Operation::FollowLink, &key).await?;
    retrying(|| suppress(ctx, account_id, topic, suppressed)).await
}

async fn suppress(
    ctx: &Context,
    account_id: AccountId,
    topic: Topic,
    suppressed: SuppressionTopic,
) -> Result<account::Model, DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    let account = accounts::load(&*transaction, account_id).await?;
    suppression::Entity::insert(suppression::ActiveModel {
        id: Set(SuppressionId::new(ctx.app.new_id())),
        email_normalized: Set(account.email_normalized.clone()),
        topic: Set(suppressed),
        reason: Set(SuppressionReason::Unsubscribed),
        created_at: Set(ctx.now()),
    })
    .on_conflict(OnConflict::new().do_nothing().to_owned())
    .exec_without_returning(&*transaction)
    .await?;
    mail_message::Entity::update_many()
        .set(mail_message::ActiveModel {
            state: Set(MailState::Suppressed),
            ..Default::default()
        })
        .filter(mail_message::COLUMN.account_id.eq(account.id))
        .filter(mail_message::COLUMN.topic.eq(outbox::topic(topic)))
        .filter(mail_message::COLUMN.state.eq(MailState::Queued))
        .exec(&*transaction)
        .await?;
    transaction.commit().await?;
    Ok(account)
}
