//! Why a role and a volunteer fit, or do not: the engine's word on one pair, with what the engine does not know of.

use entity::id::{RoleId, VolunteerId};
use entity::role;
use sea_orm::EntityTrait as _;

use super::explanation::{Exclusion, Explanation};
use super::express_interest::is_public;
use super::labels::Labels;
use super::report::exclusions;
use super::snapshot::{
    self, Permission, Purpose, Roles, Selection, Volunteers, role_key, volunteer_key,
};
use crate::context::Context;
use crate::error::DomainError;
use crate::policy::matching::{MatchingAction, MatchingFacts, decide};
use crate::store::transaction::begin_read;

/// What is said of a pair.
#[derive(Clone, Debug)]
pub struct Evaluation {
    /// The role.
    pub role_id: RoleId,
    /// The volunteer.
    pub volunteer_id: VolunteerId,
    /// Score and reasons; where a gate is closed, those that the pair would have if it were open.
    pub fit: Fit,
    /// The engine's closed gates.
    pub exclusions: Vec<Exclusion>,
    /// Whether the person may be proposed at all.
    pub permission: Permission,
}

impl Evaluation {
    /// Whether the two may be proposed to each other.
    pub const fn is_eligible(&self) -> bool {
        self.exclusions.is_empty() && self.permission.is_given()
    }
}

/// A score and its reasons.
#[derive(Clone, Debug)]
pub struct Fit {
    /// Basis points, 0 to 10,000.
    pub score_bp: i32,
    /// Basis points, 0 to 10,000.
    pub confidence_bp: i32,
    /// Why.
    pub explanation: Explanation,
}

impl From<(&matcher::engine::Fit, &Labels)> for Fit {
    fn from((fit, labels): (&matcher::engine::Fit, &Labels)) -> Self {
        Self {
            score_bp: fit.score.get().into(),
            confidence_bp: fit.confidence.get().into(),
            explanation: Explanation::new(fit, labels),
        }
    }
}

/// Evaluates any pair, whatever the state of its sides. Volunteers may ask about themselves and public roles.
pub async fn run(
    ctx: &Context,
    role_id: RoleId,
    volunteer_id: VolunteerId,
) -> Result<Evaluation, DomainError> {
    let reading = begin_read(&ctx.app.store).await?;
    let role = role::Entity::find_by_id(role_id).one(&reading).await?;
    let facts = MatchingFacts {
        volunteer_id: Some(volunteer_id),
        organization_id: role.as_ref().map(|role| role.organization_id),
        is_role_public: match &role {
            Some(role) => is_public(&reading, role).await?,
            None => false,
        },
    };
    decide(&ctx.actor, MatchingAction::Evaluate, &facts).require()?;
    let selection = Selection {
        roles: Roles::Named(role_id),
        volunteers: Volunteers::Named(volunteer_id),
        purpose: Purpose::explanation_for(&ctx.actor),
    };
    let inputs = snapshot::load(&reading, &selection, ctx.now()).await?;
    let labels = Labels::read(&reading).await?;
    reading.commit().await?;
    if let Some(refused) = inputs.refused.first() {
        return Err(DomainError::internal(format!(
            "the engine cannot read {:?}: {:?}",
            refused.subject, refused.faults
        )));
    }
    let permission = inputs
        .permissions
        .get(&volunteer_id)
        .copied()
        .ok_or(DomainError::NotFound)?;
    let appraisal = matcher::engine::appraise(
        &inputs.snapshot,
        super::weights()?,
        &role_key(role_id)?,
        &volunteer_key(volunteer_id)?,
    );
    let appraisal = appraisal.ok_or(DomainError::NotFound)?;
    Ok(Evaluation {
        role_id,
        volunteer_id,
        fit: Fit::from((&appraisal.fit, &labels)),
        exclusions: exclusions(&appraisal.blocked, &labels),
        permission,
    })
}
