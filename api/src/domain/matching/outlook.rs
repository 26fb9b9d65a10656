//! What a role or a volunteer can expect now, outside of any round: how many counterparts are eligible, what keeps the
//! others apart, and for whoever has nobody the nearest and what would open each.

use entity::id::{RoleId, VolunteerId};
use matcher::engine::{Outlook as EngineOutlook, Suggestion};

use super::labels::Labels;
use super::report::{Cause, Nearest, causes, nearest};
use super::snapshot::{
    self, Inputs, Permission, Purpose, Records, Roles, Selection, Subject, Volunteers, role_id,
    role_key, volunteer_id, volunteer_key,
};
use crate::context::Context;
use crate::error::DomainError;
use crate::policy::matching::{MatchingAction, MatchingFacts, decide};
use crate::store::transaction::begin_read;

/// How many of the nearest are told.
const NEAREST: usize = 3;

/// The counterparts of one role or one volunteer.
#[derive(Clone, Debug)]
pub struct Outlook {
    /// Counterparts that may be proposed.
    pub eligible: usize,
    /// How many counterparts each gate keeps out, the most first.
    pub causes: Vec<Cause>,
    /// The nearest, when none is eligible.
    pub nearest: Vec<Nearest>,
    /// Whether the volunteer may be proposed at all; of a role, nothing.
    pub permission: Option<Permission>,
}

/// The volunteers' side of a role. For coordinators.
pub async fn of_role(ctx: &Context, role: RoleId) -> Result<Outlook, DomainError> {
    let facts = MatchingFacts::default();
    decide(&ctx.actor, MatchingAction::SuggestVolunteers, &facts).require()?;
    let selection = Selection {
        roles: Roles::Named(role),
        volunteers: Volunteers::Proposable(Vec::new()),
        purpose: Purpose::Explanation,
    };
    let (records, labels) = read(ctx, &selection).await?;
    let (key, weights) = (role_key(role)?, super::weights()?);
    let found = super::compute(move || {
        let snapshot = build(&records, Subject::Role(role))?.snapshot;
        let found = matcher::engine::outlook_of_role(&snapshot, weights, &key, NEAREST);
        Ok::<_, DomainError>(found)
    })
    .await??;
    told(&found.ok_or(DomainError::NotFound)?, &labels, None)
}

/// The roles' side of a volunteer. For themselves and coordinators.
pub async fn of_volunteer(ctx: &Context, volunteer: VolunteerId) -> Result<Outlook, DomainError> {
    let facts = MatchingFacts {
        volunteer_id: Some(volunteer),
        ..MatchingFacts::default()
    };
    decide(&ctx.actor, MatchingAction::SuggestRoles, &facts).require()?;
    let selection = Selection {
        roles: Roles::Proposable {
            projects: Vec::new(),
            roles: Vec::new(),
        },
        volunteers: Volunteers::Named(volunteer),
        purpose: Purpose::explanation_for(&ctx.actor),
    };
    let (records, labels) = read(ctx, &selection).await?;
    let (key, weights) = (volunteer_key(volunteer)?, super::weights()?);
    let (permission, found, best) = super::compute(move || {
        let inputs = build(&records, Subject::Volunteer(volunteer))?;
        let permission = inputs.permissions.get(&volunteer).copied();
        let permission = permission.ok_or(DomainError::NotFound)?;
        let snapshot = inputs.snapshot;
        let found = matcher::engine::outlook_of_volunteer(&snapshot, weights, &key, NEAREST);
        // Who may not be proposed has nobody, whatever they fit; then the best are the nearest.
        let best = if permission.is_given() {
            Vec::new()
        } else {
            matcher::engine::top_for_volunteer(&snapshot, weights, &key, NEAREST)
        };
        Ok::<_, DomainError>((permission, found, best))
    })
    .await??;
    let mut outlook = told(
        &found.ok_or(DomainError::NotFound)?,
        &labels,
        Some(permission),
    )?;
    if !permission.is_given() {
        outlook.eligible = 0;
    }
    if !best.is_empty() {
        outlook.nearest = best.iter().map(open).collect::<Result<_, _>>()?;
    }
    Ok(outlook)
}

async fn read(ctx: &Context, selection: &Selection) -> Result<(Records, Labels), DomainError> {
    let reading = begin_read(&ctx.app.store).await?;
    let records = snapshot::read(&reading, selection, ctx.now()).await?;
    let labels = Labels::read(&reading).await?;
    reading.commit().await?;
    Ok((records, labels))
}

/// The inputs, if the engine can read the one who is asked about.
fn build(records: &Records, subject: Subject) -> Result<Inputs, DomainError> {
    let inputs = records.build()?;
    match inputs.refused.iter().find(|it| it.subject == subject) {
        Some(refused) => Err(DomainError::internal(format!(
            "the engine cannot read {subject:?}: {:?}",
            refused.faults
        ))),
        None => Ok(inputs),
    }
}

fn told(
    found: &EngineOutlook,
    labels: &Labels,
    permission: Option<Permission>,
) -> Result<Outlook, DomainError> {
    Ok(Outlook {
        eligible: found.eligible,
        causes: causes(&found.blocked_by),
        nearest: nearest(&found.nearest, labels)?,
        permission,
    })
}

/// A pair between which every gate is open.
fn open(suggestion: &Suggestion) -> Result<Nearest, DomainError> {
    Ok(Nearest {
        role_id: role_id(&suggestion.role)?,
        volunteer_id: volunteer_id(&suggestion.volunteer)?,
        score_bp: suggestion.fit.score.get(),
        exclusions: Vec::new(),
    })
}
