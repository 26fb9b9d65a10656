//! Replacing the list of organizations with which a volunteer must not be paired: an employer, a board, family.

use std::collections::HashSet;

use entity::conflict_of_interest::{self, ConflictKind};
use entity::id::{ConflictOfInterestId, OrganizationId};
use entity::personal::Personal;
use entity::{organization, volunteer};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect as _, Set};

use super::{load_own, require_none, touch};
use crate::context::Context;
use crate::domain::text::{clean_personal, personal_violation};
use crate::error::{Code, DomainError, Violation};
use crate::store::transaction::begin_write;

/// The most conflicts of one volunteer.
const MAX: usize = 20;
/// The longest note, in characters.
const MAX_NOTE: usize = 500;

/// The conflicts as they shall be.
#[derive(Clone, Debug)]
pub struct Input {
    /// The version that was read.
    pub expected_version: i32,
    /// At most 20.
    pub conflicts: Vec<Item>,
}

/// A tie to an organization.
#[derive(Clone, Debug)]
pub struct Item {
    /// The organization.
    pub organization_id: OrganizationId,
    /// What ties the volunteer to it.
    pub kind: ConflictKind,
    /// More about it; needed for [`ConflictKind::Other`].
    pub note: Option<Personal>,
}

/// Replaces the actor's conflicts of interest.
pub async fn run(ctx: &Context, input: &Input) -> Result<volunteer::Model, DomainError> {
    let before = load_own(ctx, &ctx.app.store.connection).await?;
    let mut violations = Vec::new();
    violations.extend(too_many(input.conflicts.len()));
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
        let note = item.note.as_ref();
        violations.extend(personal_violation(note, &format!("{field}.note"), MAX_NOTE));
        if item.kind == ConflictKind::Other && clean_personal(note).is_none() {
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
            note: Set(clean_personal(item.note.as_ref())),
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

fn too_many(count: usize) -> Option<Violation> {
    (count > MAX).then(|| {
        Violation::new(
            Code::TooLong,
            "conflicts",
            format!("At most {MAX} items; there are {count}."),
            format!("Au plus {MAX} éléments; il y en a {count}."),
        )
    })
}
