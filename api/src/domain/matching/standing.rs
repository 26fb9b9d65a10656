//! Where a pair stands among a role's eligible volunteers, and who is ahead of it. Coordinators only: who else would fit
//! is nobody's to know before both have agreed to be asked.

use entity::id::{RoleId, VolunteerId};
use matcher::engine::Difference;

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
    /// From 1.
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

/// Where the volunteer stands now, if the two may be proposed to each other at all. Nothing for those who may not know.
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
        volunteers: Volunteers::Proposable(Vec::new()),
        purpose: Purpose::Explanation,
    };
    let reading = begin_read(&ctx.app.store).await?;
    let records = snapshot::read(&reading, &selection, ctx.now()).await?;
    let labels = Labels::read(&reading).await?;
    reading.commit().await?;
    let (role, volunteer) = (role_key(role)?, volunteer_key(volunteer)?);
    let weights = super::weights()?;
    let found = super::compute(move || {
        let snapshot = records.build()?.snapshot;
        let found = matcher::engine::standing(&snapshot, weights, &role, &volunteer, AHEAD);
        Ok::<_, DomainError>(found)
    })
    .await??;
    let Some(found) = found else {
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
        eligible: found.eligible,
        ahead: ahead.collect::<Result<_, DomainError>>()?,
    }))
}
