//! Who stays unmatched, in a round and outside of any, and what kept them.

use async_graphql::{ComplexObject, Context, ID, Result, SimpleObject};
use entity::id::{RoleId, VolunteerId};
use entity::language::Language;

use super::evaluation::{role_of, volunteer_of};
use super::exclusion::{Exclusion, ExclusionCode};
use super::factor::unit;
use super::role::Role;
use super::volunteer::Volunteer;
use crate::domain::matching::explanation::gate_name;
use crate::domain::matching::report;
use crate::domain::matching::unmatched::Tally;
use crate::graphql::id::encode;

/// A role with fewer suggestions than it wants.
#[derive(SimpleObject)]
#[graphql(complex)]
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
    /// The pairs that came nearest, at most three; empty when some were suggested.
    nearest: Vec<NearestPair>,
    #[graphql(skip)]
    key: RoleId,
}

#[ComplexObject]
impl UnmatchedRole {
    /// The role.
    async fn role(&self, ctx: &Context<'_>) -> Result<Option<Role>> {
        role_of(ctx, self.key).await
    }
}

impl UnmatchedRole {
    /// In `language`.
    pub fn new(unmatched: &report::UnmatchedRole, language: Language) -> Self {
        let nearest = NearestPair::list(&unmatched.nearest, language);
        Self {
            role_id: encode(&unmatched.role_id),
            wanted: unmatched.wanted,
            got: unmatched.got,
            placed_elsewhere: unmatched.placed_elsewhere as u64,
            causes: UnmatchedCause::list(&unmatched.causes, language),
            smallest_change: NearestPair::change(&nearest),
            nearest,
            key: unmatched.role_id,
        }
    }
}

/// A volunteer with room who got nothing.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct UnmatchedVolunteer {
    /// The volunteer.
    volunteer_id: ID,
    /// Open roles that fit but took others.
    roles_took_others: u64,
    /// How many open roles each hard constraint closed, the most first; one may count at several.
    causes: Vec<UnmatchedCause>,
    /// What would open the nearest role; null when nothing would.
    smallest_change: Option<String>,
    /// The pairs that came nearest, at most three.
    nearest: Vec<NearestPair>,
    #[graphql(skip)]
    key: VolunteerId,
}

#[ComplexObject]
impl UnmatchedVolunteer {
    /// The volunteer, as far as the asker may see them.
    async fn volunteer(&self, ctx: &Context<'_>) -> Result<Option<Volunteer>> {
        volunteer_of(ctx, self.key).await
    }
}

impl UnmatchedVolunteer {
    /// In `language`.
    pub fn new(unmatched: &report::UnmatchedVolunteer, language: Language) -> Self {
        let nearest = NearestPair::list(&unmatched.nearest, language);
        Self {
            volunteer_id: encode(&unmatched.volunteer_id),
            roles_took_others: unmatched.roles_took_others as u64,
            causes: UnmatchedCause::list(&unmatched.causes, language),
            smallest_change: NearestPair::change(&nearest),
            nearest,
            key: unmatched.volunteer_id,
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
    /// In `language`.
    pub fn list(causes: &[report::Cause], language: Language) -> Vec<Self> {
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
#[graphql(complex)]
pub struct NearestPair {
    /// The role.
    role_id: ID,
    /// The volunteer.
    volunteer_id: ID,
    /// The score the pair would have, 0 to 1.
    score: f64,
    /// What is in the way, each with what would open it.
    exclusions: Vec<Exclusion>,
    #[graphql(skip)]
    role: RoleId,
    #[graphql(skip)]
    volunteer: VolunteerId,
}

impl NearestPair {
    /// In `language`, the nearest first.
    pub fn list(nearest: &[report::Nearest], language: Language) -> Vec<Self> {
        nearest
            .iter()
            .map(|nearest| Self {
                role_id: encode(&nearest.role_id),
                volunteer_id: encode(&nearest.volunteer_id),
                score: unit(nearest.score_bp.into()),
                exclusions: Exclusion::list(&nearest.exclusions, language),
                role: nearest.role_id,
                volunteer: nearest.volunteer_id,
            })
            .collect()
    }

    /// What also keeps the pairs apart, before all else.
    pub fn keep_apart(nearest: &mut [Self], exclusions: impl Fn() -> Vec<Exclusion>) {
        for pair in nearest {
            pair.exclusions.splice(0..0, exclusions());
        }
    }

    /// What would open the nearest; nothing when nothing would.
    fn change(nearest: &[Self]) -> Option<String> {
        Exclusion::joint_change(&nearest.first()?.exclusions)
    }
}

#[ComplexObject]
impl NearestPair {
    /// What would open all that is in the way, in one line in the request's language; null when something is there to stay.
    async fn smallest_change(&self) -> Option<String> {
        Exclusion::joint_change(&self.exclusions)
    }

    /// The role.
    #[graphql(name = "role")]
    async fn loaded_role(&self, ctx: &Context<'_>) -> Result<Option<Role>> {
        role_of(ctx, self.role).await
    }

    /// The volunteer, as far as the asker may see them.
    #[graphql(name = "volunteer")]
    async fn loaded_volunteer(&self, ctx: &Context<'_>) -> Result<Option<Volunteer>> {
        volunteer_of(ctx, self.volunteer).await
    }
}

/// The unmatched of one side of a round, counted by cause. Each counts once: as outbid, as without counterparts, or mainly
/// at one hard constraint.
#[derive(SimpleObject)]
pub struct UnmatchedByCause {
    /// All of them.
    count: u64,
    /// Of these, those with an eligible counterpart that was better placed elsewhere, or took others.
    outbid: u64,
    /// Of these, those for whom there was no counterpart at all.
    without_counterparts: u64,
    /// The hard constraints that kept the others, those kept by it mainly first.
    causes: Vec<TalliedCause>,
}

impl UnmatchedByCause {
    /// In `language`.
    pub fn new(tally: &Tally, language: Language) -> Self {
        let causes = tally.causes.iter().map(|cause| TalliedCause {
            code: cause.code.into(),
            label: gate_name(cause.code).in_language(language).to_owned(),
            mainly: cause.mainly as u64,
            affected: cause.affected as u64,
            pairs: cause.pairs as u64,
        });
        Self {
            count: tally.count as u64,
            outbid: tally.outbid as u64,
            without_counterparts: tally.without_counterparts as u64,
            causes: causes.collect(),
        }
    }
}

/// What a hard constraint did to one side of a round.
#[derive(SimpleObject)]
pub struct TalliedCause {
    /// Which constraint.
    code: ExclusionCode,
    /// Its name, in the request's language.
    label: String,
    /// Unmatched without an eligible counterpart, to whom it closed more pairs than any other. Each counts at one constraint.
    mainly: u64,
    /// Unmatched to whom it closed any pair; one may count at several.
    affected: u64,
    /// Pairs that it closed to the unmatched.
    pairs: u64,
}
