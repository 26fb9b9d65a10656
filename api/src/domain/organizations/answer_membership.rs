//! Answering a request to join. Nobody answers their own.

use entity::id::MembershipId;
use entity::membership::{self, MembershipRole, MembershipState};
use sea_orm::{ActiveModelTrait as _, EntityTrait as _, IntoActiveModel as _, Set};

use super::{facts, load_membership};
use crate::context::Context;
use crate::domain::audit;
use crate::error::{Code, DomainError, Violation};
use crate::policy::organization::{OrganizationAction, decide};
use crate::store::transaction::begin_write;

/// The answer to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The person joins in this role.
    Approve(MembershipRole),
    /// The request is removed; the person may ask again.
    Refuse,
}

/// Which request, and the answer.
#[derive(Clone, Debug)]
pub struct Input {
    /// The requested membership.
    pub id: MembershipId,
    /// The answer.
    pub answer: Answer,
}

/// Answers a request. The membership, when it was approved.
///
/// # Errors
/// A violation when the membership is no request any more.
pub async fn run(ctx: &Context, input: &Input) -> Result<Option<membership::Model>, DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    let (membership, organization) = load_membership(ctx, &*transaction, input.id).await?;
    let facts = facts(&organization, ctx.now());
    decide(&ctx.actor, OrganizationAction::ManageMembers, facts).require()?;
    if ctx.actor.account_id() == Some(membership.account_id) {
        return Err(DomainError::Forbidden);
    }
    if membership.state != MembershipState::Requested {
        return Err(Violation::new(
            Code::WrongState,
            "membershipId",
            "This request was approved already; change the member's role or remove the member instead.",
            "Cette demande a déjà été acceptée; changez plutôt le rôle du membre, ou retirez-le.",
        )
        .into());
    }
    let (id, organization_id) = (membership.id, membership.organization_id);
    let (action, answered) = match input.answer {
        Answer::Approve(role) => {
            let mut change = membership.into_active_model();
            change.role = Set(role);
            change.state = Set(MembershipState::Active);
            change.updated_at = Set(ctx.now());
            (
                "membership.approved",
                Some(change.update(&*transaction).await?),
            )
        }
        Answer::Refuse => {
            membership::Entity::delete_by_id(id)
                .exec(&*transaction)
                .await?;
            ("membership.refused", None)
        }
    };
    let detail = serde_json::json!({
        "organization": organization_id,
        "role": answered.as_ref().map(|membership| membership.role.as_str()),
    });
    let subject = ("membership", Some(id.uuid()));
    audit::record(ctx, &*transaction, action, subject, detail).await?;
    transaction.commit().await?;
    Ok(answered)
}
