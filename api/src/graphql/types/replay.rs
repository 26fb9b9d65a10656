//! A past round with other weights.

use std::collections::BTreeMap;

use async_graphql::{Context, Enum, ID, Object, Result, SimpleObject};
use entity::id::{RoleId, VolunteerId};
use entity::language::Language;
use matcher::learning::{Answer, Side};

use super::calibration::locale;
use super::evaluation::{role_of, volunteer_of};
use super::fairness::RoundFairness;
use super::role::Role;
use super::volunteer::Volunteer;
use crate::domain::learning::replay::{self, Replayed};
use crate::graphql::context::RequestExt as _;
use crate::graphql::error::graphql;
use crate::graphql::id::encode;

/// The difference that other weights make to a past round. Nothing was changed.
pub struct Replay(pub Replayed);

/// The difference that other weights make to a past round. Nothing was changed.
#[Object]
impl Replay {
    /// What both sides were computed from.
    async fn basis(&self, ctx: &Context<'_>) -> Result<ReplayBasis> {
        let (basis, language) = (&self.0.basis, ctx.request()?.language);
        Ok(ReplayBasis {
            is_exact: basis.is_exact,
            proposed_count: basis.proposed as u64,
            repeated_count: basis.repeated as u64,
            message: basis.words().in_language(language).to_owned(),
        })
    }

    /// With the round's own weights.
    async fn before(&self, ctx: &Context<'_>) -> Result<ReplaySide> {
        Ok(ReplaySide::new(
            &self.0.replay.before,
            ctx.request()?.language,
        ))
    }

    /// With the other weights.
    async fn after(&self, ctx: &Context<'_>) -> Result<ReplaySide> {
        Ok(ReplaySide::new(
            &self.0.replay.after,
            ctx.request()?.language,
        ))
    }

    /// How many pairs are in both.
    async fn kept_count(&self) -> u64 {
        self.0.replay.kept.len() as u64
    }

    /// How many pairs the other weights would not have proposed.
    async fn lost_count(&self) -> u64 {
        self.0.lost.len() as u64
    }

    /// How many pairs they would have proposed instead.
    async fn gained_count(&self) -> u64 {
        self.0.gained.len() as u64
    }

    /// Pairs that the other weights would not have proposed, by role.
    async fn lost(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100.", default = 20)] first: i32,
    ) -> Result<Vec<ReplayedPair>> {
        page(ctx, &self.0.lost, first)
    }

    /// Pairs that they would have proposed instead, by role.
    async fn gained(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100.", default = 20)] first: i32,
    ) -> Result<Vec<ReplayedPair>> {
        page(ctx, &self.0.gained, first)
    }

    /// What became of the pairs in both, as far as it is known.
    async fn answers_of_kept(&self) -> Vec<AnswerCount> {
        AnswerCount::list(&self.0.replay.answers_of_kept)
    }

    /// What became of the lost ones. Of those gained nothing can be known.
    async fn answers_of_lost(&self) -> Vec<AnswerCount> {
        AnswerCount::list(&self.0.replay.answers_of_lost)
    }

    /// The difference in sentences, one finding each, in the request's language.
    async fn words(&self, ctx: &Context<'_>) -> Result<Vec<String>> {
        let language = ctx.request()?.language;
        let mut words = vec![self.0.basis.words().in_language(language).to_owned()];
        words.extend(self.0.replay.words(locale(language)));
        Ok(words)
    }
}

fn page(
    ctx: &Context<'_>,
    pairs: &[(RoleId, VolunteerId)],
    first: i32,
) -> Result<Vec<ReplayedPair>> {
    let most = graphql(ctx.request()?, replay::checked(first))?;
    let pairs = pairs.iter().take(most);
    Ok(pairs
        .map(|(role, volunteer)| ReplayedPair(*role, *volunteer))
        .collect())
}

/// What both sides of a replay were computed from: what is stored, with what followed from the round and from others since
/// taken back (pairings, seats, placements; roles and volunteers that took part count as open and available). What people
/// and roles said of themselves at the time is not kept: where they have changed it, it counts as it is now, which is told.
/// Who has left or taken back their consent is left out.
#[derive(SimpleObject)]
pub struct ReplayBasis {
    /// Whether it is exactly what the round was made from.
    is_exact: bool,
    /// How many pairs the round proposed.
    proposed_count: u64,
    /// Of these, how many its own weights choose again: all of them when it is exact. What became of the others is not
    /// among the answers.
    repeated_count: u64,
    /// Whether it is exact and, if not, what has changed; in the request's language.
    message: String,
}

/// A pair that only one of the two rounds proposes.
pub struct ReplayedPair(RoleId, VolunteerId);

/// A pair that only one of the two rounds proposes.
#[Object]
impl ReplayedPair {
    /// The role.
    async fn role_id(&self) -> ID {
        encode(&self.0)
    }

    /// The volunteer.
    async fn volunteer_id(&self) -> ID {
        encode(&self.1)
    }

    /// The role.
    async fn role(&self, ctx: &Context<'_>) -> Result<Option<Role>> {
        role_of(ctx, self.0).await
    }

    /// The volunteer, as far as the asker may see them.
    async fn volunteer(&self, ctx: &Context<'_>) -> Result<Option<Volunteer>> {
        volunteer_of(ctx, self.1).await
    }
}

/// One of the two rounds. Scores of different weights do not compare, so each choice is valued by both.
#[derive(SimpleObject)]
pub struct ReplaySide {
    /// The name of the weights.
    weights_version: String,
    /// What identifies the weights by their content.
    weights_fingerprint: String,
    /// Pairs proposed.
    pairings: u64,
    /// The sum of their scores by the round's own weights, in ten-thousandths; a pair that these would not propose counts 0.
    points_by_before: u64,
    /// The sum of their scores by the other weights, in ten-thousandths; a pair that these would not propose counts 0.
    points_by_after: u64,
    /// How evenly they are spread.
    fairness: RoundFairness,
}

impl ReplaySide {
    fn new(side: &Side, language: Language) -> Self {
        Self {
            weights_version: side.weights_version.clone(),
            weights_fingerprint: side.weights_fingerprint.clone(),
            pairings: side.pairings as u64,
            points_by_before: side.valued_by_before,
            points_by_after: side.valued_by_after,
            fairness: RoundFairness::new(&side.fairness, language),
        }
    }
}

/// How often an answer was given.
#[derive(SimpleObject)]
pub struct AnswerCount {
    /// The answer.
    answer: OutcomeAnswer,
    /// How often.
    count: u64,
}

impl AnswerCount {
    fn list(counts: &BTreeMap<Answer, usize>) -> Vec<Self> {
        let counts = counts.iter();
        counts
            .map(|(answer, count)| Self {
                answer: (*answer).into(),
                count: *count as u64,
            })
            .collect()
    }
}

/// What became of a proposed pair: the last that is known of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "matcher::learning::Answer")]
pub enum OutcomeAnswer {
    /// A coordinator said no.
    Rejected,
    /// A coordinator said yes; the two have not both answered.
    Approved,
    /// One of the two said no.
    Declined,
    /// No answer came in time.
    Expired,
    /// Both said yes; the placement has not ended.
    Accepted,
    /// The placement ended as meant.
    Completed,
    /// The placement ended early.
    Ended,
    /// The placement never began.
    NoShow,
}
