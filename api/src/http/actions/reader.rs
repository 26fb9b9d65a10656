//! Who reads a page behind a signed link: the account that the link was made for, in its language, at a pace that lets nobody
//! try links one after another.

use axum::http::request::Parts;
use entity::account;
use entity::id::AccountId;

use super::page::{Address, Refusal};
use crate::context::Context;
use crate::credentials::link_actor;
use crate::http::request_context;
use crate::http::router::HttpState;
use crate::limiter::Operation;

/// The account as an actor, and its row. [`Refusal::Gone`] where it may not act any more.
pub(super) async fn load(
    state: &HttpState,
    parts: &Parts,
    address: &Address,
    account_id: AccountId,
) -> Result<(Context, account::Model), Refusal> {
    let app = &state.app;
    let (actor, account) = link_actor::load(app, account_id)
        .await
        .map_err(|error| Refusal::of(&error))?
        .ok_or(Refusal::Gone)?;
    let language = address.language(account.preferred_language, parts);
    let ctx = Context {
        actor,
        ..request_context::anonymous(app, parts, language)
    };
    Ok((ctx, account))
}

/// Counts an answer that came by a link.
pub(super) async fn count(
    state: &HttpState,
    parts: &Parts,
    address: &Address,
) -> Result<(), Refusal> {
    let language = address.language(None, parts);
    let client = request_context::anonymous(&state.app, parts, language).client;
    let limiter = &state.app.limiter;
    limiter
        .check_client(Operation::FollowLink, client)
        .await
        .map_err(|error| Refusal::of(&error))
}
