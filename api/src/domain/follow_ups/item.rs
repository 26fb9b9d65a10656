//! What is told of one thing, if it is still to be told: read anew when the mail is written.

use entity::follow_up::{self, FollowUpKind};
use entity::id::{CheckInId, OrganizationId, PlacementId, ProjectId, VolunteerId};
use entity::organization::OrganizationState;
use entity::placement::{self, PlacementState};
use entity::{account, check_in, organization, pairing, project, volunteer};
use matcher::mail::{FollowUpItem, Side, Text};
use sea_orm::{ConnectionTrait, EntityTrait as _};

use super::link::{self, FollowUpLink};
use super::{drafts, listings, silence};
use crate::context::Context;
use crate::domain::pairings::parties;
use crate::domain::{organizations, projects};
use crate::error::DomainError;

/// What `follow_up` tells its account now; nothing when that is no longer so.
pub(super) async fn read(
    ctx: &Context,
    connection: &impl ConnectionTrait,
    follow_up: &follow_up::Model,
    reader: &account::Model,
) -> Result<Option<FollowUpItem>, DomainError> {
    let id = follow_up.subject_id;
    match follow_up.kind {
        FollowUpKind::OrganizationDraft | FollowUpKind::VettingEnds => {
            let organization = organization::Entity::find_by_id(OrganizationId::new(id))
                .one(connection)
                .await?;
            Ok(organization.and_then(|organization| about(ctx, follow_up, &organization)))
        }
        FollowUpKind::ProjectDraft | FollowUpKind::ListingCheck | FollowUpKind::ListingHidden => {
            let project = project::Entity::find_by_id(ProjectId::new(id))
                .one(connection)
                .await?;
            match project {
                Some(project) => about_project(ctx, connection, follow_up, &project).await,
                None => Ok(None),
            }
        }
        FollowUpKind::CommitmentEnds => {
            let placement = placement::Entity::find_by_id(PlacementId::new(id))
                .one(connection)
                .await?;
            match placement {
                Some(placement) => about_end(ctx, connection, &placement, reader).await,
                None => Ok(None),
            }
        }
        FollowUpKind::CheckIn => {
            let found = check_in::Entity::find_by_id(CheckInId::new(id))
                .find_also_related(placement::Entity)
                .one(connection)
                .await?;
            match found {
                Some((check_in, Some(placement))) => {
                    about_check_in(ctx, connection, follow_up, (&check_in, &placement)).await
                }
                _ => Ok(None),
            }
        }
        FollowUpKind::StillThere => {
            let volunteer = volunteer::Entity::find_by_id(VolunteerId::new(id))
                .one(connection)
                .await?;
            Ok(volunteer
                .filter(silence::is_paused)
                .map(|_| FollowUpItem::StillThere {
                    link: answer_link(ctx, follow_up),
                }))
        }
    }
}

fn about(
    ctx: &Context,
    follow_up: &follow_up::Model,
    organization: &organization::Model,
) -> Option<FollowUpItem> {
    let link = organizations::mail::link(&ctx.app, organization);
    let name = Text::name(&organization.name);
    if follow_up.kind == FollowUpKind::VettingEnds {
        let is_vetted = organization.state == OrganizationState::Vetted;
        let ends_at = organization
            .vetted_until
            .filter(|at| is_vetted && *at == follow_up.occasion)?;
        return Some(FollowUpItem::VettingEnds {
            organization: name,
            ends_at,
            link,
        });
    }
    let is_left = drafts::ORGANIZATION_WAITS.contains(&organization.state)
        && organization.updated_at == follow_up.occasion;
    is_left.then_some(FollowUpItem::OrganizationDraft {
        organization: name,
        since: follow_up.occasion,
        link,
    })
}

async fn about_project(
    ctx: &Context,
    connection: &impl ConnectionTrait,
    follow_up: &follow_up::Model,
    project: &project::Model,
) -> Result<Option<FollowUpItem>, DomainError> {
    let title = projects::mail_title(project);
    let link = projects::link(&ctx.app, project);
    let since = follow_up.occasion;
    Ok(match follow_up.kind {
        FollowUpKind::ListingCheck => {
            let is_so = project.is_accepting
                && listings::last_activity(connection, project).await? == since;
            is_so.then(|| FollowUpItem::ListingCheck {
                project: title,
                since,
                hidden_at: ctx.now() + ctx.app.config.follow_up.listing_answer,
                link: answer_link(ctx, follow_up),
            })
        }
        FollowUpKind::ListingHidden => {
            (!project.is_accepting).then(|| FollowUpItem::ListingHidden {
                project: title,
                link: answer_link(ctx, follow_up),
            })
        }
        _ => {
            let is_left =
                drafts::PROJECT_WAITS.contains(&project.state) && project.updated_at == since;
            is_left.then_some(FollowUpItem::ProjectDraft {
                project: title,
                since,
                link,
            })
        }
    })
}

async fn about_end(
    ctx: &Context,
    connection: &impl ConnectionTrait,
    placement: &placement::Model,
    reader: &account::Model,
) -> Result<Option<FollowUpItem>, DomainError> {
    let Some(ends_on) = placement
        .ends_on
        .filter(|_| PlacementState::LIVE.contains(&placement.state))
    else {
        return Ok(None);
    };
    let parties = load_parties(connection, placement).await?;
    let side = if parties.volunteer_account.id == reader.id {
        Side::Volunteer
    } else {
        Side::Organization
    };
    Ok(Some(FollowUpItem::CommitmentEnds {
        reader: side,
        role: parties.role_summary(),
        volunteer_first_name: parties.volunteer_first_name().into_exposed(),
        ends_on,
        link: projects::link(&ctx.app, &parties.project),
    }))
}

async fn about_check_in(
    ctx: &Context,
    connection: &impl ConnectionTrait,
    follow_up: &follow_up::Model,
    (check_in, placement): (&check_in::Model, &placement::Model),
) -> Result<Option<FollowUpItem>, DomainError> {
    if check_in.answered_at.is_some() || !PlacementState::LIVE.contains(&placement.state) {
        return Ok(None);
    }
    let parties = load_parties(connection, placement).await?;
    Ok(Some(FollowUpItem::CheckIn {
        role: parties.role_summary(),
        due_at: check_in.due_at,
        link: answer_link(ctx, follow_up),
    }))
}

async fn load_parties(
    connection: &impl ConnectionTrait,
    placement: &placement::Model,
) -> Result<parties::Parties, DomainError> {
    let pairing = pairing::Entity::find_by_id(placement.pairing_id)
        .one(connection)
        .await?
        .ok_or(DomainError::NotFound)?;
    parties::load(connection, pairing).await
}

fn answer_link(ctx: &Context, follow_up: &follow_up::Model) -> String {
    let link = FollowUpLink {
        kind: follow_up.kind,
        subject_id: follow_up.subject_id,
        account_id: follow_up.account_id,
    };
    link::url(&ctx.app, link)
}
