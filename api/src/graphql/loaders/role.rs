//! Roles by id, and the lists of what they ask for.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use entity::id::RoleId;
use entity::{pairing, role, role_language, role_skill, role_window};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use super::{Reader, group, store};
use crate::domain::pairings::reserve;
use crate::error::DomainError;

/// The skills of a role: those it depends on first, then by weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RoleSkills(pub RoleId);

/// The windows of a role, by day and time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RoleWindows(pub RoleId);

/// The languages of a role, by code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RoleLanguages(pub RoleId);

/// The pairings of those in a role's reserve, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ReserveOfRole(pub RoleId);

impl Loader<ReserveOfRole> for Reader {
    type Value = Vec<pairing::Model>;
    type Error = Arc<DomainError>;

    async fn load(
        &self,
        keys: &[ReserveOfRole],
    ) -> Result<HashMap<ReserveOfRole, Self::Value>, Self::Error> {
        let roles: Vec<RoleId> = keys.iter().map(|key| key.0).collect();
        let reserve = reserve::of_roles(&self.app.store.connection, &roles)
            .await
            .map_err(Arc::new)?;
        Ok(reserve
            .into_iter()
            .map(|(role, pairings)| (ReserveOfRole(role), pairings))
            .collect())
    }
}

impl Loader<RoleId> for Reader {
    type Value = role::Model;
    type Error = Arc<DomainError>;

    async fn load(&self, keys: &[RoleId]) -> Result<HashMap<RoleId, Self::Value>, Self::Error> {
        let rows = role::Entity::find()
            .filter(role::COLUMN.id.is_in(keys.iter().copied()))
            .all(&self.app.store.connection)
            .await
            .map_err(store)?;
        Ok(rows.into_iter().map(|row| (row.id, row)).collect())
    }
}

impl Loader<RoleSkills> for Reader {
    type Value = Vec<role_skill::Model>;
    type Error = Arc<DomainError>;

    async fn load(
        &self,
        keys: &[RoleSkills],
    ) -> Result<HashMap<RoleSkills, Self::Value>, Self::Error> {
        let rows = role_skill::Entity::find()
            .filter(
                role_skill::COLUMN
                    .role_id
                    .is_in(keys.iter().map(|key| key.0)),
            )
            // `must_have` comes before `nice_to_have` in the alphabet too.
            .order_by_asc(role_skill::Column::Kind)
            .order_by_desc(role_skill::Column::Weight)
            .order_by_asc(role_skill::Column::SkillId)
            .all(&self.app.store.connection)
            .await
            .map_err(store)?;
        Ok(group(
            rows.into_iter().map(|row| (RoleSkills(row.role_id), row)),
        ))
    }
}

impl Loader<RoleWindows> for Reader {
    type Value = Vec<role_window::Model>;
    type Error = Arc<DomainError>;

    async fn load(
        &self,
        keys: &[RoleWindows],
    ) -> Result<HashMap<RoleWindows, Self::Value>, Self::Error> {
        let rows = role_window::Entity::find()
            .filter(
                role_window::COLUMN
                    .role_id
                    .is_in(keys.iter().map(|key| key.0)),
            )
            .order_by_asc(role_window::Column::Weekday)
            .order_by_asc(role_window::Column::StartMinute)
            .all(&self.app.store.connection)
            .await
            .map_err(store)?;
        Ok(group(
            rows.into_iter().map(|row| (RoleWindows(row.role_id), row)),
        ))
    }
}

impl Loader<RoleLanguages> for Reader {
    type Value = Vec<role_language::Model>;
    type Error = Arc<DomainError>;

    async fn load(
        &self,
        keys: &[RoleLanguages],
    ) -> Result<HashMap<RoleLanguages, Self::Value>, Self::Error> {
        let rows = role_language::Entity::find()
            .filter(
                role_language::COLUMN
                    .role_id
                    .is_in(keys.iter().map(|key| key.0)),
            )
            .order_by_asc(role_language::Column::Language)
            .all(&self.app.store.connection)
            .await
            .map_err(store)?;
        Ok(group(
            rows.into_iter()
                .map(|row| (RoleLanguages(row.role_id), row)),
        ))
    }
}
