//! What can be learned from outcomes. Reports only: nothing is applied.

use async_graphql::{Context, ID, Object, Result};
use chrono::{DateTime, Utc};

use crate::domain::learning::{calibrate, refit, replay};
use crate::graphql::context::RequestExt as _;
use crate::graphql::error::graphql;
use crate::graphql::id::decode;
use crate::graphql::types::calibration::{Calibration, LearningQuestion};
use crate::graphql::types::refit::Refit;
use crate::graphql::types::replay::Replay;

#[derive(Default)]
pub(super) struct LearningQuery;

#[Object]
impl LearningQuery {
    /// How often what the matcher predicted came true, by score and by factor. At most the newest 20,000 pairings count.
    /// For coordinators; it changes nothing.
    async fn calibration(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to ask of the outcomes.")] question: LearningQuestion,
        #[graphql(desc = "Only pairings begun at this moment or later.")] since: Option<
            DateTime<Utc>,
        >,
    ) -> Result<Calibration> {
        let request = ctx.request()?;
        let found = calibrate::run(request, question.into(), since).await;
        Ok(Calibration::new(
            &graphql(request, found)?,
            request.language,
        ))
    }

    /// The weights that would have predicted better, beside the policy's, with the gain on people held out; or how many
    /// outcomes are missing. At most the newest 20,000 pairings count. For coordinators; it changes nothing.
    async fn refit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to learn from.")] question: LearningQuestion,
        #[graphql(desc = "Only pairings begun at this moment or later.")] since: Option<
            DateTime<Utc>,
        >,
    ) -> Result<Refit> {
        let request = ctx.request()?;
        let found = refit::run(request, question.into(), since).await;
        Ok(Refit::new(&graphql(request, found)?, request.language))
    }

    /// A past round again with other weights: pairs kept, lost and gained, and the fairness of both. `basis` says whether
    /// the round's inputs could be rebuilt exactly. Refused as `STALE` for a round of another version of the engine. For
    /// coordinators; it changes nothing.
    async fn replay(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The round.")] round_id: ID,
        #[graphql(desc = "The other weights, as a file of weights (TOML) of at most 16 KiB.")]
        weights: String,
    ) -> Result<Replay> {
        let request = ctx.request()?;
        let id = graphql(request, decode(&round_id, "roundId").map_err(Into::into))?;
        let found = replay::run(request, id, &weights).await;
        Ok(Replay(graphql(request, found)?))
    }
}
