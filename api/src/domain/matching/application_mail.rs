//! The mails that follow an application: to the volunteer, to those who answer for the organization, and to the
//! coordinators, who decide over it first.

use entity::pairing::{self, PairingSide};
use matcher::mail::{ApplicationReader, Message};
use sea_orm::ConnectionTrait;

use super::digest_mail::{coordinators, worklist};
use crate::context::Context;
use crate::domain::pairings::{notices, parties};
use crate::error::DomainError;
use crate::outbox::{self, Draft};

/// Queues the mails about a new application.
pub(super) async fn queue(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    pairing: &pairing::Model,
) -> Result<(), DomainError> {
    let parties = parties::load(transaction, pairing.clone()).await?;
    for side in [PairingSide::Volunteer, PairingSide::Organization] {
        notices::applied(ctx, transaction, &parties, side).await?;
    }
    let told = notices::application(&parties, ApplicationReader::Coordinator, worklist(ctx));
    for coordinator in &coordinators(transaction).await? {
        let draft = Draft {
            to: coordinator,
            message: Message::ApplicationReceived(told.clone()),
            pairing_id: Some(pairing.id),
            send_at: ctx.now(),
        };
        outbox::queue(&ctx.app, transaction, draft).await?;
    }
    Ok(())
}
