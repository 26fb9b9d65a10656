//! Accounts of an identity provider (OIDC) by which people log in here. One stands for the password and no more: whoever
//! has a second factor shows it all the same.
//!
//! Only whoever has the account's password links one to it. That both have the same mail address proves nothing: it need not be
//! confirmed there, and a provider may give the address to somebody else. Whoever changes those of an account locks it first.

pub mod begin_link;
pub mod begin_log_in;
pub mod finish;
pub mod list;
mod pending;
pub mod unlink;

use entity::account;
use matcher::mail::FactorChange;

use super::second_factor;
use crate::app::App;
use crate::context::Context;
use crate::domain::audit;
use crate::error::DomainError;
use crate::identity_provider::{IdentityProvider, ProviderError};
use crate::store::transaction::WriteTransaction;

/// What can go wrong while somebody goes to the provider and comes back.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// What goes wrong in every use case.
    #[error(transparent)]
    Domain(#[from] DomainError),
    /// The provider does not answer as it should. Nothing was done.
    #[error("the identity provider does not answer as it should")]
    Unavailable,
}

/// Where somebody goes who has begun.
pub struct Begun {
    /// The provider's page.
    pub address: String,
    /// For the cookie of the browser that goes there: no other one comes back for it.
    pub browser: String,
}

/// The provider.
///
/// # Errors
/// [`DomainError::NotFound`] where none is set up.
fn provider(app: &App) -> Result<&IdentityProvider, DomainError> {
    app.identity_provider.as_ref().ok_or(DomainError::NotFound)
}

/// What somebody hears of a fault between us and the provider; the operator hears more.
fn unavailable(ctx: &Context, error: ProviderError) -> IdentityError {
    let request_id = &ctx.request_id;
    let error = DomainError::Internal(error.into());
    let error = error.with_causes();
    tracing::warn!(request_id, error, "the identity provider was asked in vain");
    IdentityError::Unavailable
}

/// Writes down what happened to an account's identities and tells its owner, who may not be whoever did it.
async fn record(
    ctx: &Context,
    transaction: &WriteTransaction,
    owner: &account::Model,
    action: &str,
    change: FactorChange,
) -> Result<(), DomainError> {
    let subject = ("account", Some(owner.id.uuid()));
    let detail = serde_json::json!({});
    audit::record(ctx, &**transaction, action, subject, detail).await?;
    second_factor::tell(&ctx.app, transaction, owner, change).await
}
