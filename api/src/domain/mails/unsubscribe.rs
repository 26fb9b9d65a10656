//! Stopping mail of a topic, at once: the address is suppressed, what waits to be sent is dropped, and where the mail rested
//! on a consent to it, that is taken back. The signed link of a mail is all it takes; nobody needs to log in.

use entity::account;
use entity::consent::ConsentPurpose;
use entity::id::{AccountId, SuppressionId};
use entity::mail_message::{self, MailState, MailTopic};
use entity::suppression::{self, SuppressionReason, SuppressionTopic};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, Set};

use super::suppression_topic;
use crate::context::Context;
use crate::domain::accounts::{self, set_consent};
use crate::error::DomainError;
use crate::limiter::Operation;
use crate::store::transaction::{begin_write, retrying};

/// Stops mail of `topic` to the account's address. A repetition changes nothing.
///
/// # Errors
/// [`DomainError::NotFound`] for mail about the account itself, which cannot be stopped.
pub async fn run(
    ctx: &Context,
    account_id: AccountId,
    topic: MailTopic,
) -> Result<account::Model, DomainError> {
    let suppressed = suppression_topic(topic).ok_or(DomainError::NotFound)?;
    // Counted by account and not by client: mail programs post for many people from few addresses.
    let key = format!("unsubscribe:{account_id}");
    let limiter = &ctx.app.limiter;
    limiter.check(Operation::FollowLink, &key).await?;
    retrying(|| suppress(ctx, account_id, topic, suppressed)).await
}

async fn suppress(
    ctx: &Context,
    account_id: AccountId,
    topic: MailTopic,
    suppressed: SuppressionTopic,
) -> Result<account::Model, DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    let account = accounts::load(&*transaction, account_id).await?;
    stop(ctx, &*transaction, &account, topic, suppressed).await?;
    transaction.commit().await?;
    Ok(account)
}

/// The same on the caller's transaction.
pub(super) async fn stop(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    account: &account::Model,
    topic: MailTopic,
    suppressed: SuppressionTopic,
) -> Result<(), DomainError> {
    suppression::Entity::insert(suppression::ActiveModel {
        id: Set(SuppressionId::new(ctx.app.new_id())),
        email_normalized: Set(account.email_normalized.clone()),
        topic: Set(suppressed),
        reason: Set(SuppressionReason::Unsubscribed),
        created_at: Set(ctx.now()),
    })
    .on_conflict(OnConflict::new().do_nothing().to_owned())
    .exec_without_returning(transaction)
    .await?;
    mail_message::Entity::update_many()
        .set(mail_message::ActiveModel {
            state: Set(MailState::Suppressed),
            ..Default::default()
        })
        .filter(mail_message::COLUMN.account_id.eq(account.id))
        .filter(mail_message::COLUMN.topic.eq(topic))
        .filter(mail_message::COLUMN.state.eq(MailState::Queued))
        .exec(transaction)
        .await?;
    if topic == MailTopic::Newsletter {
        let act = (ConsentPurpose::Newsletter, false, ctx.channel);
        set_consent::add(ctx, transaction, account.id, act).await?;
    }
    Ok(())
}
