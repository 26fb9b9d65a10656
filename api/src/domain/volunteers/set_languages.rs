//! Replacing the list of languages a volunteer speaks well enough to work in.

use entity::{volunteer, volunteer_language};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, Set};
use validator::Validate;

use super::{load_own, require_none, touch};
use crate::context::Context;
use crate::domain::language_code;
use crate::error::DomainError;
use crate::store::transaction::begin_write;

/// The languages as they shall be.
#[derive(Clone, Debug, Validate)]
pub struct Input {
    /// The version that was read.
    pub expected_version: i32,
    /// ISO 639-1 codes, at most 20; none means unknown.
    #[validate(length(max = 20))]
    pub languages: Vec<String>,
}

/// Replaces the actor's languages.
pub async fn run(ctx: &Context, input: &Input) -> Result<volunteer::Model, DomainError> {
    let before = load_own(ctx, &ctx.app.store.connection).await?;
    let mut violations = crate::validation::violations(input);
    violations.extend(language_code::violations(&input.languages, "languages"));
    require_none(violations)?;

    let rows: Vec<_> = input
        .languages
        .iter()
        .map(|language| volunteer_language::ActiveModel {
            volunteer_id: Set(before.id),
            language: Set(language.clone()),
        })
        .collect();
    let transaction = begin_write(&ctx.app.store).await?;
    let volunteer = touch(ctx, &*transaction, &before, Some(input.expected_version)).await?;
    volunteer_language::Entity::delete_many()
        .filter(volunteer_language::COLUMN.volunteer_id.eq(before.id))
        .exec(&*transaction)
        .await?;
    volunteer_language::Entity::insert_many(rows)
        .exec_without_returning(&*transaction)
        .await?;
    transaction.commit().await?;
    Ok(volunteer)
}
