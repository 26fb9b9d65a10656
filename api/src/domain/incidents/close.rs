//! Closing an incident: how many people were concerned, whether serious injury may come of it, what was done, and who was
//! told when. Where it may, the commissioner and the people must have been told.

use chrono::NaiveDate;
use entity::id::IncidentId;
use entity::incident::{self, IncidentRisk};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, Set};
use serde_json::json;

use super::{day_violation, people_violation, text_violations};
use crate::context::Context;
use crate::domain::{audit, text};
use crate::error::{Code, DomainError, Violation};
use crate::policy::incident::{IncidentAction, decide};
use crate::store::transaction::begin_write;

/// What came of it.
#[derive(Clone, Debug)]
pub struct Input {
    /// Which.
    pub id: IncidentId,
    /// How many people were concerned; may be left out when it was known before.
    pub people: Option<i32>,
    /// Whether serious injury may come of it.
    pub is_risk_serious: bool,
    /// What was done, without personal values.
    pub measures: String,
    /// When the privacy commissioner was told.
    pub commissioner_told_on: Option<NaiveDate>,
    /// When the people were told.
    pub people_told_on: Option<NaiveDate>,
}

/// Closes it.
///
/// # Errors
/// [`DomainError::NotFound`] when there is none; violations when something is missing or it is closed already.
pub async fn run(ctx: &Context, input: &Input) -> Result<incident::Model, DomainError> {
    decide(&ctx.actor, IncidentAction::Keep).require()?;
    let transaction = begin_write(&ctx.app.store).await?;
    let incident = incident::Entity::find_by_id(input.id)
        .one(&*transaction)
        .await?
        .ok_or(DomainError::NotFound)?;
    if incident.closed_at.is_some() {
        return Err(closed_already().into());
    }
    let people = input.people.or(incident.people);
    let violations = violations(ctx, input, people);
    if !violations.is_empty() {
        return Err(DomainError::Rules(violations));
    }
    let changed = incident::Entity::update_many()
        .set(incident::ActiveModel {
            people: Set(people),
            risk: Set(if input.is_risk_serious {
                IncidentRisk::Serious
            } else {
                IncidentRisk::Low
            }),
            measures: Set(Some(input.measures.trim().to_owned())),
            commissioner_told_on: Set(input.commissioner_told_on),
            people_told_on: Set(input.people_told_on),
            closed_at: Set(Some(ctx.now())),
            version: Set(incident.version + 1),
            updated_at: Set(ctx.now()),
            ..Default::default()
        })
        .filter(incident::COLUMN.id.eq(incident.id))
        .filter(incident::COLUMN.version.eq(incident.version))
        .exec(&*transaction)
        .await?;
    if changed.rows_affected == 0 {
        return Err(closed_already().into());
    }
    let subject = ("incident", Some(incident.id.uuid()));
    let detail = json!({ "isRiskSerious": input.is_risk_serious });
    audit::record(ctx, &*transaction, "incident.closed", subject, detail).await?;
    let closed = incident::Entity::find_by_id(incident.id)
        .one(&*transaction)
        .await?
        .ok_or(DomainError::NotFound)?;
    transaction.commit().await?;
    Ok(closed)
}

fn violations(ctx: &Context, input: &Input, people: Option<i32>) -> Vec<Violation> {
    let mut violations = text_violations(&input.measures, "measures");
    violations.extend(people_violation(people));
    if people.is_none() {
        violations.push(text::required("people"));
    }
    for (told_on, field) in [
        (input.commissioner_told_on, "commissionerToldOn"),
        (input.people_told_on, "peopleToldOn"),
    ] {
        violations.extend(day_violation(ctx, told_on, field));
        if input.is_risk_serious && told_on.is_none() {
            violations.push(Violation::new(
                Code::Required,
                field,
                "Where serious injury may come of it, the commissioner and the people must be told first.",
                "S’il y a un risque de préjudice sérieux, la commission et les personnes doivent d’abord être avisées.",
            ));
        }
    }
    violations
}

fn closed_already() -> Violation {
    Violation::new(
        Code::WrongState,
        "",
        "This incident is closed already.",
        "Cet incident est déjà fermé.",
    )
}
