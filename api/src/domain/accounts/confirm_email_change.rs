//! Making another address the account's, by the link that was sent to it. It proves the address, ends every session and every
//! other link, and tells the address of before.

use entity::account::{self, AccountState};
use entity::account_token::{self, TokenPurpose};
use entity::session::SessionEndReason;
use matcher::mail::{EmailChanged, Message};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, DbErr, EntityTrait as _, QueryFilter as _, Set,
};

use super::{email, end_all_tokens, find_owner, link_ended, unproven, use_token};
use crate::context::Context;
use crate::credentials::{secret_token, session};
use crate::domain::{audit, privacy};
use crate::error::{Code, DomainError, Violation};
use crate::limiter::Operation;
use crate::outbox::{self, Draft};
use crate::store::constraint;
use crate::store::transaction::{begin_write, retrying};

/// Makes the link's address that of its account.
///
/// # Errors
/// Violations: the link is no more good; the address got an account since the link was mailed, which leaves the link good.
pub async fn run(ctx: &Context, token: &str) -> Result<(), DomainError> {
    let limiter = &ctx.app.limiter;
    limiter
        .check_client(Operation::FollowLink, ctx.client)
        .await?;
    // Writers wait for each other: not for a made-up token.
    find_owner(&ctx.app, token, TokenPurpose::ChangeEmail)
        .await?
        .ok_or_else(link_ended)?;
    retrying(|| change(ctx, token)).await
}

/// Uses up the link and changes the address.
async fn change(ctx: &Context, token: &str) -> Result<(), DomainError> {
    let app = &ctx.app;
    let now = ctx.now();
    let transaction = begin_write(&app.store).await?;
    let before = use_token(app, &*transaction, token, TokenPurpose::ChangeEmail).await?;
    let used = account_token::Entity::find()
        .filter(
            account_token::COLUMN
                .token_hash
                .eq(secret_token::hash(token)),
        )
        .one(&*transaction)
        .await?;
    let new_email = used.and_then(|used| used.email).ok_or_else(link_ended)?;
    unproven::take_away(ctx, &transaction, &before).await?;
    let state = if before.state == AccountState::Unverified {
        AccountState::Active
    } else {
        before.state
    };
    let changed = account::ActiveModel {
        email_normalized: Set(email::normalize(&new_email)),
        email: Set(new_email),
        state: Set(state),
        email_verified_at: Set(Some(now)),
        version: Set(before.version + 1),
        updated_at: Set(now),
        ..before.clone().into()
    };
    let account = changed.update(&*transaction).await.map_err(taken_or)?;
    privacy::suppressions::follow(
        app,
        &*transaction,
        &before.email_normalized,
        &account.email_normalized,
    )
    .await?;
    let reason = SessionEndReason::EmailChanged;
    session::end_all(&*transaction, account.id, reason, now).await?;
    // They were mailed to the address of before.
    end_all_tokens(app, &*transaction, account.id).await?;
    let subject = ("account", Some(account.id.uuid()));
    let action = "account.email_changed";
    audit::record(ctx, &*transaction, action, subject, serde_json::json!({})).await?;
    let message = Message::EmailChanged(EmailChanged {
        changed_at: now,
        contact: app.config.privacy_contact().to_owned(),
    });
    let draft = Draft {
        to: &before,
        message,
        pairing_id: None,
        send_at: now,
    };
    outbox::queue(app, &*transaction, draft).await?;
    transaction.commit().await?;
    Ok(())
}

/// Whether the account has the address by this very link: who sends the form twice hears the same again.
pub async fn was_changed_by(ctx: &Context, token: &str) -> Result<bool, DomainError> {
    let used = account_token::Entity::find()
        .filter(
            account_token::COLUMN
                .token_hash
                .eq(secret_token::hash(token)),
        )
        .filter(account_token::COLUMN.purpose.eq(TokenPurpose::ChangeEmail))
        .filter(account_token::COLUMN.used_at.is_not_null())
        .find_also_related(account::Entity)
        .one(&ctx.app.store.connection)
        .await?;
    // One that was ended has been used by nobody; its account has another address.
    Ok(used.is_some_and(|(token, account)| {
        let wanted = token.email.map(|wanted| email::normalize(&wanted));
        wanted.is_some() && wanted == account.map(|account| account.email_normalized)
    }))
}

/// What the database says when the address is another account's by now, in words.
fn taken_or(error: DbErr) -> DomainError {
    let is_taken = constraint::is_unique_violation(
        &error,
        "uq_account_email_normalized",
        "account",
        &["email_normalized"],
    );
    if is_taken {
        taken().into()
    } else {
        error.into()
    }
}

fn taken() -> Violation {
    Violation::new(
        Code::AlreadyExists,
        "token",
        "This address has an account of its own by now, so nothing was changed. Log in to that one, or ask for the change again with another address.",
        "Cette adresse a maintenant son propre compte; rien n’a donc été modifié. Ouvrez une session dans celui-ci, ou redemandez le changement avec une autre adresse.",
    )
}
