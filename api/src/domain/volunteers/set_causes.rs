//! Replacing the list of causes a volunteer cares about.

use std::collections::HashSet;

use entity::id::CauseId;
use entity::{cause, volunteer, volunteer_cause};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, Set};
use validator::Validate;

use super::{load_own, require_none, touch};
use crate::context::Context;
use crate::error::{Code, DomainError, Violation};
use crate::store::transaction::begin_write;

/// The causes as they shall be.
#[derive(Clone, Debug, Validate)]
pub struct Input {
    /// The version that was read.
    pub expected_version: i32,
    /// At most 10; who cares about everything leaves it empty.
    #[validate(length(max = 10))]
    pub cause_ids: Vec<CauseId>,
}

/// Replaces the actor's causes.
pub async fn run(ctx: &Context, input: &Input) -> Result<volunteer::Model, DomainError> {
    let before = load_own(ctx, &ctx.app.store.connection).await?;
    let mut violations = crate::validation::violations(input);
    let known: HashSet<CauseId> = cause::Entity::find()
        .all(&ctx.app.store.connection)
        .await?
        .into_iter()
        .map(|row| row.id)
        .collect();
    let mut seen = HashSet::new();
    for (index, id) in input.cause_ids.iter().enumerate() {
        let field = format!("causeIds.{index}");
        if !known.contains(id) {
            violations.push(Violation::new(
                Code::Unknown,
                field,
                "There is no such cause; choose one of the list of causes.",
                "Cette cause n’existe pas; choisissez-en une dans la liste des causes.",
            ));
        } else if !seen.insert(id) {
            violations.push(Violation::new(
                Code::Duplicate,
                field,
                "This cause is in the list already.",
                "Cette cause est déjà dans la liste.",
            ));
        }
    }
    require_none(violations)?;

    let rows: Vec<_> = input
        .cause_ids
        .iter()
        .map(|id| volunteer_cause::ActiveModel {
            volunteer_id: Set(before.id),
            cause_id: Set(id.clone()),
        })
        .collect();
    let transaction = begin_write(&ctx.app.store).await?;
    let volunteer = touch(ctx, &*transaction, &before, Some(input.expected_version)).await?;
    volunteer_cause::Entity::delete_many()
        .filter(volunteer_cause::COLUMN.volunteer_id.eq(before.id))
        .exec(&*transaction)
        .await?;
    volunteer_cause::Entity::insert_many(rows)
        .exec_without_returning(&*transaction)
        .await?;
    transaction.commit().await?;
    Ok(volunteer)
}
