//! Replacing the list of what a volunteer can do and wants to learn: all of it or, when anything is wrong, nothing.

use std::collections::{HashMap, HashSet};

use entity::id::SkillId;
use entity::{skill, volunteer, volunteer_skill};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, Set};
use serde::Serialize;
use validator::Validate;

use super::{load_own, require_none, touch};
use crate::context::Context;
use crate::domain::taxonomy::{resolve, search};
use crate::error::{Code, DomainError, Violation};
use crate::store::transaction::begin_write;

/// The list as it shall be.
#[derive(Clone, Debug, Validate)]
pub struct Input {
    /// The version that was read.
    pub expected_version: i32,
    /// At most 40 skills.
    #[validate(length(max = 40), nested)]
    pub skills: Vec<Item>,
}

/// A skill, by its id or by what people call it.
#[derive(Clone, Debug, Serialize, Validate)]
pub struct Item {
    /// The skill's id.
    pub skill_id: Option<SkillId>,
    /// A label or alias in either language, in place of the id; up to 120 characters, checked where it is looked up.
    pub name: Option<String>,
    /// 1 (beginner) to 5 (expert); may be absent only for a skill to be learned.
    #[validate(range(min = 1, max = 5))]
    pub level: Option<i32>,
    /// Years of practice.
    #[validate(range(min = 0, max = 60))]
    pub years: Option<i32>,
    /// Whether the volunteer wants to learn it, or more of it.
    pub wants_to_learn: bool,
}

/// Replaces the actor's skills.
pub async fn run(ctx: &Context, input: &Input) -> Result<volunteer::Model, DomainError> {
    let before = load_own(ctx, &ctx.app.store.connection).await?;
    let mut violations = crate::validation::violations(input);
    if input.skills.len() > 40 {
        // Too long a list is not read further.
        return Err(DomainError::Rules(violations));
    }
    for (index, item) in input.skills.iter().enumerate() {
        if item.level.is_none() && !item.wants_to_learn {
            violations.push(Violation::new(
                Code::Required,
                format!("skills.{index}.level"),
                "Give a level from 1 (beginner) to 5 (expert), or say that you want to learn it.",
                "Indiquez un niveau de 1 (débutant) à 5 (expert), ou que vous souhaitez l’apprendre.",
            ));
        }
    }
    let skills = identify(ctx, &before, &input.skills, &mut violations).await?;
    require_none(violations)?;

    let rows: Vec<_> = input
        .skills
        .iter()
        .zip(skills)
        .map(|(item, skill_id)| {
            Ok(volunteer_skill::ActiveModel {
                volunteer_id: Set(before.id),
                skill_id: Set(skill_id),
                level: Set(small(item.level)?),
                years: Set(small(item.years)?),
                wants_to_learn: Set(item.wants_to_learn),
            })
        })
        .collect::<Result<_, DomainError>>()?;
    let transaction = begin_write(&ctx.app.store).await?;
    let volunteer = touch(ctx, &*transaction, &before, Some(input.expected_version)).await?;
    volunteer_skill::Entity::delete_many()
        .filter(volunteer_skill::COLUMN.volunteer_id.eq(before.id))
        .exec(&*transaction)
        .await?;
    volunteer_skill::Entity::insert_many(rows)
        .exec_without_returning(&*transaction)
        .await?;
    transaction.commit().await?;
    Ok(volunteer)
}

/// The skill of each item, in order; what cannot be identified adds a violation.
async fn identify(
    ctx: &Context,
    volunteer: &volunteer::Model,
    items: &[Item],
    violations: &mut Vec<Violation>,
) -> Result<Vec<SkillId>, DomainError> {
    let connection = &ctx.app.store.connection;
    let ids = items.iter().filter_map(|item| item.skill_id.clone());
    let known = search::skills_by_id(connection, ids).await?;
    let held: HashSet<SkillId> = volunteer_skill::Entity::find()
        .filter(volunteer_skill::COLUMN.volunteer_id.eq(volunteer.id))
        .all(connection)
        .await?
        .into_iter()
        .map(|row| row.skill_id)
        .collect();
    let written: Vec<resolve::Written> = items
        .iter()
        .enumerate()
        .filter(|(_, item)| item.skill_id.is_none())
        .filter_map(|(index, item)| {
            Some(resolve::Written {
                text: item.name.clone()?,
                field: format!("skills.{index}.name"),
            })
        })
        .collect();
    let mut resolved = resolve::skills(connection, &written).await?.into_iter();

    let mut skills = Vec::with_capacity(items.len());
    let mut seen = HashSet::new();
    for (index, item) in items.iter().enumerate() {
        let found = match (&item.skill_id, &item.name) {
            (Some(_), Some(_)) | (None, None) => Err(one_of_two(index)),
            (Some(id), None) => by_id(id, &known, &held, index),
            (None, Some(_)) => resolved
                .next()
                .ok_or_else(|| DomainError::internal("a skill was not resolved"))?
                .map(|skill| skill.id),
        };
        match found {
            Ok(id) if seen.insert(id.clone()) => skills.push(id),
            Ok(_) => violations.push(Violation::new(
                Code::Duplicate,
                format!("skills.{index}"),
                "This skill is in the list already.",
                "Cette compétence est déjà dans la liste.",
            )),
            Err(violation) => violations.push(violation),
        }
    }
    Ok(skills)
}

fn one_of_two(index: usize) -> Violation {
    Violation::new(
        Code::Required,
        format!("skills.{index}"),
        "Give either the skill’s id or its name.",
        "Indiquez soit l’identifiant de la compétence, soit son nom.",
    )
}

/// A retired skill may stay with who has it; nobody begins with it.
fn by_id(
    id: &SkillId,
    known: &HashMap<SkillId, skill::Model>,
    held: &HashSet<SkillId>,
    index: usize,
) -> Result<SkillId, Violation> {
    known
        .get(id)
        .filter(|skill| !skill.is_retired || held.contains(id))
        .map(|skill| skill.id.clone())
        .ok_or_else(|| {
            Violation::new(
                Code::Unknown,
                format!("skills.{index}.skillId"),
                "There is no such skill; search the list for it.",
                "Cette compétence n’existe pas; cherchez-la dans la liste.",
            )
        })
}

fn small(number: Option<i32>) -> Result<Option<i16>, DomainError> {
    number
        .map(i16::try_from)
        .transpose()
        .map_err(DomainError::internal)
}
