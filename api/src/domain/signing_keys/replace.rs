//! Forgetting all keys and beginning with new ones: for when one leaked, or the secret that seals them was lost. Every access
//! token ends within seconds; sessions go on, as clients refresh.

use entity::signing_key::{self, SigningKeyState};
use sea_orm::{ActiveModelTrait as _, EntityTrait as _};

use super::row;
use crate::context::Context;
use crate::credentials::signing_key::SigningKey;
use crate::domain::audit;
use crate::error::DomainError;
use crate::policy::signing_key::{SigningKeyAction, decide};
use crate::store::transaction::begin_write;

/// Replaces the keys and returns the id of the one that signs now.
pub async fn run(ctx: &Context) -> Result<String, DomainError> {
    decide(&ctx.actor, SigningKeyAction::Replace).require()?;
    let app = &ctx.app;
    let now = ctx.now();
    let current = SigningKey::generate()?;
    let transaction = begin_write(&app.store).await?;
    signing_key::Entity::delete_many()
        .exec(&*transaction)
        .await?;
    for (key, state) in [
        (&current, SigningKeyState::Current),
        (&SigningKey::generate()?, SigningKeyState::Next),
    ] {
        row(app, key, state, now)?.insert(&*transaction).await?;
    }
    let detail = serde_json::json!({ "current": current.public.id });
    let subject = ("signing_key", None);
    audit::record(ctx, &*transaction, "signing_key.replaced", subject, detail).await?;
    transaction.commit().await?;
    Ok(current.public.id)
}
