//! Adding an incident to the register, with what is known when it is noticed.

use chrono::NaiveDate;
use entity::id::IncidentId;
use entity::incident::{self, IncidentKind, IncidentRisk};
use sea_orm::{ActiveModelTrait as _, Set};
use serde_json::json;

use super::{day_violation, people_violation, text_violations};
use crate::context::Context;
use crate::domain::audit;
use crate::error::DomainError;
use crate::policy::incident::{IncidentAction, decide};
use crate::store::transaction::begin_write;

/// What is known.
#[derive(Clone, Debug)]
pub struct Input {
    /// What happened to personal data.
    pub kind: IncidentKind,
    /// It in words, without personal values.
    pub description: String,
    /// When it was noticed.
    pub noticed_on: NaiveDate,
    /// How many people are concerned, if that is known.
    pub people: Option<i32>,
}

/// Adds it, open and not assessed.
pub async fn run(ctx: &Context, input: &Input) -> Result<incident::Model, DomainError> {
    decide(&ctx.actor, IncidentAction::Keep).require()?;
    let mut violations = text_violations(&input.description, "description");
    violations.extend(day_violation(ctx, Some(input.noticed_on), "noticedOn"));
    violations.extend(people_violation(input.people));
    if !violations.is_empty() {
        return Err(DomainError::Rules(violations));
    }
    let transaction = begin_write(&ctx.app.store).await?;
    let incident = incident::ActiveModel {
        id: Set(IncidentId::new(ctx.app.new_id())),
        kind: Set(input.kind),
        description: Set(input.description.trim().to_owned()),
        noticed_on: Set(input.noticed_on),
        people: Set(input.people),
        risk: Set(IncidentRisk::Unassessed),
        measures: Set(None),
        commissioner_told_on: Set(None),
        people_told_on: Set(None),
        closed_at: Set(None),
        version: Set(1),
        created_at: Set(ctx.now()),
        updated_at: Set(ctx.now()),
    }
    .insert(&*transaction)
    .await?;
    let subject = ("incident", Some(incident.id.uuid()));
    let detail = json!({ "kind": incident.kind.as_str() });
    audit::record(ctx, &*transaction, "incident.added", subject, detail).await?;
    transaction.commit().await?;
    Ok(incident)
}
