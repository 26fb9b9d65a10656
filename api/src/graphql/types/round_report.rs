//! What a round reports besides its pairings.
#![expect(
    clippy::unused_async,
    reason = "a resolver is asynchronous whether it waits or not"
)]

use async_graphql::connection::{Connection, EmptyFields};
use async_graphql::{Context, ID, Object, Result, SimpleObject};
use entity::id::RoundId;
use entity::language::Language;

use super::exclusion::{Exclusion, ExclusionCode};
use super::factor::unit;
use crate::domain::matching::explanation::gate_name;
use crate::domain::matching::report::{self, Report};
use crate::graphql::context::RequestExt as _;
use crate::graphql::error::graphql;
use crate::graphql::id::encode;
use crate::graphql::page::{OpaqueCursor, connection};
use crate::store::page::{PageArguments, PageRequest, SortKey};

/// A round's account: totals, who stayed unmatched and why, demand without supply, and the proof.
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

/// A round's account: totals, who stayed unmatched and why, demand without supply, and the proof.
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
        let page = PageRequest::new(name, &arguments).map_err(Into::into);
        let all = self.report.unmatched_roles.clone();
        let total = UnmatchedTotal {
            total_count: all.len() as u64,
        };
        let page = graphql(request, page)?.slice(all, |unmatched| {
            let key = SortKey::Uuid(unmatched.role_id.uuid());
            (key.clone(), key)
        });
        Ok(connection(page, total, |unmatched| {
            UnmatchedRole::new(unmatched, request.language)
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
        let page = PageRequest::new(name, &arguments).map_err(Into::into);
        let all = self.report.unmatched_volunteers.clone();
        let total = UnmatchedTotal {
            total_count: all.len() as u64,
        };
        let page = graphql(request, page)?.slice(all, |unmatched| {
            let key = SortKey::Uuid(unmatched.volunteer_id.uuid());
            (key.clone(), key)
        });
        Ok(connection(page, total, |unmatched| {
            UnmatchedVolunteer::new(unmatched, request.language)
        }))
    }

    /// Must-have skills of open roles that no available volunteer holds.
    async fn demand_without_supply(&self) -> Vec<DemandWithoutSupply> {
        let demand = self.report.demand_without_supply.iter();
        demand
            .map(|demand| DemandWithoutSupply {
                skill_id: encode(&demand.skill_id),
                roles: demand.roles as u64,
                seats: demand.seats,
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

    /// The proof that no other choice has a greater total.
    async fn certificate(&self) -> OptimalityCertificate {
        let certificate = &self.report.certificate;
        OptimalityCertificate {
            is_verified: certificate.is_verified,
            total_points: certificate.total,
            bound_points: certificate.bound,
        }
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

/// A role with fewer suggestions than it wants.
#[derive(SimpleObject)]
pub struct UnmatchedRole {
    /// The role.
    role_id: ID,
    /// Suggestions wanted.
    wanted: u32,
    /// Suggestions got.
    got: u32,
    /// Volunteers who fit but were better placed elsewhere.
    placed_elsewhere: u64,
    /// How many volunteers each hard constraint kept out, the most first; one may count at several.
    causes: Vec<UnmatchedCause>,
    /// What would let the nearest volunteer in; null when nothing would, or when some were suggested.
    smallest_change: Option<String>,
    /// The pair that came nearest; null when some were suggested.
    nearest: Option<NearestPair>,
}

impl UnmatchedRole {
    fn new(unmatched: report::UnmatchedRole, language: Language) -> Self {
        let nearest = NearestPair::find(unmatched.nearest, language);
        Self {
            role_id: encode(&unmatched.role_id),
            wanted: unmatched.wanted,
            got: unmatched.got,
            placed_elsewhere: unmatched.placed_elsewhere as u64,
            causes: UnmatchedCause::list(&unmatched.causes, language),
            smallest_change: NearestPair::change(nearest.as_ref()),
            nearest,
        }
    }
}

/// A volunteer with room who got nothing.
#[derive(SimpleObject)]
pub struct UnmatchedVolunteer {
    /// The volunteer.
    volunteer_id: ID,
    /// Open roles that fit but took others.
    roles_took_others: u64,
    /// How many open roles each hard constraint closed, the most first; one may count at several.
    causes: Vec<UnmatchedCause>,
    /// What would open the nearest role; null when nothing would.
    smallest_change: Option<String>,
    /// The pair that came nearest.
    nearest: Option<NearestPair>,
}

impl UnmatchedVolunteer {
    fn new(unmatched: report::UnmatchedVolunteer, language: Language) -> Self {
        let nearest = NearestPair::find(unmatched.nearest, language);
        Self {
            volunteer_id: encode(&unmatched.volunteer_id),
            roles_took_others: unmatched.roles_took_others as u64,
            causes: UnmatchedCause::list(&unmatched.causes, language),
            smallest_change: NearestPair::change(nearest.as_ref()),
            nearest,
        }
    }
}

/// How often a hard constraint was in the way.
#[derive(SimpleObject)]
pub struct UnmatchedCause {
    /// Which constraint.
    code: ExclusionCode,
    /// Its name, in the request's language.
    label: String,
    /// How many it kept out.
    count: u64,
}

impl UnmatchedCause {
    fn list(causes: &[report::Cause], language: Language) -> Vec<Self> {
        causes
            .iter()
            .map(|cause| Self {
                code: cause.code.into(),
                label: gate_name(cause.code).in_language(language).to_owned(),
                count: cause.count as u64,
            })
            .collect()
    }
}

/// A pair that was nearly possible.
#[derive(SimpleObject)]
pub struct NearestPair {
    /// The role.
    role_id: ID,
    /// The volunteer.
    volunteer_id: ID,
    /// The score the pair would have, 0 to 1.
    score: f64,
    /// What is in the way.
    exclusions: Vec<Exclusion>,
}

impl NearestPair {
    fn find(nearest: Option<report::Nearest>, language: Language) -> Option<Self> {
        nearest.map(|nearest| Self {
            role_id: encode(&nearest.role_id),
            volunteer_id: encode(&nearest.volunteer_id),
            score: unit(nearest.score_bp.into()),
            exclusions: Exclusion::list(&nearest.exclusions, language),
        })
    }

    fn change(nearest: Option<&Self>) -> Option<String> {
        Exclusion::joint_change(&nearest?.exclusions)
    }
}

/// A must-have skill that no available volunteer holds.
#[derive(SimpleObject)]
pub struct DemandWithoutSupply {
    /// The skill.
    skill_id: ID,
    /// Open roles that must have it.
    roles: u64,
    /// Their open seats.
    seats: u32,
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
    /// The sum of the chosen scores, in ten-thousandths.
    total_points: u64,
    /// No choice has more than this; equal to the total when nothing better exists.
    bound_points: u64,
}
