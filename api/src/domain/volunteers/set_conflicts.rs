//! Replacing the list of organizations with which a volunteer must not be paired: an employer, a board, family.

use std::collections::HashSet;

use entity::conflict_of_interest::{self, ConflictKind};
use entity::id::{ConflictOfInterestId, OrganizationId};
use entity::{organization, volunteer};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect as _, Set};
use serde::Serialize;
use validator::Validate;

use super::{load_own, require_none, touch};
use crate::context::Context;
use crate::error::{Code, DomainError, Violation};
use crate::store::transaction::begin_write;

/// The conflicts as they shall be.
#[derive(Clone, Debug, Validate)]
pub struct Input {
    /// The version that was read.
    pub expected_version: i32,
    /// At most 20.
    #[validate(length(max = 20), nested)]
    pub conflicts: Vec<Item>,
}

/// A tie to an organization.
#[derive(Clone, Debug, Serialize, Validate)]
pub struct Item {
    /// The organization.
    pub organization_id: OrganizationId,
    /// What ties the volunteer to it.
    pub kind: ConflictKind,
    /// More about it; needed for [`ConflictKind::Other`].
    #[validate(length(max = 500), custom(function = "crate::validation::no_control"))]
    pub note: Option<String>,
}

/// Replaces the actor's conflicts of interest.
pub async fn run(ctx: &Context, input: &Input) -> Result<volunteer::Model, DomainError> {
    let before = load_own(ctx, &ctx.app.store.connection).await?;
    let mut violations = crate::validation::violations(input);
    let known: HashSet<OrganizationId> = organization::Entity::find()
        .select_only()
        .column(organization::Column::Id)
        .filter(
            organization::COLUMN
                .id
                .is_in(input.conflicts.iter().map(|item| item.organization_id)),
        )
        .into_tuple()
        .all(&ctx.app.store.connection)
        .await?
        .into_iter()
        .collect();
    let mut seen = HashSet::new();
    for (index, item) in input.conflicts.iter().enumerate() {
        let field = format!("conflicts.{index}");
        if !known.contains(&item.organization_id) {
            violations.push(Violation::new(
                Code::Unknown,
                format!("{field}.organizationId"),
                "There is no such organization.",
                "Cet organisme n’existe pas.",
            ));
        } else if !seen.insert(item.organization_id) {
            violations.push(Violation::new(
                Code::Duplicate,
                field.clone(),
                "This organization is in the list already.",
                "Cet organisme est déjà dans la liste.",
            ));
        }
        if item.kind == ConflictKind::Other && note(item).is_none() {
            violations.push(Violation::new(
                Code::Required,
                format!("{field}.note"),
                "Say in a few words what ties you to this organization.",
                "Dites en quelques mots ce qui vous lie à cet organisme.",
            ));
        }
    }
    require_none(violations)?;

    let rows: Vec<_> = input
        .conflicts
        .iter()
        .map(|item| conflict_of_interest::ActiveModel {
            id: Set(ConflictOfInterestId::new(ctx.app.new_id())),
            volunteer_id: Set(before.id),
            organization_id: Set(item.organization_id),
            kind: Set(item.kind),
            note: Set(note(item)),
        })
        .collect();
    let transaction = begin_write(&ctx.app.store).await?;
    let volunteer = touch(ctx, &*transaction, &before, Some(input.expected_version)).await?;
    conflict_of_interest::Entity::delete_many()
        .filter(conflict_of_interest::COLUMN.volunteer_id.eq(before.id))
        .exec(&*transaction)
        .await?;
    conflict_of_interest::Entity::insert_many(rows)
        .exec_without_returning(&*transaction)
        .await?;
    transaction.commit().await?;
    Ok(volunteer)
}

fn note(item: &Item) -> Option<String> {
    item.note
        .as_deref()
        .map(|note| note.trim().to_owned())
        .filter(|note| !note.is_empty())
}
