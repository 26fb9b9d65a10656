//! A coordinator proposes a pair directly: somebody from a role's reserve, or the next best after a decline. It is a suggestion like
//! those of a round, with the engine's word on it, and is decided like them.

use entity::id::{RoleId, VolunteerId};
use entity::pairing::{self, PairingOrigin};
use entity::personal::Personal;
use entity::volunteer;
use matcher::engine::{Appraisal, GateCode};
use sea_orm::sea_query::LockType;
use sea_orm::{ConnectionTrait, EntityTrait as _};

use super::explanation::Explanation;
use super::labels::Labels;
use super::recheck::{no_consent, refusal};
use super::set_rule::{authorize, no_such_volunteer};
use super::snapshot::{
    self, Permission, Purpose, Roles, Selection, Volunteers, role_key, volunteer_key,
};
use crate::context::Context;
use crate::domain::pairings::create::{self, Assessment, NewPairing, create};
use crate::domain::{audit, pairings};
use crate::error::{DomainError, Violation};
use crate::policy::matching::MatchingAction;
use crate::store::transaction::begin_write;

/// Who is proposed for what.
#[derive(Clone, Debug)]
pub struct Input {
    /// The role.
    pub role_id: RoleId,
    /// The volunteer.
    pub volunteer_id: VolunteerId,
    /// Kept with the first event, for coordinators only.
    pub note: Option<Personal>,
}

/// Proposes the two to each other.
///
/// # Errors
/// Violations: a gate on facts that is closed, a volunteer who is unknown or does not agree to be proposed, two who are paired
/// already.
pub async fn run(ctx: &Context, input: &Input) -> Result<pairing::Model, DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    authorize(
        ctx,
        &*transaction,
        MatchingAction::Propose,
        input.role_id,
        input.volunteer_id,
    )
    .await?;
    let mut violations = Vec::new();
    violations.extend(pairings::note_violation(input.note.as_ref()));
    let volunteer = volunteer::Entity::find_by_id(input.volunteer_id)
        .one(&*transaction)
        .await?;
    if volunteer.is_none() {
        violations.push(no_such_volunteer());
    }
    if !violations.is_empty() {
        return Err(DomainError::Rules(violations));
    }
    // Whoever closes the role waits, and then answers this one too.
    let role = pairings::hold(&*transaction, input.role_id, LockType::Share).await?;
    let labels = Labels::read(&*transaction).await?;
    let (appraisal, permission) = appraise(ctx, &*transaction, input).await?;
    let violations = obstacles(&appraisal, permission, &labels);
    if !violations.is_empty() {
        return Err(DomainError::Rules(violations));
    }
    let new = NewPairing {
        role: &role,
        volunteer_id: input.volunteer_id,
        origin: PairingOrigin::Coordinator,
        round_id: None,
        assessment: Some(Assessment {
            score_bp: appraisal.fit.score.get().into(),
            confidence_bp: appraisal.fit.confidence.get().into(),
            factors: Personal::new(Explanation::new(&appraisal.fit, &labels).to_json()?),
            engine_version: matcher::engine::VERSION.to_owned(),
        }),
        message: None,
        note: input.note.clone(),
    };
    let pairing = create(ctx, &*transaction, new)
        .await?
        .ok_or_else(|| create::already_exists("volunteerId"))?;
    let subject = ("pairing", Some(pairing.id.uuid()));
    let detail = serde_json::json!({ "role_id": role.id, "volunteer_id": input.volunteer_id });
    audit::record(ctx, &*transaction, "pairing.proposed", subject, detail).await?;
    transaction.commit().await?;
    Ok(pairing)
}

async fn appraise(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    input: &Input,
) -> Result<(Appraisal, Permission), DomainError> {
    let selection = Selection {
        roles: Roles::Named(input.role_id),
        volunteers: Volunteers::Named(input.volunteer_id),
        purpose: Purpose::Explanation,
    };
    let inputs = snapshot::load(transaction, &selection, ctx.now()).await?;
    let (role, volunteer) = (role_key(input.role_id)?, volunteer_key(input.volunteer_id)?);
    let weights = super::weights()?;
    matcher::engine::appraise(&inputs.snapshot, weights, &role, &volunteer)
        .zip(inputs.permissions.get(&input.volunteer_id).copied())
        .ok_or_else(|| {
            DomainError::internal(format!(
                "the engine cannot read role {role} or volunteer {volunteer}: {:?}",
                inputs.refused
            ))
        })
}

/// What is in the way. Thresholds on score and confidence are for choosing, and a person has chosen.
fn obstacles(appraisal: &Appraisal, permission: Permission, labels: &Labels) -> Vec<Violation> {
    let mut found: Vec<Violation> = appraisal
        .blocked
        .iter()
        .filter(|blocked| !matches!(blocked.gate.code(), GateCode::Confidence | GateCode::Score))
        .map(|blocked| {
            let field = match blocked.gate.code() {
                GateCode::RoleClosed | GateCode::RoleFull | GateCode::RoleOver => "roleId",
                _ => "volunteerId",
            };
            refusal(blocked, labels, field)
        })
        .collect();
    if !permission.is_given() {
        found.push(Violation {
            field: "volunteerId".to_owned(),
            ..no_consent()
        });
    }
    found
}
