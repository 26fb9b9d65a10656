//! The skills and languages a role asks for: resolved to concepts, checked, and written as its lists.

use std::collections::{HashMap, HashSet};

use entity::id::{RoleId, RoleSkillId, RoleWindowId, SkillId};
use entity::role_language::{self, RoleLanguageKind};
use entity::role_skill::{self, RoleSkillKind};
use entity::{role_window, skill};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, Set};

use crate::context::Context;
use crate::domain::language_code;
use crate::domain::taxonomy::resolve::{self, Written};
use crate::domain::weekly_window::Window;
use crate::error::{Code, DomainError, Violation};

/// The most skills without which nobody is proposed.
const MAX_MUST_HAVES: usize = 3;
/// The most skills in all.
const MAX_SKILLS: usize = 20;
/// The most languages.
const MAX_LANGUAGES: usize = 10;

/// How a skill is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SkillName {
    /// By its id.
    Id(SkillId),
    /// By a label or an alias in either language.
    Words(String),
}

/// A skill a role asks for.
#[derive(Clone, Debug)]
pub struct SkillInput {
    /// Which.
    pub skill: SkillName,
    /// How much the role depends on it.
    pub kind: RoleSkillKind,
    /// 1 (beginner) to 5 (expert).
    pub level: i32,
    /// Importance among the role's skills, 1 to 100.
    pub weight: i32,
}

/// A language a role asks for.
#[derive(Clone, Debug)]
pub struct LanguageInput {
    /// ISO 639-1 code.
    pub language: String,
    /// How much the role depends on it.
    pub kind: RoleLanguageKind,
}

/// A checked skill.
#[derive(Clone, Debug)]
pub(super) struct Skill {
    id: SkillId,
    kind: RoleSkillKind,
    level: i16,
    weight: i16,
}

/// Resolves and checks the skills of a role, given at `skills`.
///
/// A skill in `kept` may be retired: the role asked for it before it was.
pub(super) async fn check_skills(
    connection: &impl ConnectionTrait,
    inputs: &[SkillInput],
    kept: &HashSet<SkillId>,
    violations: &mut Vec<Violation>,
) -> Result<Vec<Skill>, DomainError> {
    if inputs.len() > MAX_SKILLS {
        violations.push(too_many(
            "skills",
            MAX_SKILLS,
            inputs.len(),
            "skills",
            "compétences",
        ));
        return Ok(Vec::new());
    }
    let must_haves = inputs
        .iter()
        .filter(|input| input.kind == RoleSkillKind::MustHave)
        .count();
    if must_haves > MAX_MUST_HAVES {
        violations.push(too_many(
            "skills",
            MAX_MUST_HAVES,
            must_haves,
            "must-have skills: each one excludes people, so make the others nice to have",
            "compétences indispensables : chacune exclut des gens, alors rendez les autres souhaitables",
        ));
    }
    let resolved = resolve_all(connection, inputs, kept).await?;
    let mut seen = HashSet::new();
    let mut skills = Vec::with_capacity(inputs.len());
    for (index, (input, resolved)) in inputs.iter().zip(resolved).enumerate() {
        let level = in_range(
            input.level,
            1..=5,
            &format!("skills.{index}.level"),
            violations,
        );
        let weight = in_range(
            input.weight,
            1..=100,
            &format!("skills.{index}.weight"),
            violations,
        );
        match resolved {
            Err(violation) => violations.push(violation),
            Ok(id) if !seen.insert(id.clone()) => violations.push(Violation::new(
                Code::Duplicate,
                field(index),
                "This skill stands in the list twice.",
                "Cette compétence figure deux fois dans la liste.",
            )),
            Ok(id) => skills.push(Skill {
                id,
                kind: input.kind,
                level,
                weight,
            }),
        }
    }
    Ok(skills)
}

async fn resolve_all(
    connection: &impl ConnectionTrait,
    inputs: &[SkillInput],
    kept: &HashSet<SkillId>,
) -> Result<Vec<Result<SkillId, Violation>>, DomainError> {
    let ids = inputs.iter().filter_map(|input| match &input.skill {
        SkillName::Id(id) => Some(id.clone()),
        SkillName::Words(_) => None,
    });
    let known: HashMap<SkillId, skill::Model> = skill::Entity::find()
        .filter(skill::COLUMN.id.is_in(ids))
        .all(connection)
        .await?
        .into_iter()
        .map(|skill| (skill.id.clone(), skill))
        .collect();
    let written: Vec<Written> = inputs
        .iter()
        .enumerate()
        .filter_map(|(index, input)| match &input.skill {
            SkillName::Id(_) => None,
            SkillName::Words(words) => Some(Written {
                text: words.clone(),
                field: field(index),
            }),
        })
        .collect();
    let mut resolved = resolve::skills(connection, &written).await?.into_iter();
    inputs
        .iter()
        .enumerate()
        .map(|(index, input)| match &input.skill {
            SkillName::Id(id) => Ok(match known.get(id) {
                Some(skill) if skill.is_retired && !kept.contains(id) => Err(retired(field(index))),
                Some(_) => Ok(id.clone()),
                None => Err(unknown(field(index))),
            }),
            SkillName::Words(_) => {
                let found = resolved
                    .next()
                    .ok_or_else(|| DomainError::internal("a skill was resolved to nothing"))?;
                Ok(found.map(|skill| skill.id))
            }
        })
        .collect()
}

fn field(index: usize) -> String {
    format!("skills.{index}.skillId")
}

/// Checks the languages of a role, given at `languages`.
pub(super) fn check_languages(inputs: &[LanguageInput], violations: &mut Vec<Violation>) {
    if inputs.len() > MAX_LANGUAGES {
        let count = inputs.len();
        violations.push(too_many(
            "languages",
            MAX_LANGUAGES,
            count,
            "languages",
            "langues",
        ));
        return;
    }
    let codes: Vec<String> = inputs.iter().map(|input| input.language.clone()).collect();
    violations.extend(
        language_code::violations(&codes, "languages")
            .into_iter()
            .map(|violation| Violation {
                field: format!("{}.language", violation.field),
                ..violation
            }),
    );
}

/// Makes `skills` the role's skills.
pub(super) async fn set_skills(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    role_id: RoleId,
    skills: &[Skill],
) -> Result<(), DomainError> {
    role_skill::Entity::delete_many()
        .filter(role_skill::COLUMN.role_id.eq(role_id))
        .exec(transaction)
        .await?;
    let rows: Vec<_> = skills
        .iter()
        .map(|skill| role_skill::ActiveModel {
            id: Set(RoleSkillId::new(ctx.app.new_id())),
            role_id: Set(role_id),
            skill_id: Set(skill.id.clone()),
            kind: Set(skill.kind),
            level: Set(skill.level),
            weight: Set(skill.weight),
        })
        .collect();
    if !rows.is_empty() {
        role_skill::Entity::insert_many(rows)
            .exec_without_returning(transaction)
            .await?;
    }
    Ok(())
}

/// Makes `windows` the role's windows.
pub(super) async fn set_windows(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    role_id: RoleId,
    windows: &[Window],
) -> Result<(), DomainError> {
    role_window::Entity::delete_many()
        .filter(role_window::COLUMN.role_id.eq(role_id))
        .exec(transaction)
        .await?;
    let rows: Vec<_> = windows
        .iter()
        .map(|window| role_window::ActiveModel {
            id: Set(RoleWindowId::new(ctx.app.new_id())),
            role_id: Set(role_id),
            weekday: Set(window.weekday),
            start_minute: Set(window.start_minute),
            end_minute: Set(window.end_minute),
        })
        .collect();
    if !rows.is_empty() {
        role_window::Entity::insert_many(rows)
            .exec_without_returning(transaction)
            .await?;
    }
    Ok(())
}

/// Makes `languages` the role's languages.
pub(super) async fn set_languages(
    transaction: &impl ConnectionTrait,
    role_id: RoleId,
    languages: &[LanguageInput],
) -> Result<(), DomainError> {
    role_language::Entity::delete_many()
        .filter(role_language::COLUMN.role_id.eq(role_id))
        .exec(transaction)
        .await?;
    let rows: Vec<_> = languages
        .iter()
        .map(|input| role_language::ActiveModel {
            role_id: Set(role_id),
            language: Set(input.language.clone()),
            kind: Set(input.kind),
        })
        .collect();
    if !rows.is_empty() {
        role_language::Entity::insert_many(rows)
            .exec_without_returning(transaction)
            .await?;
    }
    Ok(())
}

/// The number, or the range's first one beside a violation.
fn in_range(
    number: i32,
    range: std::ops::RangeInclusive<i16>,
    field: &str,
    violations: &mut Vec<Violation>,
) -> i16 {
    let (min, max) = (*range.start(), *range.end());
    let found = i16::try_from(number)
        .ok()
        .filter(|number| range.contains(number));
    found.unwrap_or_else(|| {
        violations.push(super::details::out_of_range(field, min.into(), max.into()));
        min
    })
}

fn too_many(field: &str, max: usize, count: usize, en: &str, fr: &str) -> Violation {
    Violation::new(
        Code::TooLong,
        field,
        format!("At most {max} {en}. There are {count}."),
        format!("Au plus {max} {fr}. Il y en a {count}."),
    )
}

fn unknown(field: String) -> Violation {
    Violation::new(
        Code::Unknown,
        field,
        "There is no such skill; choose one of the list of skills.",
        "Cette compétence n’existe pas; choisissez-en une dans la liste des compétences.",
    )
}

fn retired(field: String) -> Violation {
    Violation::new(
        Code::Unknown,
        field,
        "This skill is not offered any more; choose another of the list of skills.",
        "Cette compétence n’est plus proposée; choisissez-en une autre dans la liste des compétences.",
    )
}
