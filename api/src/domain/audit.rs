//! The audit trail: who did what to what, written in the same transaction; each row carries the hash of the one before.
//! It holds no personal values.

use entity::audit_event::{self, AuditActorKind};
use entity::id::AuditEventId;
use sea_orm::{
    ActiveModelTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, Set,
};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::actor::Actor;
use crate::context::Context;
use crate::credentials::secret_token::hexadecimal;
use crate::error::DomainError;
use crate::store::constraint;

/// The hash that the first event follows.
const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

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
        || (1, GENESIS.to_owned()),
        |event| (event.sequence + 1, event.hash),
    );
    let at = ctx.now();
    let actor_account_id = ctx.actor.account_id();
    let actor_kind = match &ctx.actor {
        Actor::System => AuditActorKind::System,
        Actor::Anonymous => AuditActorKind::Anonymous,
        actor if actor.is_staff() => AuditActorKind::Staff,
        Actor::Person(_) => AuditActorKind::Account,
    };
    let (subject_kind, subject_id) = subject;
    let subject_id = subject_id.map(|id| id.to_string());
    let fields = serde_json::json!([
        sequence,
        at,
        actor_account_id,
        actor_kind.as_str(),
        action,
        subject_kind,
        subject_id,
        ctx.request_id,
        detail,
        previous_hash
    ]);
    let hash = hexadecimal(&Sha256::digest(fields.to_string().as_bytes()));
    let inserted = audit_event::ActiveModel {
        id: Set(AuditEventId::new(ctx.app.new_id())),
        sequence: Set(sequence),
        at: Set(at),
        actor_account_id: Set(actor_account_id),
        actor_kind: Set(actor_kind),
        action: Set(action.to_owned()),
        subject_kind: Set(subject_kind.to_owned()),
        subject_id: Set(subject_id),
        request_id: Set(Some(ctx.request_id.clone())),
        detail: Set(detail),
        previous_hash: Set(previous_hash),
        hash: Set(hash),
    }
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
