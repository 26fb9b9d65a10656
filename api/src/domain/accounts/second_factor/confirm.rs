//! Confirming an authenticator app by its first code. From then on the factor is there, and shown in this session, unless it is
//! a browser's, which shows a code where it gets another cookie.

use entity::second_factor;
use matcher::mail::FactorChange;
use sea_orm::{ActiveModelTrait as _, Set};

use super::{begin_with, load_both, none, replace_codes, require_shown, step_of, tell, wrong_code};
use crate::actor::Person;
use crate::context::Context;
use crate::credentials::session;
use crate::domain::audit;
use crate::error::{Code, DomainError, Violation};
use crate::store::transaction::{begin_write, retrying};

/// Confirms the factor and returns its ten recovery codes, which nobody can read again.
///
/// # Errors
/// Violations: the code is wrong, nothing was set up, or it is confirmed already.
/// [`DomainError::SecondFactorRequired`] where there is a passkey that the session has not shown.
pub async fn run(ctx: &Context, code: &str) -> Result<Vec<String>, DomainError> {
    let person = begin_with(ctx, code).await?;
    retrying(|| confirm(ctx, person, code)).await
}

/// Confirms the factor of an actor who may try.
async fn confirm(ctx: &Context, person: &Person, code: &str) -> Result<Vec<String>, DomainError> {
    let app = &ctx.app;
    let now = ctx.now();
    let transaction = begin_write(&app.store).await?;
    let (account, factor) = load_both(&transaction, person.account_id).await?;
    let factor = factor.ok_or_else(none)?;
    if factor.confirmed_at.is_some() {
        return Err(Violation::new(
            Code::WrongState,
            "",
            "This second factor was confirmed already.",
            "Ce second facteur est déjà confirmé.",
        )
        .into());
    }
    // Set up before there was a passkey, by whoever had the password: now the password alone does not suffice any more.
    require_shown(&*transaction, person).await?;
    let step = step_of(ctx, &factor, code)?.ok_or_else(wrong_code)?;
    second_factor::ActiveModel {
        confirmed_at: Set(Some(now)),
        last_step: Set(Some(step)),
        ..factor.into()
    }
    .update(&*transaction)
    .await?;
    let codes = replace_codes(ctx, &transaction, account.id).await?;
    session::mark_factor_set_up(&*transaction, person.session_id, now).await?;
    let subject = ("account", Some(account.id.uuid()));
    let detail = serde_json::json!({});
    let action = "account.second_factor_added";
    audit::record(ctx, &*transaction, action, subject, detail).await?;
    tell(app, &transaction, &account, FactorChange::Added).await?;
    transaction.commit().await?;
    Ok(codes)
}
