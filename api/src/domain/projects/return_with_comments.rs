//! Giving a project back to its organization with comments.

use entity::id::ProjectId;
use entity::project;
use matcher::mail::{Message, ProjectReturned};
use sea_orm::Set;

use super::publish::load_for_review;
use super::transition::{self, Event, Outcome};
use super::{link, mail_title};
use crate::context::Context;
use crate::domain::organizations::mail;
use crate::domain::text;
use crate::error::DomainError;
use crate::store::transaction::begin_write;

/// The longest comment, in characters.
const MAX_COMMENT: usize = 4_000;

/// Which project, as read, and what is to be done.
#[derive(Clone, Debug)]
pub struct Input {
    /// The project.
    pub id: ProjectId,
    /// The version the caller read.
    pub expected_version: i32,
    /// What the organization shall change, 1 to 4,000 characters; mailed as it is.
    pub comments: String,
}

/// Returns the project and mails the comments to its organization's owners and managers.
///
/// # Errors
/// Violations: no comment, a conflict of interest, a state that does not allow it, a stale version.
pub async fn run(ctx: &Context, input: &Input) -> Result<project::Model, DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    let (read, _) = load_for_review(ctx, &*transaction, input.id).await?;
    if let Some(violation) = text::required_violation(&input.comments, "comments", MAX_COMMENT) {
        return Err(violation.into());
    }
    let comments = input.comments.trim().to_owned();
    let change = project::ActiveModel {
        review_comment: Set(Some(comments.clone())),
        ..Default::default()
    };
    let outcome = transition::apply(
        ctx,
        &*transaction,
        read,
        Event::Return,
        input.expected_version,
        change,
    )
    .await?;
    let project = match outcome {
        Outcome::Changed(project) => {
            let message = Message::ProjectReturned(ProjectReturned {
                project: mail_title(&project),
                comments,
                link: link(&ctx.app, &project),
            });
            mail::tell_managers(ctx, &*transaction, project.organization_id, &message).await?;
            project
        }
        Outcome::Unchanged(project) => project,
    };
    transaction.commit().await?;
    Ok(project)
}
