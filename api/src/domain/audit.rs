//! The audit trail: who did what to what, written in the same transaction; each row carries the hash of the one before.
//! It holds no personal values. [`verify`] computes every hash again.

mod seal;
pub mod verify;

use entity::audit_event::{self, AuditActorKind};
use entity::id::AuditEventId;
use sea_orm::{
    ActiveModelTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use serde_json::Value;
use uuid::Uuid;

use crate::actor::Actor;
use crate::context::Context;
use crate::error::DomainError;
use crate::store::constraint;

/// Adds an event. `action` is a past participle with its subject, such as `organization.vetted`.
pub async fn record(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    action: &str,
    subject: (&str, Option<Uuid>),
    detail: Value,
) -> Result<(), DomainError> {
    // Writers of the chain go one after the other: without this lock on its first event, all but one of those who write
    // at the same moment would fail on the sequence number and start again.
    audit_event::Entity::find()
        .filter(audit_event::COLUMN.sequence.eq(1))
        .lock_exclusive()
        .one(transaction)
        .await?;
    let last = audit_event::Entity::find()
        .order_by_desc(audit_event::Column::Sequence)
        .one(transaction)
        .await?;
    let (sequence, previous_hash) = last.map_or_else(
        || (1, seal::GENESIS.to_owned()),
        |event| (event.sequence + 1, event.hash),
    );
    let (subject_kind, subject_id) = subject;
    let mut event = audit_event::Model {
        id: AuditEventId::new(ctx.app.new_id()),
        sequence,
        at: ctx.now(),
        actor_account_id: ctx.actor.account_id(),
        actor_kind: match &ctx.actor {
            Actor::System => AuditActorKind::System,
            Actor::Anonymous => AuditActorKind::Anonymous,
            actor if actor.is_staff() => AuditActorKind::Staff,
            Actor::Person(_) => AuditActorKind::Account,
        },
        action: action.to_owned(),
        subject_kind: subject_kind.to_owned(),
        subject_id: subject_id.map(|id| id.to_string()),
        request_id: Some(ctx.request_id.clone()),
        detail,
        previous_hash,
        hash: String::new(),
    };
    event.hash = seal::hash(&event);
    let inserted = event
        .into_active_model()
        .reset_all()
        .insert(transaction)
        .await;
    match inserted {
        Ok(_) => Ok(()),
        // Another transaction took the sequence number first.
        Err(error)
            if constraint::is_unique_violation(
                &error,
                "uq_audit_event_sequence",
                "audit_event",
                &["sequence"],
            ) =>
        {
            Err(DomainError::Retry(error))
        }
        Err(error) => Err(error.into()),
    }
}
