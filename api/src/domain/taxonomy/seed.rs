//! Stores the shipped taxonomy: what is new is added, what is there is left as it is, since coordinators may have edited it.

use std::collections::HashSet;

use entity::id::{CauseId, RoleFamilyId, SkillAliasId, SkillCategoryId, SkillId};
use entity::language::Language;
use entity::{
    cause, role_family, role_family_skill, skill, skill_alias, skill_category, skill_relation,
};
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QuerySelect as _, Set,
};

use super::data;
use super::fold::fold;
use crate::app::App;
use crate::error::DomainError;
use crate::store::transaction::{begin_write, retrying};

/// Rows in one INSERT: SQLite allows 32,766 parameters, PostgreSQL 65,535.
const CHUNK: usize = 500;

/// Adds the concepts that are missing.
///
/// # Errors
/// When the database fails.
pub async fn run(app: &App) -> anyhow::Result<()> {
    retrying(|| add_missing(app)).await.map_err(Into::into)
}

async fn add_missing(app: &App) -> Result<(), DomainError> {
    let transaction = begin_write(&app.store).await?;
    let tx = &*transaction;
    let families: HashSet<RoleFamilyId> = role_family::Entity::find()
        .select_only()
        .column(role_family::Column::Id)
        .into_tuple()
        .all(tx)
        .await?
        .into_iter()
        .collect();
    let skills: HashSet<SkillId> = skill::Entity::find()
        .select_only()
        .column(skill::Column::Id)
        .into_tuple()
        .all(tx)
        .await?
        .into_iter()
        .collect();
    let causes: HashSet<CauseId> = cause::Entity::find()
        .select_only()
        .column(cause::Column::Id)
        .into_tuple()
        .all(tx)
        .await?
        .into_iter()
        .collect();
    let categories: HashSet<SkillCategoryId> = skill_category::Entity::find()
        .select_only()
        .column(skill_category::Column::Id)
        .into_tuple()
        .all(tx)
        .await?
        .into_iter()
        .collect();

    let new_categories = data::categories()?
        .into_iter()
        .map(|row| skill_category::ActiveModel {
            id: Set(SkillCategoryId::new(row.id)),
            label_en: Set(row.en),
            label_fr: Set(row.fr),
        })
        .filter(|row| !categories.contains(row.id.as_ref()))
        .collect();
    insert::<skill_category::Entity, _>(tx, new_categories).await?;
    add_skills(app, tx, &skills).await?;

    let new_causes = data::causes()?
        .into_iter()
        .map(|row| cause::ActiveModel {
            id: Set(CauseId::new(row.id)),
            folded_en: Set(fold(&row.en)),
            folded_fr: Set(fold(&row.fr)),
            label_en: Set(row.en),
            label_fr: Set(row.fr),
        })
        .filter(|row| !causes.contains(row.id.as_ref()))
        .collect();
    insert::<cause::Entity, _>(tx, new_causes).await?;
    add_role_families(tx, &families).await?;
    transaction.commit().await?;
    Ok(())
}

async fn add_skills(
    app: &App,
    tx: &impl ConnectionTrait,
    known: &HashSet<SkillId>,
) -> Result<(), DomainError> {
    let mut skills = Vec::new();
    let mut aliases = Vec::new();
    for row in data::skills()? {
        let id = SkillId::new(row.id);
        if known.contains(&id) {
            continue;
        }
        for (language, labels) in [
            (Language::En, row.aliases_en),
            (Language::Fr, row.aliases_fr),
        ] {
            // Two spellings that fold alike ("front-end", "front end") are one alias.
            let mut folds = HashSet::new();
            for label in labels {
                let folded = fold(&label);
                if folds.insert(folded.clone()) {
                    aliases.push(skill_alias::ActiveModel {
                        id: Set(SkillAliasId::new(app.new_id())),
                        skill_id: Set(id.clone()),
                        language: Set(language),
                        folded: Set(folded),
                        label: Set(label),
                    });
                }
            }
        }
        skills.push(skill::ActiveModel {
            id: Set(id),
            folded_en: Set(fold(&row.en)),
            folded_fr: Set(fold(&row.fr)),
            label_en: Set(row.en),
            label_fr: Set(row.fr),
            category_id: Set(SkillCategoryId::new(row.category)),
            is_retired: Set(false),
        });
    }
    let new: HashSet<SkillId> = skills.iter().map(|row| row.id.as_ref().clone()).collect();
    insert::<skill::Entity, _>(tx, skills).await?;
    insert::<skill_alias::Entity, _>(tx, aliases).await?;
    let relations = data::relations()?
        .into_iter()
        .map(|row| (SkillId::new(row.a), SkillId::new(row.b), row.weight))
        .filter(|(a, b, _)| new.contains(a) || new.contains(b))
        .map(|(a, b, weight)| skill_relation::ActiveModel {
            skill_a: Set(a),
            skill_b: Set(b),
            weight_bp: Set(basis_points(weight)),
        })
        .collect();
    insert::<skill_relation::Entity, _>(tx, relations).await
}

async fn add_role_families(
    tx: &impl ConnectionTrait,
    known: &HashSet<RoleFamilyId>,
) -> Result<(), DomainError> {
    let mut families = Vec::new();
    let mut members = Vec::new();
    for row in data::role_families()? {
        let id = RoleFamilyId::new(row.id);
        if known.contains(&id) {
            continue;
        }
        members.extend(
            row.skills
                .into_iter()
                .map(|skill| role_family_skill::ActiveModel {
                    role_family_id: Set(id.clone()),
                    skill_id: Set(SkillId::new(skill)),
                }),
        );
        families.push(role_family::ActiveModel {
            id: Set(id),
            label_en: Set(row.en),
            label_fr: Set(row.fr),
        });
    }
    insert::<role_family::Entity, _>(tx, families).await?;
    insert::<role_family_skill::Entity, _>(tx, members).await
}

async fn insert<E, A>(tx: &impl ConnectionTrait, mut rows: Vec<A>) -> Result<(), DomainError>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<A>,
    A: ActiveModelTrait<Entity = E>,
{
    while !rows.is_empty() {
        let rest = rows.split_off(rows.len().min(CHUNK));
        E::insert_many(rows).exec_without_returning(tx).await?;
        rows = rest;
    }
    Ok(())
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a weight is between 0 and 1"
)]
fn basis_points(weight: f64) -> i32 {
    (weight * 10_000.0).round() as i32
}
