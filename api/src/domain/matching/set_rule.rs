//! Pinning or forbidding a role and a volunteer: a coordinator's standing instruction to the matcher.

use entity::id::{PairingRuleId, RoleId, VolunteerId};
use entity::pairing_rule::{self, PairingRuleKind};
use entity::personal::Personal;
use entity::{role, volunteer};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    Set,
};

use crate::context::Context;
use crate::domain::text::personal_violation;
use crate::domain::{audit, organizations};
use crate::error::{Code, DomainError, Violation};
use crate::policy::matching::{MatchingAction, MatchingFacts, decide};
use crate::store::constraint;
use crate::store::transaction::begin_write;

/// The longest note, in characters.
const MAX_NOTE: usize = 1000;

/// The instruction.
#[derive(Clone, Debug)]
pub struct Input {
    /// The role.
    pub role_id: RoleId,
    /// The volunteer.
    pub volunteer_id: VolunteerId,
    /// What the matcher must do.
    pub kind: PairingRuleKind,
    /// Why, for other coordinators.
    pub note: Option<Personal>,
}

/// Sets the instruction for the two; it takes the place of an earlier one.
pub async fn run(ctx: &Context, input: &Input) -> Result<pairing_rule::Model, DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    let action = MatchingAction::SetRule;
    authorize(
        ctx,
        &*transaction,
        action,
        input.role_id,
        input.volunteer_id,
    )
    .await?;
    let person = ctx.person()?;
    let mut violations = Vec::new();
    violations.extend(personal_violation(input.note.as_ref(), "note", MAX_NOTE));
    let volunteer = volunteer::Entity::find_by_id(input.volunteer_id)
        .one(&*transaction)
        .await?;
    if volunteer.is_none() {
        violations.push(no_such_volunteer());
    }
    if !violations.is_empty() {
        return Err(DomainError::Rules(violations));
    }
    let known = find(&*transaction, input.role_id, input.volunteer_id).await?;
    let changes = pairing_rule::ActiveModel {
        kind: Set(input.kind),
        note: Set(input.note.clone()),
        created_by: Set(person.account_id),
        created_at: Set(ctx.now()),
        ..Default::default()
    };
    let saved = match known {
        Some(known) => {
            pairing_rule::ActiveModel {
                id: sea_orm::Unchanged(known.id),
                ..changes
            }
            .update(&*transaction)
            .await
        }
        None => {
            pairing_rule::ActiveModel {
                id: Set(PairingRuleId::new(ctx.app.new_id())),
                role_id: Set(input.role_id),
                volunteer_id: Set(input.volunteer_id),
                ..changes
            }
            .insert(&*transaction)
            .await
        }
    };
    let rule = saved.map_err(|error| {
        let is_second = constraint::is_unique_violation(
            &error,
            "uq_pairing_rule_role_id_volunteer_id",
            "pairing_rule",
            &["role_id", "volunteer_id"],
        );
        // Another coordinator set one at the same moment: start again and replace it.
        if is_second {
            DomainError::Retry(error)
        } else {
            error.into()
        }
    })?;
    let detail = serde_json::json!({
        "kind": rule.kind.as_str(),
        "role_id": rule.role_id,
        "volunteer_id": rule.volunteer_id,
    });
    let subject = ("pairing_rule", Some(rule.id.uuid()));
    audit::record(ctx, &*transaction, "pairing_rule.set", subject, detail).await?;
    transaction.commit().await?;
    Ok(rule)
}

/// Checks that the actor may propose the two, or instruct the matcher about them.
pub(super) async fn authorize(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    action: MatchingAction,
    role_id: RoleId,
    volunteer_id: VolunteerId,
) -> Result<(), DomainError> {
    let role = role::Entity::find_by_id(role_id).one(transaction).await?;
    let facts = MatchingFacts {
        volunteer_id: Some(volunteer_id),
        organization_id: role.as_ref().map(|role| role.organization_id),
        is_role_public: false,
    };
    decide(&ctx.actor, action, &facts).require()?;
    let role = role.ok_or(DomainError::NotFound)?;
    organizations::refuse_conflict(ctx, transaction, role.organization_id).await
}

pub(super) fn no_such_volunteer() -> Violation {
    Violation::new(
        Code::Unknown,
        "volunteerId",
        "There is no such volunteer.",
        "Cette personne bénévole n’existe pas.",
    )
}

/// The instruction for the two, if there is one.
pub(super) async fn find(
    connection: &impl ConnectionTrait,
    role_id: RoleId,
    volunteer_id: VolunteerId,
) -> Result<Option<pairing_rule::Model>, DomainError> {
    Ok(pairing_rule::Entity::find()
        .filter(pairing_rule::Column::RoleId.eq(role_id))
        .filter(pairing_rule::Column::VolunteerId.eq(volunteer_id))
        .one(connection)
        .await?)
}
