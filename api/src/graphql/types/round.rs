//! One run of the matcher, and what it proposed.
#![expect(
    clippy::unused_async,
    reason = "a resolver is asynchronous whether it waits or not"
)]

use async_graphql::connection::{Connection, EmptyFields};
use async_graphql::{Context, Enum, ID, Object, Result};
use chrono::{DateTime, Utc};
use entity::id::RoundId;
use entity::round_pairing;

use super::evaluation::{reasons, role_of, volunteer_of};
use super::factor::{Factor, FactorLoss, unit};
use super::role::Role;
use super::round_report::RoundReport;
use super::volunteer::Volunteer;
use crate::domain::matching::explanation::Explanation;
use crate::domain::matching::find_round::{self, Summary};
use crate::graphql::context::RequestExt as _;
use crate::graphql::error::graphql;
use crate::graphql::id::encode;
use crate::graphql::page::{OpaqueCursor, connection};
use crate::policy::round::{RoundAction, decide};
use crate::store::page::{KeyKind, PageArguments, PageRequest};

/// One run of the matcher: what went in, with which policy and engine, and what came out.
pub struct Round(pub Summary);

/// One run of the matcher: what went in, with which policy and engine, and what came out.
#[Object]
impl Round {
    /// The round's id.
    pub async fn id(&self) -> ID {
        encode(&self.0.id)
    }

    /// What became of it.
    async fn state(&self) -> RoundState {
        self.0.state.into()
    }

    /// The account that ran it.
    async fn started_by_id(&self) -> ID {
        encode(&self.0.started_by)
    }

    /// The name of the weights it was scored with.
    async fn weights_version(&self) -> &str {
        &self.0.weights_version
    }

    /// The version of the engine.
    async fn engine_version(&self) -> &str {
        &self.0.engine_version
    }

    /// What identifies everything that went in: equal inputs, equal digest.
    async fn inputs_digest(&self) -> &str {
        &self.0.inputs_digest
    }

    /// The moment the inputs were read.
    async fn as_of_at(&self) -> DateTime<Utc> {
        self.0.as_of
    }

    /// When it began.
    async fn started_at(&self) -> DateTime<Utc> {
        self.0.started_at
    }

    /// When it ended.
    async fn finished_at(&self) -> DateTime<Utc> {
        self.0.finished_at
    }

    /// When its pairings were taken over; null as long as they were not.
    async fn applied_at(&self) -> Option<DateTime<Utc>> {
        self.0.applied_at
    }

    /// The account that took them over.
    async fn applied_by_id(&self) -> Option<ID> {
        self.0.applied_by.as_ref().map(encode)
    }

    /// Totals, who stayed unmatched on both sides and why, demand without supply, fairness, and the proof.
    async fn report(&self, ctx: &Context<'_>) -> Result<RoundReport> {
        let request = ctx.request()?;
        let report = graphql(request, find_round::report(request, self.0.id).await)?;
        Ok(RoundReport::new(self.0.id, report))
    }

    /// What it proposed, best first.
    async fn pairings(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "1 to 100 items from the start; 20 when neither first nor last is given."
        )]
        first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "1 to 100 items from the end.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> Result<Connection<OpaqueCursor, RoundPairing, RoundPairingTotal, EmptyFields>> {
        let request = ctx.request()?;
        let arguments = PageArguments {
            first,
            after,
            last,
            before,
        };
        let name = format!("round-pairings/{}", self.0.id);
        let kinds = (KeyKind::Integer, KeyKind::Uuid);
        let page = PageRequest::new(name, kinds, &arguments).map_err(Into::into);
        let page = graphql(request, page)?;
        let page = graphql(
            request,
            find_round::list_pairings(request, self.0.id, &page).await,
        )?;
        Ok(connection(page, RoundPairingTotal(self.0.id), RoundPairing))
    }
}

impl Round {
    /// The round, if the asker may see it.
    pub fn visible(ctx: &Context<'_>, round: Summary) -> Result<Option<Self>> {
        let decision = decide(&ctx.request()?.actor, RoundAction::View);
        Ok(decision.is_allowed().then_some(Self(round)))
    }
}

/// What is known of all pairs of a round together.
pub struct RoundPairingTotal(RoundId);

/// What is known of all pairs of a round together.
#[Object]
impl RoundPairingTotal {
    /// How many pairs the round proposed.
    async fn total_count(&self, ctx: &Context<'_>) -> Result<u64> {
        let request = ctx.request()?;
        graphql(request, find_round::count_pairings(request, self.0).await)
    }
}

/// A pair that a round proposed. It becomes a pairing when the round is applied.
pub struct RoundPairing(pub round_pairing::Model);

/// A pair that a round proposed. It becomes a pairing when the round is applied.
#[Object]
impl RoundPairing {
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

    /// Place within the round, from 1.
    async fn rank(&self) -> i32 {
        self.0.rank
    }

    /// How well the two fit, 0 to 1.
    async fn score(&self) -> f64 {
        unit(self.0.score_bp)
    }

    /// How much of the score rests on known facts, 0 to 1.
    async fn confidence(&self) -> f64 {
        unit(self.0.confidence_bp)
    }

    /// The parts of the score.
    async fn factors(&self, ctx: &Context<'_>) -> Result<Vec<Factor>> {
        let request = ctx.request()?;
        let explanation = graphql(request, Explanation::from_json(self.0.factors.expose()))?;
        Ok(Factor::list(&explanation, request.language))
    }

    /// What is missing: the parts of the score that are not full, the dearest first.
    async fn losses(&self, ctx: &Context<'_>) -> Result<Vec<FactorLoss>> {
        let request = ctx.request()?;
        let explanation = graphql(request, Explanation::from_json(self.0.factors.expose()))?;
        Ok(FactorLoss::list(&explanation, request.language))
    }

    /// The weightiest reasons, at most four, in the request's language.
    async fn reasons(&self, ctx: &Context<'_>) -> Result<Vec<String>> {
        let request = ctx.request()?;
        let explanation = graphql(request, Explanation::from_json(self.0.factors.expose()))?;
        Ok(reasons(&explanation, request.language))
    }

    /// The reasons in one line, in the request's language.
    async fn summary(&self, ctx: &Context<'_>) -> Result<String> {
        let request = ctx.request()?;
        let explanation = graphql(request, Explanation::from_json(self.0.factors.expose()))?;
        Ok(explanation.summary.in_language(request.language).to_owned())
    }
}

/// What became of a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::round::RoundState")]
pub enum RoundState {
    /// To be looked at; nothing follows from it yet.
    DryRun,
    /// Its pairings were taken over.
    Applied,
    /// Put aside.
    Discarded,
}
