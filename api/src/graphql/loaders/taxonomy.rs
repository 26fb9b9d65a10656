//! Concepts by id, and what hangs on them.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use entity::id::{CauseId, RoleFamilyId, SkillCategoryId, SkillId};
use entity::{
    cause, role_family, role_family_skill, skill, skill_alias, skill_category, skill_relation,
};
use sea_orm::{ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use super::{Reader, group, store};
use crate::error::DomainError;

/// The other words for a skill.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AliasesOf(pub SkillId);

/// The skills near a skill, with their weights in basis points.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RelatedTo(pub SkillId);

/// The skills a role family suggests.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SuggestedBy(pub RoleFamilyId);

impl Loader<SkillId> for Reader {
    type Value = skill::Model;
    type Error = Arc<DomainError>;

    async fn load(&self, keys: &[SkillId]) -> Result<HashMap<SkillId, skill::Model>, Self::Error> {
        let rows = skill::Entity::find()
            .filter(skill::COLUMN.id.is_in(keys.iter().cloned()))
            .all(&self.app.store.connection)
            .await
            .map_err(store)?;
        Ok(rows.into_iter().map(|row| (row.id.clone(), row)).collect())
    }
}

impl Loader<SkillCategoryId> for Reader {
    type Value = skill_category::Model;
    type Error = Arc<DomainError>;

    async fn load(
        &self,
        keys: &[SkillCategoryId],
    ) -> Result<HashMap<SkillCategoryId, skill_category::Model>, Self::Error> {
        let rows = skill_category::Entity::find()
            .filter(skill_category::COLUMN.id.is_in(keys.iter().cloned()))
            .all(&self.app.store.connection)
            .await
            .map_err(store)?;
        Ok(rows.into_iter().map(|row| (row.id.clone(), row)).collect())
    }
}

impl Loader<CauseId> for Reader {
    type Value = cause::Model;
    type Error = Arc<DomainError>;

    async fn load(&self, keys: &[CauseId]) -> Result<HashMap<CauseId, cause::Model>, Self::Error> {
        let rows = cause::Entity::find()
            .filter(cause::COLUMN.id.is_in(keys.iter().cloned()))
            .all(&self.app.store.connection)
            .await
            .map_err(store)?;
        Ok(rows.into_iter().map(|row| (row.id.clone(), row)).collect())
    }
}

impl Loader<RoleFamilyId> for Reader {
    type Value = role_family::Model;
    type Error = Arc<DomainError>;

    async fn load(
        &self,
        keys: &[RoleFamilyId],
    ) -> Result<HashMap<RoleFamilyId, role_family::Model>, Self::Error> {
        let rows = role_family::Entity::find()
            .filter(role_family::COLUMN.id.is_in(keys.iter().cloned()))
            .all(&self.app.store.connection)
            .await
            .map_err(store)?;
        Ok(rows.into_iter().map(|row| (row.id.clone(), row)).collect())
    }
}

impl Loader<AliasesOf> for Reader {
    type Value = Vec<skill_alias::Model>;
    type Error = Arc<DomainError>;

    async fn load(
        &self,
        keys: &[AliasesOf],
    ) -> Result<HashMap<AliasesOf, Self::Value>, Self::Error> {
        let rows = skill_alias::Entity::find()
            .filter(
                skill_alias::COLUMN
                    .skill_id
                    .is_in(keys.iter().map(|key| key.0.clone())),
            )
            .order_by_asc(skill_alias::Column::Folded)
            .all(&self.app.store.connection)
            .await
            .map_err(store)?;
        Ok(group(
            rows.into_iter()
                .map(|row| (AliasesOf(row.skill_id.clone()), row)),
        ))
    }
}

impl Loader<RelatedTo> for Reader {
    type Value = Vec<(SkillId, i32)>;
    type Error = Arc<DomainError>;

    async fn load(
        &self,
        keys: &[RelatedTo],
    ) -> Result<HashMap<RelatedTo, Self::Value>, Self::Error> {
        let asked: HashSet<&SkillId> = keys.iter().map(|key| &key.0).collect();
        let rows = skill_relation::Entity::find()
            .filter(
                Condition::any()
                    .add(
                        skill_relation::COLUMN
                            .skill_a
                            .is_in(asked.iter().copied().cloned()),
                    )
                    .add(
                        skill_relation::COLUMN
                            .skill_b
                            .is_in(asked.iter().copied().cloned()),
                    ),
            )
            .order_by_desc(skill_relation::Column::WeightBp)
            .order_by_asc(skill_relation::Column::SkillA)
            .order_by_asc(skill_relation::Column::SkillB)
            .all(&self.app.store.connection)
            .await
            .map_err(store)?;
        // A pair is stored once and read from both ends.
        let ends = rows.into_iter().flat_map(|row| {
            let there = (row.skill_a.clone(), (row.skill_b.clone(), row.weight_bp));
            let back = (row.skill_b, (row.skill_a, row.weight_bp));
            [there, back]
        });
        Ok(group(
            ends.filter(|(from, _)| asked.contains(from))
                .map(|(from, to)| (RelatedTo(from), to)),
        ))
    }
}

impl Loader<SuggestedBy> for Reader {
    type Value = Vec<SkillId>;
    type Error = Arc<DomainError>;

    async fn load(
        &self,
        keys: &[SuggestedBy],
    ) -> Result<HashMap<SuggestedBy, Self::Value>, Self::Error> {
        let rows = role_family_skill::Entity::find()
            .filter(
                role_family_skill::COLUMN
                    .role_family_id
                    .is_in(keys.iter().map(|key| key.0.clone())),
            )
            .order_by_asc(role_family_skill::Column::SkillId)
            .all(&self.app.store.connection)
            .await
            .map_err(store)?;
        Ok(group(rows.into_iter().map(|row| {
            (SuggestedBy(row.role_family_id), row.skill_id)
        })))
    }
}
