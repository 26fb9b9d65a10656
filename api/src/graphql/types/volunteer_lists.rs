//! What the lists of a volunteer's profile hold.

use async_graphql::{ComplexObject, Context, Enum, ID, Result, SimpleObject};
use chrono::NaiveDate;
use entity::personal::Personal;
use entity::{conflict_of_interest, time_off, volunteer_skill};

use super::skill::Skill;
use crate::error::DomainError;
use crate::graphql::context::RequestExt as _;
use crate::graphql::error::{graphql, loaded};
use crate::graphql::id::encode;

/// A skill of a volunteer: known to a level, wanted, or both.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct VolunteerSkill {
    /// 1 (beginner) to 5 (expert); null only for a skill to be learned.
    level: Option<i32>,
    /// Years of practice; null when unknown.
    years: Option<i32>,
    /// Whether the volunteer wants to learn it, or more of it.
    wants_to_learn: bool,
    #[graphql(skip)]
    row: volunteer_skill::Model,
}

#[ComplexObject]
impl VolunteerSkill {
    /// The skill.
    async fn skill(&self, ctx: &Context<'_>) -> Result<Skill> {
        let request = ctx.request()?;
        let skill = ctx.loaders()?.load_one(self.row.skill_id.clone()).await;
        let skill = loaded(request, skill)?.map(Skill);
        graphql(request, skill.ok_or(DomainError::NotFound))
    }
}

impl From<volunteer_skill::Model> for VolunteerSkill {
    fn from(row: volunteer_skill::Model) -> Self {
        Self {
            level: row.level.map(Into::into),
            years: row.years.map(Into::into),
            wants_to_learn: row.wants_to_learn,
            row,
        }
    }
}

/// Days on which a volunteer is away.
#[derive(SimpleObject)]
pub struct TimeOff {
    /// The id, to take them back by.
    id: ID,
    /// First day.
    starts_on: NaiveDate,
    /// Last day.
    ends_on: NaiveDate,
}

impl From<time_off::Model> for TimeOff {
    fn from(row: time_off::Model) -> Self {
        Self {
            id: encode(&row.id),
            starts_on: row.starts_on,
            ends_on: row.ends_on,
        }
    }
}

/// What ties a volunteer to an organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "conflict_of_interest::ConflictKind")]
pub enum ConflictKind {
    /// Works for it.
    Employer,
    /// Sits on its board.
    Board,
    /// Is related to someone there.
    Family,
    /// Something else, told in the note.
    Other,
}

/// A tie to an organization with which the volunteer is not paired.
#[derive(SimpleObject)]
pub struct ConflictOfInterest {
    /// The id.
    id: ID,
    /// The organization's id.
    organization_id: ID,
    /// What the tie is.
    kind: ConflictKind,
    /// More about it.
    note: Option<String>,
}

impl From<conflict_of_interest::Model> for ConflictOfInterest {
    fn from(row: conflict_of_interest::Model) -> Self {
        Self {
            id: encode(&row.id),
            organization_id: encode(&row.organization_id),
            kind: row.kind.into(),
            note: row.note.map(Personal::into_exposed),
        }
    }
}
