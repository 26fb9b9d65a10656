//! Making a reviewed project public. Only for organizations whose vetting holds, and never for one's own.

use entity::organization::OrganizationState;
use entity::project;
use matcher::mail::{Message, ProjectPublished};
use sea_orm::{ConnectionTrait, Set};

pub use super::life::Input;
use super::transition::{self, Event, Outcome};
use super::{link, mail_title};
use crate::context::Context;
use crate::domain::organizations::{self, mail};
use crate::error::{Code, DomainError, Violation};
use crate::policy::project::ProjectAction;
use crate::store::transaction::begin_write;

/// Publishes the project, lets it accept people, and tells its organization's owners and managers.
///
/// # Errors
/// Violations: a conflict of interest, an organization that is not vetted, a state that does not allow it, a stale version.
pub async fn run(ctx: &Context, input: &Input) -> Result<project::Model, DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    let (read, organization) = load_for_review(ctx, &*transaction, input.id).await?;
    if organizations::facts(&organization, ctx.now()).state != OrganizationState::Vetted {
        return Err(Violation::new(
            Code::WrongState,
            "",
            "The organization's vetting does not hold; vet the organization first.",
            "L’organisme n’est pas vérifié à l’heure actuelle; vérifiez-le d’abord.",
        )
        .into());
    }
    let change = project::ActiveModel {
        is_accepting: Set(true),
        published_at: Set(Some(read.published_at.unwrap_or_else(|| ctx.now()))),
        review_comment: Set(None),
        ..Default::default()
    };
    let outcome = transition::apply(
        ctx,
        &*transaction,
        read,
        Event::Publish,
        input.expected_version,
        change,
    )
    .await?;
    let project = match outcome {
        Outcome::Changed(project) => {
            let message = Message::ProjectPublished(ProjectPublished {
                project: mail_title(&project),
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

/// The project and its organization, if the actor may review it.
///
/// # Errors
/// [`Code::ConflictOfInterest`] for staff with a stake in the organization.
pub(super) async fn load_for_review(
    ctx: &Context,
    connection: &impl ConnectionTrait,
    id: entity::id::ProjectId,
) -> Result<(project::Model, entity::organization::Model), DomainError> {
    organizations::require_known(ctx)?;
    let (project, organization) = super::load(ctx, connection, id, ProjectAction::View).await?;
    organizations::refuse_conflict(ctx, connection, organization.id).await?;
    super::load(ctx, connection, project.id, ProjectAction::Review).await
}
