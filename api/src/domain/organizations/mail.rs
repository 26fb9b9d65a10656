//! Mail to those who run an organization.

use entity::account::{self, AccountState};
use entity::id::OrganizationId;
use entity::membership::{self, MembershipRole, MembershipState};
use entity::organization;
use matcher::mail::Message;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};

use crate::app::App;
use crate::context::Context;
use crate::error::DomainError;
use crate::outbox::{self, Draft};

/// The organization's page.
pub fn link(app: &App, organization: &organization::Model) -> String {
    format!(
        "{}/organizations/{}",
        app.config.http.base_url, organization.slug
    )
}

/// The accounts that act for an organization: its owners and managers who can log in.
pub async fn managers(
    connection: &impl ConnectionTrait,
    id: OrganizationId,
) -> Result<Vec<account::Model>, DomainError> {
    let found = membership::Entity::find()
        .filter(membership::COLUMN.organization_id.eq(id))
        .filter(membership::COLUMN.state.eq(MembershipState::Active))
        .filter(
            membership::COLUMN
                .role
                .is_in([MembershipRole::Owner, MembershipRole::Manager]),
        )
        .find_also_related(account::Entity)
        .all(connection)
        .await?;
    Ok(found
        .into_iter()
        .filter_map(|(_, account)| account)
        .filter(|account| account.state == AccountState::Active)
        .collect())
}

/// Queues `message` to each of an organization's owners and managers, on the caller's transaction.
pub async fn tell_managers(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    id: OrganizationId,
    message: &Message,
) -> Result<(), DomainError> {
    for account in managers(transaction, id).await? {
        let draft = Draft {
            to: &account,
            message: message.clone(),
            pairing_id: None,
            send_at: ctx.now(),
        };
        outbox::queue(&ctx.app, transaction, draft).await?;
    }
    Ok(())
}
