//! Signing with the next key from now on, so that no token is refused: the one in use is still accepted, the one before it
//! is forgotten once nothing that it signed can be out, and the next is used only when every server knows it.

use chrono::{DateTime, TimeDelta, Utc};
use entity::signing_key::{self, SigningKeyState};
use sea_orm::{ActiveModelTrait as _, DbErr, EntityTrait as _, QuerySelect as _, Set};

use super::row;
use crate::context::Context;
use crate::credentials::signing_key::SigningKey;
use crate::domain::audit;
use crate::error::{Code, DomainError, Violation};
use crate::policy::signing_key::{SigningKeyAction, decide};
use crate::store::transaction::begin_write;

/// After so long every server has looked, and every copy of the published keys is newer: a server publishes what it read up to
/// 15 seconds ago, and others keep that for a minute.
pub const KNOWN_AFTER: TimeDelta = TimeDelta::seconds(90);
/// After so long nothing can be out that a key signed: the longest life of a token that the settings allow, and the time in
/// which the slowest server notices.
pub const SPENT_AFTER: TimeDelta = TimeDelta::minutes(16);

/// Rotates the keys and returns the id of the one that signs now.
///
/// # Errors
/// A violation when it is too early, with the time from which on it can be done.
pub async fn run(ctx: &Context) -> Result<String, DomainError> {
    decide(&ctx.actor, SigningKeyAction::Rotate).require()?;
    let app = &ctx.app;
    let now = ctx.now();
    let transaction = begin_write(&app.store).await?;
    let mut rows = signing_key::Entity::find()
        .lock_exclusive()
        .all(&*transaction)
        .await?;
    let mut take = |state| {
        let index = rows.iter().position(|row| row.state == state)?;
        Some(rows.swap_remove(index))
    };
    let previous = take(SigningKeyState::Previous);
    let (Some(current), Some(next)) = (take(SigningKeyState::Current), take(SigningKeyState::Next))
    else {
        // Another rotation was faster: what it left decides, so everything is read again.
        return Err(DomainError::Retry(DbErr::Custom(
            "the signing keys were being rotated".to_owned(),
        )));
    };
    let spent_at = previous.as_ref().map(|row| row.changed_at + SPENT_AFTER);
    let earliest = spent_at.max(Some(next.changed_at + KNOWN_AFTER));
    if let Some(earliest) = earliest.filter(|earliest| now < *earliest) {
        return Err(too_early(earliest).into());
    }

    if let Some(previous) = previous {
        signing_key::Entity::delete_by_id(previous.kid)
            .exec(&*transaction)
            .await?;
    }
    signing_key::ActiveModel {
        state: Set(SigningKeyState::Previous),
        sealed_private_key: Set(None),
        changed_at: Set(now),
        ..current.into()
    }
    .update(&*transaction)
    .await?;
    let current = signing_key::ActiveModel {
        state: Set(SigningKeyState::Current),
        changed_at: Set(now),
        ..next.into()
    }
    .update(&*transaction)
    .await?;
    let next = row(app, &SigningKey::generate()?, SigningKeyState::Next, now)?;
    next.insert(&*transaction).await?;
    let detail = serde_json::json!({ "current": current.kid });
    let subject = ("signing_key", None);
    audit::record(ctx, &*transaction, "signing_key.rotated", subject, detail).await?;
    transaction.commit().await?;
    Ok(current.kid)
}

fn too_early(earliest: DateTime<Utc>) -> Violation {
    let time = earliest.format("%H:%M:%S UTC");
    Violation::new(
        Code::WrongState,
        "",
        format!(
            "It is too early: tokens would be refused. Rotate from {time} on; if a key leaked, replace the keys instead."
        ),
        format!(
            "C’est trop tôt : des jetons seraient refusés. Faites-le à partir de {time}; si une clé a été divulguée, \
             remplacez plutôt les clés."
        ),
    )
}
