//! What a round reports besides its pairings.
#![expect(
    clippy::unused_async,
    reason = "a resolver is asynchronous whether it waits or not"
)]

use async_graphql::connection::{Connection, EmptyFields};
use async_graphql::{ComplexObject, Context, ID, Object, Result, SimpleObject};
use entity::id::{RoundId, SkillId};

use super::exclusion::Exclusion;
use super::fairness::RoundFairness;
use super::skill::Skill;
use super::unmatched::{UnmatchedByCause, UnmatchedRole, UnmatchedVolunteer};
use crate::domain::matching::report::Report;
use crate::graphql::context::RequestExt as _;
use crate::graphql::error::{graphql, loaded};
use crate::graphql::id::encode;
use crate::graphql::page::{OpaqueCursor, connection};
use crate::store::page::{KeyKind, PageArguments, PageRequest, SortKey};

/// What its lists are sorted by.
const BY_ID: (KeyKind, KeyKind) = (KeyKind::Uuid, KeyKind::Uuid);

/// A round's account: totals, who stayed unmatched and why, demand without supply, fairness, and the proof.
pub struct RoundReport {
    round_id: RoundId,
    report: Report,
}

impl RoundReport {
    /// The report of a round.
    pub const fn new(round_id: RoundId, report: Report) -> Self {
        Self { round_id, report }
    }
}

/// A round's account: totals, who stayed unmatched and why, demand without supply, fairness, and the proof.
#[Object]
impl RoundReport {
    /// Counts.
    async fn totals(&self) -> RoundTotals {
        let totals = &self.report.totals;
        RoundTotals {
            roles: totals.roles as u64,
            volunteers: totals.volunteers as u64,
            eligible_pairs: totals.eligible_pairs as u64,
            suggestions_wanted: totals.suggestions_wanted,
            pairings: totals.pairings as u64,
            roles_served: totals.roles_served as u64,
            volunteers_served: totals.volunteers_served as u64,
            roles_waiting: self.report.served_roles.len() as u64,
        }
    }

    /// Open roles with fewer suggestions than they want.
    async fn unmatched_roles(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "1 to 100 items from the start; 20 when neither first nor last is given."
        )]
        first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "1 to 100 items from the end.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> Result<Connection<OpaqueCursor, UnmatchedRole, UnmatchedTotal, EmptyFields>> {
        let arguments = PageArguments {
            first,
            after,
            last,
            before,
        };
        let request = ctx.request()?;
        let name = format!("unmatched-roles/{}", self.round_id);
        let page = PageRequest::new(name, BY_ID, &arguments).map_err(Into::into);
        let all = self.report.unmatched_roles.clone();
        let total = UnmatchedTotal {
            total_count: all.len() as u64,
        };
        let page = graphql(request, page)?.slice(all, |unmatched| {
            let key = SortKey::Uuid(unmatched.role_id.uuid());
            (key.clone(), key)
        });
        Ok(connection(page, total, |unmatched| {
            UnmatchedRole::new(&unmatched, request.language)
        }))
    }

    /// Volunteers with room who got nothing.
    async fn unmatched_volunteers(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "1 to 100 items from the start; 20 when neither first nor last is given."
        )]
        first: Option<i32>,
        #[graphql(desc = "Only items after this cursor.")] after: Option<String>,
        #[graphql(desc = "1 to 100 items from the end.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
    ) -> Result<Connection<OpaqueCursor, UnmatchedVolunteer, UnmatchedTotal, EmptyFields>> {
        let arguments = PageArguments {
            first,
            after,
            last,
            before,
        };
        let request = ctx.request()?;
        let name = format!("unmatched-volunteers/{}", self.round_id);
        let page = PageRequest::new(name, BY_ID, &arguments).map_err(Into::into);
        let all = self.report.unmatched_volunteers.clone();
        let total = UnmatchedTotal {
            total_count: all.len() as u64,
        };
        let page = graphql(request, page)?.slice(all, |unmatched| {
            let key = SortKey::Uuid(unmatched.volunteer_id.uuid());
            (key.clone(), key)
        });
        Ok(connection(page, total, |unmatched| {
            UnmatchedVolunteer::new(&unmatched, request.language)
        }))
    }

    /// Open roles with fewer suggestions than they want, counted by what kept volunteers from them, over the whole round.
    async fn unmatched_roles_by_cause(&self, ctx: &Context<'_>) -> Result<UnmatchedByCause> {
        let language = ctx.request()?.language;
        Ok(UnmatchedByCause::new(
            &self.report.roles_by_cause(),
            language,
        ))
    }

    /// Volunteers with room who got nothing, counted by what kept them from roles, over the whole round.
    async fn unmatched_volunteers_by_cause(&self, ctx: &Context<'_>) -> Result<UnmatchedByCause> {
        let language = ctx.request()?.language;
        Ok(UnmatchedByCause::new(
            &self.report.volunteers_by_cause(),
            language,
        ))
    }

    /// Must-have skills of open roles that no available volunteer holds.
    async fn demand_without_supply(&self) -> Vec<DemandWithoutSupply> {
        let demand = self.report.demand_without_supply.iter();
        demand
            .map(|demand| DemandWithoutSupply {
                skill_id: encode(&demand.skill_id),
                roles: demand.roles as u64,
                seats: demand.seats,
                key: demand.skill_id.clone(),
            })
            .collect()
    }

    /// Pins that could not be kept.
    async fn refused_pins(&self, ctx: &Context<'_>) -> Result<Vec<RefusedPin>> {
        let language = ctx.request()?.language;
        let pins = self.report.refused_pins.iter();
        Ok(pins
            .map(|pin| RefusedPin {
                role_id: encode(&pin.role_id),
                volunteer_id: encode(&pin.volunteer_id),
                exclusions: Exclusion::list(&pin.exclusions, language),
            })
            .collect())
    }

    /// Roles and volunteers that were left out because what is stored of them breaks a rule of the matcher.
    async fn refused_inputs(&self, ctx: &Context<'_>) -> Result<Vec<RefusedInput>> {
        let language = ctx.request()?.language;
        let refused = self.report.refused_inputs.iter();
        Ok(refused
            .map(|refused| RefusedInput {
                role_id: refused.role_id.as_ref().map(encode),
                volunteer_id: refused.volunteer_id.as_ref().map(encode),
                faults: refused
                    .faults
                    .iter()
                    .map(|words| words.in_language(language).to_owned())
                    .collect(),
            })
            .collect())
    }

    /// How evenly the round gives: exposure, waits, small organizations, the two official languages. Null for rounds of before
    /// this was reported.
    async fn fairness(&self, ctx: &Context<'_>) -> Result<Option<RoundFairness>> {
        let language = ctx.request()?.language;
        let fairness = self.report.fairness.as_ref();
        Ok(fairness.map(|fairness| RoundFairness::new(fairness, language)))
    }

    /// The proof that no other choice has a greater total.
    async fn certificate(&self, ctx: &Context<'_>) -> Result<OptimalityCertificate> {
        let certificate = &self.report.certificate;
        let base_url = &ctx.request()?.app.config.http.base_url;
        let round_id = encode(&self.round_id);
        let proof_url = format!("{base_url}/rounds/{}/certificate.json", round_id.as_str());
        Ok(OptimalityCertificate {
            is_verified: certificate.is_verified,
            is_over_all_pairs: certificate.is_over_all_pairs,
            total_points: certificate.total,
            bound_points: certificate.bound,
            proof_url: certificate.has_proof.then_some(proof_url),
        })
    }
}

/// Counts of a round.
#[derive(SimpleObject)]
pub struct RoundTotals {
    /// Roles that took part.
    roles: u64,
    /// Volunteers who took part.
    volunteers: u64,
    /// Pairs with no hard constraint in the way.
    eligible_pairs: u64,
    /// Suggestions that the roles wanted.
    suggestions_wanted: u64,
    /// Pairs proposed.
    pairings: u64,
    /// Roles with at least one.
    roles_served: u64,
    /// Volunteers with at least one.
    volunteers_served: u64,
    /// Open roles left out because enough people wait for an answer already.
    roles_waiting: u64,
}

/// What is known of all the unmatched of a side together.
#[derive(SimpleObject)]
pub struct UnmatchedTotal {
    /// How many there are.
    total_count: u64,
}

/// A must-have skill that no available volunteer holds.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct DemandWithoutSupply {
    /// The skill.
    skill_id: ID,
    /// Open roles that must have it.
    roles: u64,
    /// Their open seats.
    seats: u32,
    #[graphql(skip)]
    key: SkillId,
}

#[ComplexObject]
impl DemandWithoutSupply {
    /// The skill.
    async fn skill(&self, ctx: &Context<'_>) -> Result<Option<Skill>> {
        let skill = ctx.loaders()?.load_one(self.key.clone()).await;
        Ok(loaded(ctx.request()?, skill)?.map(Skill))
    }
}

/// A pin that could not be kept.
#[derive(SimpleObject)]
pub struct RefusedPin {
    /// The role.
    role_id: ID,
    /// The volunteer.
    volunteer_id: ID,
    /// What is in the way; empty when other pins took the seats, the room or the hours.
    exclusions: Vec<Exclusion>,
}

/// A role or volunteer that was left out.
#[derive(SimpleObject)]
pub struct RefusedInput {
    /// The role, if it is one.
    role_id: Option<ID>,
    /// The volunteer, if it is one.
    volunteer_id: Option<ID>,
    /// What is wrong, each with its field, in the request's language.
    faults: Vec<String>,
}

/// The proof that a round's choice is the best. Pinned pairs are outside of it: they were not chosen.
#[derive(SimpleObject)]
pub struct OptimalityCertificate {
    /// Whether the proof was checked, pair by pair.
    is_verified: bool,
    /// Whether it holds over all eligible pairs; not where weekly hours took placements or pairs away before the choice was
    /// optimal for the rest.
    is_over_all_pairs: bool,
    /// The sum of the chosen scores, in ten-thousandths of a score, and of the bonus of each role that has its first
    /// suggestion among them: so that a role is not left with none for a little more elsewhere. The bonus is the policy's.
    total_points: u64,
    /// No choice within seats, placements and hours has more than this, in the same unit; equal to the total when nothing
    /// better exists. Otherwise, which weekly hours alone can cause, the difference is the most that could be missing.
    bound_points: u64,
    /// Where what it rests on is, as one JSON document for whoever shows the same token: over whom the round was run, chosen
    /// pairs with their scores, what roles wanted, what volunteers had room for, and the prices whose sum is the bound. Scores
    /// of pairs that were not chosen are not in it: `evaluation` gives them as long as the inputs are those of the round,
    /// before it is applied and on its day. Null for rounds of before it was kept.
    proof_url: Option<String>,
}
