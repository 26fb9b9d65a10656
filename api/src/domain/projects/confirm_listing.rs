//! Saying that a listing still looks for people: it is asked about no more until it has been quiet for as long again, and
//! accepts people again where that had ended.

use entity::id::ProjectId;
use entity::project::{self, ProjectState};
use sea_orm::Set;

use super::load;
use super::transition::{self, wrong_state};
use crate::context::Context;
use crate::error::DomainError;
use crate::policy::project::ProjectAction;
use crate::store::transaction::begin_write;

/// Confirms the listing as it is. May be repeated.
///
/// # Errors
/// Violations: a project that is not public.
pub async fn run(ctx: &Context, id: ProjectId) -> Result<project::Model, DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    let (read, _) = load(ctx, &*transaction, id, ProjectAction::Edit).await?;
    if !matches!(
        read.state,
        ProjectState::Published | ProjectState::InProgress
    ) {
        return Err(wrong_state(read.state).into());
    }
    let change = project::ActiveModel {
        is_accepting: Set(true),
        listing_confirmed_at: Set(Some(ctx.now())),
        ..Default::default()
    };
    let project = transition::write(ctx, &*transaction, &read, change).await?;
    transaction.commit().await?;
    Ok(project)
}
