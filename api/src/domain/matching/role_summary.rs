//! Roles as mails name them: title, project and organization.

use std::collections::HashMap;

use entity::id::RoleId;
use entity::{organization, project, role};
use matcher::mail::{RoleSummary, Text};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, FromQueryResult, JoinType,
    QueryFilter as _, QuerySelect as _, RelationTrait as _,
};

#[derive(FromQueryResult)]
struct Row {
    id: RoleId,
    title_en: Option<String>,
    title_fr: Option<String>,
    project_en: Option<String>,
    project_fr: Option<String>,
    organization: String,
}

/// The summaries of `roles`, in one statement.
pub(super) async fn read(
    connection: &impl ConnectionTrait,
    roles: &[RoleId],
) -> Result<HashMap<RoleId, RoleSummary>, DbErr> {
    let rows: Vec<Row> = role::Entity::find()
        .select_only()
        .columns([
            role::Column::Id,
            role::Column::TitleEn,
            role::Column::TitleFr,
        ])
        .column_as(project::Column::TitleEn, "project_en")
        .column_as(project::Column::TitleFr, "project_fr")
        .column_as(organization::Column::Name, "organization")
        .join(JoinType::InnerJoin, role::Relation::Project.def())
        .join(JoinType::InnerJoin, role::Relation::Organization.def())
        .filter(role::Column::Id.is_in(roles.iter().copied()))
        .into_model()
        .all(connection)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let summary = RoleSummary {
                title: Text::new(row.title_en, row.title_fr),
                project: Text::new(row.project_en, row.project_fr),
                organization: Text::name(row.organization),
            };
            (row.id, summary)
        })
        .collect())
}
