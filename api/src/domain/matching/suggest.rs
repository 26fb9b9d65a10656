//! The best volunteers for a role and the best roles for a volunteer, outside of any round.

use std::sync::Arc;

use entity::id::{RoleId, VolunteerId};
use matcher::engine::Suggestion as EngineSuggestion;

use super::evaluate::Fit;
use super::labels::Labels;
use super::snapshot::{
    self, Purpose, Roles, Selection, Volunteers, role_id, role_key, volunteer_id, volunteer_key,
};
use crate::context::Context;
use crate::error::DomainError;
use crate::policy::matching::{MatchingAction, MatchingFacts, decide};
use crate::store::transaction::begin_read;
use crate::validation::length;

/// The most suggestions at once.
pub const MOST: i32 = 50;

/// A pair that may be proposed.
#[derive(Clone, Debug)]
pub struct Suggestion {
    /// The role.
    pub role_id: RoleId,
    /// The volunteer.
    pub volunteer_id: VolunteerId,
    /// Score and reasons; shared by all whom the same suggestion is told.
    pub fit: Arc<Fit>,
}

/// The best `first` volunteers for a role, best first.
pub async fn volunteers(
    ctx: &Context,
    role: RoleId,
    first: i32,
) -> Result<Vec<Suggestion>, DomainError> {
    let facts = MatchingFacts::default();
    decide(&ctx.actor, MatchingAction::SuggestVolunteers, &facts).require()?;
    let most = length(first, MOST)?;
    let selection = Selection {
        roles: Roles::Named(role),
        volunteers: Volunteers::Proposable(Vec::new()),
        purpose: Purpose::Explanation,
    };
    let key = role_key(role)?;
    suggest(ctx, selection, move |snapshot, weights| {
        matcher::engine::top_for_role(snapshot, weights, &key, most)
    })
    .await
}

/// The best `first` roles for a volunteer, best first.
pub async fn roles(
    ctx: &Context,
    volunteer: VolunteerId,
    first: i32,
) -> Result<Vec<Suggestion>, DomainError> {
    let facts = MatchingFacts {
        volunteer_id: Some(volunteer),
        ..MatchingFacts::default()
    };
    decide(&ctx.actor, MatchingAction::SuggestRoles, &facts).require()?;
    let most = length(first, MOST)?;
    let selection = Selection {
        roles: Roles::Proposable {
            projects: Vec::new(),
            roles: Vec::new(),
        },
        volunteers: Volunteers::Named(volunteer),
        purpose: Purpose::Explanation,
    };
    let key = volunteer_key(volunteer)?;
    suggest(ctx, selection, move |snapshot, weights| {
        matcher::engine::top_for_volunteer(snapshot, weights, &key, most)
    })
    .await
}

async fn suggest(
    ctx: &Context,
    selection: Selection,
    top: impl FnOnce(&matcher::model::Snapshot, &matcher::model::Weights) -> Vec<EngineSuggestion>
    + Send
    + 'static,
) -> Result<Vec<Suggestion>, DomainError> {
    let reading = begin_read(&ctx.app.store).await?;
    let records = snapshot::read(&reading, &selection, ctx.now()).await?;
    let labels = Labels::read(&reading).await?;
    reading.commit().await?;
    let weights = super::weights()?;
    let found =
        super::compute(move || Ok::<_, DomainError>(top(&records.build()?.snapshot, weights)))
            .await??;
    found
        .iter()
        .map(|found| {
            Ok(Suggestion {
                role_id: role_id(&found.role)?,
                volunteer_id: volunteer_id(&found.volunteer)?,
                fit: Arc::new(Fit::from((&found.fit, &labels))),
            })
        })
        .collect()
}
