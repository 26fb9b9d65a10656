//! Mailing the link that makes another address the account's. Runs as a job, so that asking for it is the same work for every
//! address.

use entity::account;
use entity::account_token::{self, TokenPurpose};
use entity::id::AccountTokenId;
use matcher::mail::{ConfirmNewEmail, Message};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, Set};

use super::{EMAIL_CHANGE_LIFE, email, is_admitted, load_locked};
use crate::context::Context;
use crate::credentials::secret_token::SecretToken;
use crate::error::DomainError;
use crate::outbox::{self, Draft};
use crate::store::transaction::begin_write;

/// Mails the link to the wanted address, unless the request was overtaken, the account may not log in, or the address has an
/// account: nobody is told of that, since its owner tried nothing, and whoever asked may not be its owner.
pub async fn run(ctx: &Context, id: AccountTokenId) -> Result<(), DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    let token = account_token::Entity::find_by_id(id)
        .one(&*transaction)
        .await?;
    let Some((account_id, Some(new_email))) = token.map(|it| (it.account_id, it.email)) else {
        return Ok(());
    };
    let account = load_locked(&*transaction, account_id).await?;
    if !is_admitted(&account) {
        return Ok(());
    }
    if email::find_account(&*transaction, &new_email)
        .await?
        .is_some()
    {
        return Ok(());
    }
    let secret = SecretToken::generate(&ctx.app.random);
    let expires_at = ctx.now() + EMAIL_CHANGE_LIFE;
    // Nobody knew the secret that it was stored with.
    let given = account_token::Entity::update_many()
        .set(account_token::ActiveModel {
            token_hash: Set(secret.hash),
            expires_at: Set(expires_at),
            ..Default::default()
        })
        .filter(account_token::COLUMN.id.eq(id))
        .filter(account_token::COLUMN.purpose.eq(TokenPurpose::ChangeEmail))
        .filter(account_token::COLUMN.used_at.is_null())
        .exec(&*transaction)
        .await?;
    if given.rows_affected != 1 {
        return Ok(());
    }
    let message = Message::ConfirmNewEmail(ConfirmNewEmail {
        link: format!(
            "{}/a/address?token={}",
            ctx.app.config.http.base_url, secret.secret
        ),
        expires_at,
    });
    let reader = account::Model {
        email: new_email,
        ..account
    };
    let draft = Draft {
        to: &reader,
        message,
        pairing_id: None,
        send_at: ctx.now(),
    };
    outbox::queue(&ctx.app, &*transaction, draft).await?;
    transaction.commit().await?;
    Ok(())
}
