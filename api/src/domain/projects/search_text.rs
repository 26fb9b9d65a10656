//! What a project is found and sorted by: written here and nowhere else, whenever something it is made of has changed.

use std::fmt::Write as _;

use entity::id::{OrganizationId, ProjectId, RoleId};
use entity::role::RoleState;
use entity::{cause, organization, project, project_cause, role, role_skill, skill};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, Set,
};

use crate::domain::taxonomy::fold::fold;
use crate::error::DomainError;

/// Writes the search text and the sort titles of a project anew, and returns the project.
///
/// The text has titles, texts, place, the organization's name, the labels of causes, and titles and skills of the roles
/// that everybody sees; folded, in both languages. Not a version of its own: nobody edits it.
pub async fn refresh(
    transaction: &impl ConnectionTrait,
    id: ProjectId,
) -> Result<project::Model, DomainError> {
    let (project, organization) = project::Entity::find_by_id(id)
        .find_also_related(organization::Entity)
        .one(transaction)
        .await?
        .ok_or(DomainError::NotFound)?;
    let mut text = String::new();
    let own = [
        &project.title_en,
        &project.title_fr,
        &project.summary_en,
        &project.summary_fr,
        &project.problem_en,
        &project.problem_fr,
        &project.outcome_en,
        &project.outcome_fr,
        &project.city,
    ];
    for part in own.into_iter().flatten() {
        add(&mut text, part);
    }
    if let Some(organization) = organization {
        add(&mut text, &organization.name);
    }
    for label in cause_labels(transaction, id).await? {
        add(&mut text, &label);
    }
    for part in role_texts(transaction, id).await? {
        add(&mut text, &part);
    }
    let title = |first: &Option<String>, second: &Option<String>| {
        fold(first.as_deref().or(second.as_deref()).unwrap_or_default())
    };
    let change = project::ActiveModel {
        search_text: Set(text),
        title_folded_en: Set(title(&project.title_en, &project.title_fr)),
        title_folded_fr: Set(title(&project.title_fr, &project.title_en)),
        ..Default::default()
    };
    project::Entity::update_many()
        .set(change)
        .filter(project::COLUMN.id.eq(id))
        .exec(transaction)
        .await?;
    project::Entity::find_by_id(id)
        .one(transaction)
        .await?
        .ok_or(DomainError::NotFound)
}

/// The same for every project of an organization, as after a change of its name.
pub async fn refresh_organization(
    transaction: &impl ConnectionTrait,
    id: OrganizationId,
) -> Result<(), DomainError> {
    let ids: Vec<ProjectId> = project::Entity::find()
        .select_only()
        .column(project::Column::Id)
        .filter(project::COLUMN.organization_id.eq(id))
        .order_by_asc(project::Column::Id)
        .into_tuple()
        .all(transaction)
        .await?;
    for id in ids {
        refresh(transaction, id).await?;
    }
    Ok(())
}

fn add(text: &mut String, part: &str) {
    // Writing to a String cannot fail.
    let _ = writeln!(text, "{}", fold(part));
}

async fn cause_labels(
    connection: &impl ConnectionTrait,
    id: ProjectId,
) -> Result<Vec<String>, DomainError> {
    let causes = project_cause::Entity::find()
        .filter(project_cause::COLUMN.project_id.eq(id))
        .order_by_asc(project_cause::Column::CauseId)
        .find_also_related(cause::Entity)
        .all(connection)
        .await?;
    Ok(causes
        .into_iter()
        .filter_map(|(_, cause)| cause)
        .flat_map(|cause| [cause.label_en, cause.label_fr])
        .collect())
}

async fn role_texts(
    connection: &impl ConnectionTrait,
    id: ProjectId,
) -> Result<Vec<String>, DomainError> {
    let roles = role::Entity::find()
        .filter(role::COLUMN.project_id.eq(id))
        .filter(
            role::COLUMN
                .state
                .is_in([RoleState::Open, RoleState::Filled]),
        )
        .order_by_asc(role::Column::Id)
        .all(connection)
        .await?;
    let ids: Vec<RoleId> = roles.iter().map(|role| role.id).collect();
    let skills = role_skill::Entity::find()
        .filter(role_skill::COLUMN.role_id.is_in(ids))
        .order_by_asc(role_skill::Column::Id)
        .find_also_related(skill::Entity)
        .all(connection)
        .await?;
    let titles = roles
        .into_iter()
        .flat_map(|role| [role.title_en, role.title_fr])
        .flatten();
    let labels = skills
        .into_iter()
        .filter_map(|(_, skill)| skill)
        .flat_map(|skill| [skill.label_en, skill.label_fr]);
    Ok(titles.chain(labels).collect())
}
