//! Organizations by id, who belongs to them, and what was decided about them.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use entity::id::{AccountId, OrganizationId};
use entity::{membership, organization, vetting_record};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use super::{Reader, group, store};
use crate::domain::organizations::responsiveness::{self, Responsiveness};
use crate::error::DomainError;

/// The memberships of an account, also requested ones, oldest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MembershipsOf(pub AccountId);

/// The members of an organization, also those who asked to join, oldest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MembersOf(pub OrganizationId);

/// What was decided about an organization, latest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct VettingRecordsOf(pub OrganizationId);

/// How an organization answers offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ResponsivenessOf(pub OrganizationId);

impl Loader<OrganizationId> for Reader {
    type Value = organization::Model;
    type Error = Arc<DomainError>;

    async fn load(
        &self,
        keys: &[OrganizationId],
    ) -> Result<HashMap<OrganizationId, Self::Value>, Self::Error> {
        let rows = organization::Entity::find()
            .filter(organization::COLUMN.id.is_in(keys.iter().copied()))
            .all(&self.app.store.connection)
            .await
            .map_err(store)?;
        Ok(rows.into_iter().map(|row| (row.id, row)).collect())
    }
}

impl Loader<MembershipsOf> for Reader {
    type Value = Vec<membership::Model>;
    type Error = Arc<DomainError>;

    async fn load(
        &self,
        keys: &[MembershipsOf],
    ) -> Result<HashMap<MembershipsOf, Self::Value>, Self::Error> {
        let rows = membership::Entity::find()
            .filter(
                membership::COLUMN
                    .account_id
                    .is_in(keys.iter().map(|key| key.0)),
            )
            .order_by_asc(membership::Column::Id)
            .all(&self.app.store.connection)
            .await
            .map_err(store)?;
        Ok(group(
            rows.into_iter()
                .map(|row| (MembershipsOf(row.account_id), row)),
        ))
    }
}

impl Loader<MembersOf> for Reader {
    type Value = Vec<membership::Model>;
    type Error = Arc<DomainError>;

    async fn load(
        &self,
        keys: &[MembersOf],
    ) -> Result<HashMap<MembersOf, Self::Value>, Self::Error> {
        let rows = membership::Entity::find()
            .filter(
                membership::COLUMN
                    .organization_id
                    .is_in(keys.iter().map(|key| key.0)),
            )
            .order_by_asc(membership::Column::Id)
            .all(&self.app.store.connection)
            .await
            .map_err(store)?;
        Ok(group(
            rows.into_iter()
                .map(|row| (MembersOf(row.organization_id), row)),
        ))
    }
}

impl Loader<VettingRecordsOf> for Reader {
    type Value = Vec<vetting_record::Model>;
    type Error = Arc<DomainError>;

    async fn load(
        &self,
        keys: &[VettingRecordsOf],
    ) -> Result<HashMap<VettingRecordsOf, Self::Value>, Self::Error> {
        let rows = vetting_record::Entity::find()
            .filter(
                vetting_record::COLUMN
                    .organization_id
                    .is_in(keys.iter().map(|key| key.0)),
            )
            .order_by_desc(vetting_record::Column::DecidedAt)
            .order_by_desc(vetting_record::Column::Id)
            .all(&self.app.store.connection)
            .await
            .map_err(store)?;
        Ok(group(
            rows.into_iter()
                .map(|row| (VettingRecordsOf(row.organization_id), row)),
        ))
    }
}

impl Loader<ResponsivenessOf> for Reader {
    type Value = Responsiveness;
    type Error = Arc<DomainError>;

    async fn load(
        &self,
        keys: &[ResponsivenessOf],
    ) -> Result<HashMap<ResponsivenessOf, Self::Value>, Self::Error> {
        let organizations: Vec<OrganizationId> = keys.iter().map(|key| key.0).collect();
        let figures = responsiveness::load(&self.app, &organizations)
            .await
            .map_err(Arc::new)?;
        Ok(figures
            .into_iter()
            .map(|(organization, figures)| (ResponsivenessOf(organization), figures))
            .collect())
    }
}
