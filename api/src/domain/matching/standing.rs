//! Where a pair stands among a role's eligible volunteers, or would stand, and who is ahead of it. Coordinators only: who
//! else would fit is nobody's to know before both have agreed to be asked.

use entity::id::{RoleId, VolunteerId};
use matcher::engine::{Difference, Evaluation};

use super::evaluate::Fit;
use super::labels::Labels;
use super::snapshot::{
    self, Purpose, Roles, Selection, Volunteers, role_key, volunteer_id, volunteer_key,
};
use crate::context::Context;
use crate::error::DomainError;
use crate::policy::matching::{MatchingAction, MatchingFacts, decide};
use crate::store::transaction::begin_read;

/// How many of those ahead are told.
const AHEAD: usize = 3;

/// The place of a volunteer among all who may be proposed for a role.
#[derive(Clone, Debug)]
pub struct Standing {
    /// From 1; of one who is not eligible, the place they would take.
    pub rank: usize,
    /// How many are eligible.
    pub eligible: usize,
    /// Those just ahead, the nearest first.
    pub ahead: Vec<Ahead>,
}

/// A volunteer who stands ahead.
#[derive(Clone, Debug)]
pub struct Ahead {
    /// Who.
    pub volunteer_id: VolunteerId,
    /// Their place, from 1.
    pub rank: usize,
    /// Their score and reasons.
    pub fit: Fit,
    /// By how much their score is higher, in basis points.
    pub lead_bp: u16,
    /// Where the difference comes from, the widest first.
    pub differences: Vec<Difference>,
}

/// Where the volunteer stands now, or would if they could be proposed. Nothing for those who may not know.
pub async fn run(
    ctx: &Context,
    role: RoleId,
    volunteer: VolunteerId,
) -> Result<Option<Standing>, DomainError> {
    let facts = MatchingFacts::default();
    if !decide(&ctx.actor, MatchingAction::SuggestVolunteers, &facts).is_allowed() {
        return Ok(None);
    }
    let selection = Selection {
        roles: Roles::Named(role),
        volunteers: Volunteers::ProposableAnd(volunteer),
        purpose: Purpose::Explanation,
    };
    let reading = begin_read(&ctx.app.store).await?;
    let records = snapshot::read(&reading, &selection, ctx.now()).await?;
    let labels = Labels::read(&reading).await?;
    reading.commit().await?;
    let (id, role, volunteer) = (volunteer, role_key(role)?, volunteer_key(volunteer)?);
    let weights = super::weights()?;
    let found = super::compute(move || {
        let inputs = records.build()?;
        let snapshot = &inputs.snapshot;
        let found = matcher::engine::standing(snapshot, weights, &role, &volunteer, AHEAD);
        // The engine does not know who may not be proposed whatever they fit.
        let is_permitted = inputs.permissions.get(&id).is_some_and(|it| it.is_given());
        let is_counted = || {
            let found = matcher::engine::evaluate(snapshot, weights, &role, &volunteer);
            matches!(found, Some(Evaluation::Eligible(_)))
        };
        let not_to_count = usize::from(!is_permitted && is_counted());
        Ok::<_, DomainError>(found.map(|found| (found, not_to_count)))
    })
    .await??;
    let Some((found, not_to_count)) = found else {
        return Ok(None);
    };
    let ahead = found.ahead.iter().map(|ahead| {
        Ok(Ahead {
            volunteer_id: volunteer_id(&ahead.volunteer)?,
            rank: ahead.rank,
            fit: Fit::from((&ahead.fit, &labels)),
            lead_bp: ahead.lead.get(),
            differences: ahead.differences.clone(),
        })
    });
    Ok(Some(Standing {
        rank: found.rank,
        eligible: found.eligible.saturating_sub(not_to_count),
        ahead: ahead.collect::<Result<_, DomainError>>()?,
    }))
}
