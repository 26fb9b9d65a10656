//! Choosing a new password by the mailed link. It proves the address, ends every session and tells the owner.

use entity::account::{self, AccountState};
use entity::account_token::TokenPurpose;
use entity::identity;
use entity::session::SessionEndReason;
use matcher::mail::{Message, PasswordChanged};
use sea_orm::{ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, QueryFilter as _, Set};
use secrecy::SecretString;

use super::second_factor::delete_passkeys;
use super::{end_tokens, find_owner, known_words, link_ended, unproven, use_token};
use crate::context::Context;
use crate::credentials::password_rule::{self, KnownWords};
use crate::credentials::session;
use crate::domain::audit;
use crate::error::DomainError;
use crate::limiter::Operation;
use crate::outbox::{self, Draft};
use crate::store::transaction::{begin_write, retrying};

/// The link's token and the new password.
#[derive(Clone, Debug)]
pub struct Input {
    /// From the mailed link.
    pub token: String,
    /// 8 to 128 characters.
    pub new_password: SecretString,
}

/// Replaces the password of the link's account.
pub async fn run(ctx: &Context, input: &Input) -> Result<(), DomainError> {
    let limiter = &ctx.app.limiter;
    limiter
        .check_client(Operation::FollowLink, ctx.client)
        .await?;
    let check = |known: &KnownWords| {
        let violation = password_rule::violation(&input.new_password, known, "newPassword");
        violation.map_or(Ok(()), |violation| Err(DomainError::from(violation)))
    };
    check(&KnownWords::of_site(&ctx.app.config))?;
    // A hash costs a core for a while: not for a made-up token.
    let owner = find_owner(&ctx.app, &input.token, TokenPurpose::ResetPassword).await?;
    check(&known_words(ctx, &owner.ok_or_else(link_ended)?))?;
    let hash = ctx.app.hasher.hash(&input.new_password).await?;
    // Only this part is tried again when a concurrent transaction was in the way: the try is counted, and the work done.
    retrying(|| replace(ctx, &input.token, &hash)).await
}

/// Uses up the link and replaces the password.
async fn replace(ctx: &Context, token: &str, hash: &str) -> Result<(), DomainError> {
    let now = ctx.now();
    let transaction = begin_write(&ctx.app.store).await?;
    let account = use_token(&ctx.app, &*transaction, token, TokenPurpose::ResetPassword).await?;
    unproven::take_away(ctx, &transaction, &account).await?;
    let state = if account.state == AccountState::Unverified {
        AccountState::Active
    } else {
        account.state
    };
    let verified_at = account.email_verified_at.unwrap_or(now);
    let version = account.version + 1;
    let account = account::ActiveModel {
        password_hash: Set(Some(hash.to_owned())),
        state: Set(state),
        email_verified_at: Set(Some(verified_at)),
        version: Set(version),
        updated_at: Set(now),
        ..account.into()
    }
    .update(&*transaction)
    .await?;
    // Whoever registered the address first may have added one. Those of staff stay: they are a second factor, which a mail does
    // not take away.
    if account.staff_role.is_none() {
        delete_passkeys(&*transaction, account.id).await?;
    }
    // Whoever logs in elsewhere does it in the place of the password, of staff too: a second factor is asked for besides.
    identity::Entity::delete_many()
        .filter(identity::COLUMN.account_id.eq(account.id))
        .exec(&*transaction)
        .await?;
    session::end_all(
        &*transaction,
        account.id,
        SessionEndReason::PasswordChanged,
        now,
    )
    .await?;
    // Somebody else may have asked for another address, with the password of before.
    for purpose in [TokenPurpose::ResetPassword, TokenPurpose::ChangeEmail] {
        end_tokens(&ctx.app, &*transaction, account.id, purpose).await?;
    }
    let subject = ("account", Some(account.id.uuid()));
    audit::record(
        ctx,
        &*transaction,
        "account.password_reset",
        subject,
        serde_json::json!({}),
    )
    .await?;
    let message = Message::PasswordChanged(PasswordChanged {
        changed_at: now,
        reset_link: format!("{}/a/reset", ctx.app.config.http.base_url),
    });
    outbox::queue(
        &ctx.app,
        &*transaction,
        Draft {
            to: &account,
            message,
            pairing_id: None,
            send_at: now,
        },
    )
    .await?;
    transaction.commit().await?;
    Ok(())
}
