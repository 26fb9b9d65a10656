//! What the matcher says of a role and a volunteer.
#![expect(
    clippy::unused_async,
    reason = "a resolver is asynchronous whether it waits or not"
)]

use async_graphql::{Context, ID, Object, Result};
use entity::id::{RoleId, VolunteerId};

use super::exclusion::Exclusion;
use super::factor::{Factor, FactorLoss, unit};
use super::role::Role;
use super::standing::PairStanding;
use super::volunteer::Volunteer;
use crate::domain::matching::evaluate;
use crate::domain::matching::explanation::Explanation;
use crate::domain::matching::{standing, suggest};
use crate::graphql::context::RequestExt as _;
use crate::graphql::error::{graphql, loaded};
use crate::graphql::id::encode;

/// Why a role and a volunteer fit, or what keeps them apart.
pub struct Evaluation(pub evaluate::Evaluation);

/// Why a role and a volunteer fit, or what keeps them apart.
#[Object]
impl Evaluation {
    /// The role.
    async fn role_id(&self) -> ID {
        encode(&self.0.role_id)
    }

    /// The volunteer.
    async fn volunteer_id(&self) -> ID {
        encode(&self.0.volunteer_id)
    }

    /// The role.
    async fn role(&self, ctx: &Context<'_>) -> Result<Option<Role>> {
        role_of(ctx, self.0.role_id).await
    }

    /// The volunteer, as far as the asker may see them.
    async fn volunteer(&self, ctx: &Context<'_>) -> Result<Option<Volunteer>> {
        volunteer_of(ctx, self.0.volunteer_id).await
    }

    /// Whether the matcher may propose the two.
    async fn is_eligible(&self) -> bool {
        self.0.is_eligible()
    }

    /// How well the two fit, 0 to 1. Where a hard constraint is in the way, how well they would if it were not; likewise its
    /// parts and reasons.
    async fn score(&self) -> f64 {
        unit(self.0.fit.score_bp)
    }

    /// How much of the score rests on known facts, 0 to 1.
    async fn confidence(&self) -> f64 {
        unit(self.0.fit.confidence_bp)
    }

    /// The parts of the score.
    async fn factors(&self, ctx: &Context<'_>) -> Result<Vec<Factor>> {
        let language = ctx.request()?.language;
        Ok(Factor::list(&self.0.fit.explanation, language))
    }

    /// What is missing: the parts of the score that are not full, the dearest first.
    async fn losses(&self, ctx: &Context<'_>) -> Result<Vec<FactorLoss>> {
        let language = ctx.request()?.language;
        Ok(FactorLoss::list(&self.0.fit.explanation, language))
    }

    /// Where the two stand among all who may be proposed for the role, and who is ahead and in what; where they may not be
    /// proposed, the place that they would take. For coordinators; null for others.
    async fn standing(&self, ctx: &Context<'_>) -> Result<Option<PairStanding>> {
        let request = ctx.request()?;
        let found = standing::run(request, self.0.role_id, self.0.volunteer_id).await;
        let found = graphql(request, found)?;
        Ok(found.map(|found| PairStanding::new(&found, request.language)))
    }

    /// The score's reasons in one line, in the request's language.
    async fn summary(&self, ctx: &Context<'_>) -> Result<String> {
        let language = ctx.request()?.language;
        let summary = &self.0.fit.explanation.summary;
        Ok(summary.in_language(language).to_owned())
    }

    /// Every hard constraint that is in the way, each with the smallest change that would open it.
    async fn exclusions(&self, ctx: &Context<'_>) -> Result<Vec<Exclusion>> {
        let language = ctx.request()?.language;
        let mut exclusions = Exclusion::of_permission(self.0.permission, language);
        exclusions.extend(Exclusion::list(&self.0.exclusions, language));
        Ok(exclusions)
    }
}

/// A pair that the matcher may propose, outside of any round.
pub struct Suggestion(pub suggest::Suggestion);

/// A pair that the matcher may propose, outside of any round.
#[Object]
impl Suggestion {
    /// The role.
    async fn role_id(&self) -> ID {
        encode(&self.0.role_id)
    }

    /// The volunteer.
    async fn volunteer_id(&self) -> ID {
        encode(&self.0.volunteer_id)
    }

    /// The role.
    async fn role(&self, ctx: &Context<'_>) -> Result<Option<Role>> {
        role_of(ctx, self.0.role_id).await
    }

    /// The volunteer, as far as the asker may see them.
    async fn volunteer(&self, ctx: &Context<'_>) -> Result<Option<Volunteer>> {
        volunteer_of(ctx, self.0.volunteer_id).await
    }

    /// How well the two fit, 0 to 1.
    async fn score(&self) -> f64 {
        unit(self.0.fit.score_bp)
    }

    /// How much of the score rests on known facts, 0 to 1.
    async fn confidence(&self) -> f64 {
        unit(self.0.fit.confidence_bp)
    }

    /// The parts of the score.
    async fn factors(&self, ctx: &Context<'_>) -> Result<Vec<Factor>> {
        let language = ctx.request()?.language;
        Ok(Factor::list(&self.0.fit.explanation, language))
    }

    /// What is missing: the parts of the score that are not full, the dearest first.
    async fn losses(&self, ctx: &Context<'_>) -> Result<Vec<FactorLoss>> {
        let language = ctx.request()?.language;
        Ok(FactorLoss::list(&self.0.fit.explanation, language))
    }

    /// The weightiest reasons, at most four, in the request's language.
    async fn reasons(&self, ctx: &Context<'_>) -> Result<Vec<String>> {
        let language = ctx.request()?.language;
        Ok(reasons(&self.0.fit.explanation, language))
    }

    /// The reasons in one line, in the request's language.
    async fn summary(&self, ctx: &Context<'_>) -> Result<String> {
        let language = ctx.request()?.language;
        let summary = &self.0.fit.explanation.summary;
        Ok(summary.in_language(language).to_owned())
    }
}

/// The weightiest reasons in `language`.
pub(super) fn reasons(
    explanation: &Explanation,
    language: entity::language::Language,
) -> Vec<String> {
    explanation
        .reasons
        .iter()
        .map(|words| words.in_language(language).to_owned())
        .collect()
}

/// The role of a pair.
pub(super) async fn role_of(ctx: &Context<'_>, id: RoleId) -> Result<Option<Role>> {
    let role = ctx.loaders()?.load_one(id).await;
    Ok(loaded(ctx.request()?, role)?.map(Role))
}

/// The volunteer of a pair, as far as the actor may see them.
pub(super) async fn volunteer_of(ctx: &Context<'_>, id: VolunteerId) -> Result<Option<Volunteer>> {
    let volunteer = ctx.loaders()?.load_one(id).await;
    match loaded(ctx.request()?, volunteer)? {
        Some(volunteer) => Volunteer::visible(ctx, volunteer).await,
        None => Ok(None),
    }
}
