//! Giving a consent or taking it back: one act is added, the earlier ones stay as evidence.

use chrono::TimeDelta;
use entity::account;
use entity::consent::{self, ConsentChannel, ConsentPurpose};
use entity::id::{AccountId, ConsentId};
use sea_orm::{ActiveModelTrait as _, ConnectionTrait, Set};

use super::consents;
use super::register::CONSENT_WORDING_VERSION;
use crate::context::Context;
use crate::error::{Code, DomainError, Violation};
use crate::policy::account::{AccountAction, decide};
use crate::store::transaction::begin_write;

/// The act.
#[derive(Clone, Debug)]
pub struct Input {
    /// What for.
    pub purpose: ConsentPurpose,
    /// Given or taken back.
    pub is_granted: bool,
    /// The version of the words the person was shown.
    pub wording_version: String,
}

/// Records the act for the actor's account; saying again what holds already records nothing.
pub async fn run(ctx: &Context, input: &Input) -> Result<account::Model, DomainError> {
    let account_id = ctx.person()?.account_id;
    decide(&ctx.actor, AccountAction::Edit, account_id).require()?;
    // Taking back is never refused for its words.
    if input.is_granted && input.wording_version != CONSENT_WORDING_VERSION {
        return Err(stale_wording().into());
    }
    let transaction = begin_write(&ctx.app.store).await?;
    let account = super::load(&*transaction, account_id).await?;
    let act = (input.purpose, input.is_granted, ctx.channel);
    if !add(ctx, &*transaction, account_id, act).await? {
        return Ok(account);
    }
    transaction.commit().await?;
    Ok(account)
}

/// Adds an act for an account, unless it says what holds already (false): `(purpose, is_granted, channel)`. The words are
/// those that this version shows.
pub(in crate::domain) async fn add(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    account_id: AccountId,
    (purpose, is_granted, channel): (ConsentPurpose, bool, ConsentChannel),
) -> Result<bool, DomainError> {
    let last = consents::history(transaction, &[account_id])
        .await?
        .into_iter()
        .find(|act| act.purpose == purpose);
    let holds_already = last
        .as_ref()
        .map_or(!is_granted, |act| act.is_granted == is_granted);
    if holds_already {
        return Ok(false);
    }
    // Acts are told apart and ordered by their time.
    let given_at = last.map_or(ctx.now(), |act| {
        ctx.now().max(act.given_at + TimeDelta::microseconds(1))
    });
    consent::ActiveModel {
        id: Set(ConsentId::new(ctx.app.new_id())),
        account_id: Set(account_id),
        purpose: Set(purpose),
        is_granted: Set(is_granted),
        wording_version: Set(CONSENT_WORDING_VERSION.to_owned()),
        language: Set(ctx.language),
        channel: Set(channel),
        given_at: Set(given_at),
    }
    .insert(transaction)
    .await?;
    Ok(true)
}

/// Nobody agrees to words that are not shown any more.
pub(in crate::domain) fn stale_wording() -> Violation {
    Violation::new(
        Code::Stale,
        "wordingVersion",
        format!(
            "The words of the consents have changed; show version {CONSENT_WORDING_VERSION} and ask again."
        ),
        format!(
            "Le texte des consentements a changé; affichez la version {CONSENT_WORDING_VERSION} et redemandez."
        ),
    )
}
