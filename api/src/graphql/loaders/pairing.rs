//! Pairings, placements and rounds by id, and what hangs on pairings: their volunteers' accounts, their steps, who
//! accepted for the organization.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use entity::id::{PairingId, PlacementId, RoundId, VolunteerId};
use entity::{account, check_in, pairing, pairing_event, placement, volunteer};
use sea_orm::{ColumnTrait as _, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use super::Reader;
use crate::domain::matching::find_round::{self, Summary};
use crate::domain::pairings::representative;
use crate::domain::placements::check_ins;
use crate::error::DomainError;

/// The account behind a volunteer profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AccountOfVolunteer(pub VolunteerId);

/// The check-ins of a placement, the latest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CheckInsOfPlacement(pub PlacementId);

/// The steps of a pairing, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EventsOfPairing(pub PairingId);

/// The placement that came of a pairing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PlacementOfPairing(pub PairingId);

/// The account that accepted a pairing for the organization, as long as it answers for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RepresentativeOfPairing(pub PairingId);

fn failed(error: DbErr) -> Arc<DomainError> {
    Arc::new(error.into())
}

impl Loader<PairingId> for Reader {
    type Value = pairing::Model;
    type Error = Arc<DomainError>;

    async fn load(
        &self,
        keys: &[PairingId],
    ) -> Result<HashMap<PairingId, Self::Value>, Self::Error> {
        let rows = pairing::Entity::find()
            .filter(pairing::COLUMN.id.is_in(keys.iter().copied()))
            .all(&self.app.store.connection)
            .await
            .map_err(failed)?;
        Ok(rows.into_iter().map(|row| (row.id, row)).collect())
    }
}

impl Loader<PlacementId> for Reader {
    type Value = placement::Model;
    type Error = Arc<DomainError>;

    async fn load(
        &self,
        keys: &[PlacementId],
    ) -> Result<HashMap<PlacementId, Self::Value>, Self::Error> {
        let rows = placement::Entity::find()
            .filter(placement::COLUMN.id.is_in(keys.iter().copied()))
            .all(&self.app.store.connection)
            .await
            .map_err(failed)?;
        Ok(rows.into_iter().map(|row| (row.id, row)).collect())
    }
}

impl Loader<RoundId> for Reader {
    type Value = Summary;
    type Error = Arc<DomainError>;

    async fn load(&self, keys: &[RoundId]) -> Result<HashMap<RoundId, Self::Value>, Self::Error> {
        let rows = find_round::all_of(&self.app.store.connection, keys)
            .await
            .map_err(Arc::new)?;
        Ok(rows.into_iter().map(|row| (row.id, row)).collect())
    }
}

impl Loader<AccountOfVolunteer> for Reader {
    type Value = account::Model;
    type Error = Arc<DomainError>;

    async fn load(
        &self,
        keys: &[AccountOfVolunteer],
    ) -> Result<HashMap<AccountOfVolunteer, Self::Value>, Self::Error> {
        let rows = volunteer::Entity::find()
            .filter(volunteer::COLUMN.id.is_in(keys.iter().map(|key| key.0)))
            .find_also_related(account::Entity)
            .all(&self.app.store.connection)
            .await
            .map_err(failed)?;
        Ok(rows
            .into_iter()
            .filter_map(|(volunteer, account)| Some((AccountOfVolunteer(volunteer.id), account?)))
            .collect())
    }
}

impl Loader<CheckInsOfPlacement> for Reader {
    type Value = Vec<check_in::Model>;
    type Error = Arc<DomainError>;

    async fn load(
        &self,
        keys: &[CheckInsOfPlacement],
    ) -> Result<HashMap<CheckInsOfPlacement, Self::Value>, Self::Error> {
        let placements: Vec<PlacementId> = keys.iter().map(|key| key.0).collect();
        let found = check_ins::of(&self.app.store.connection, &placements)
            .await
            .map_err(Arc::new)?;
        Ok(found
            .into_iter()
            .map(|(placement, check_ins)| (CheckInsOfPlacement(placement), check_ins))
            .collect())
    }
}

impl Loader<EventsOfPairing> for Reader {
    type Value = Vec<pairing_event::Model>;
    type Error = Arc<DomainError>;

    async fn load(
        &self,
        keys: &[EventsOfPairing],
    ) -> Result<HashMap<EventsOfPairing, Self::Value>, Self::Error> {
        let rows = pairing_event::Entity::find()
            .filter(
                pairing_event::COLUMN
                    .pairing_id
                    .is_in(keys.iter().map(|key| key.0)),
            )
            .order_by_asc(pairing_event::Column::PairingId)
            .order_by_asc(pairing_event::Column::Sequence)
            .all(&self.app.store.connection)
            .await
            .map_err(failed)?;
        let mut found: HashMap<EventsOfPairing, Self::Value> = HashMap::new();
        for row in rows {
            found
                .entry(EventsOfPairing(row.pairing_id))
                .or_default()
                .push(row);
        }
        Ok(found)
    }
}

impl Loader<PlacementOfPairing> for Reader {
    type Value = placement::Model;
    type Error = Arc<DomainError>;

    async fn load(
        &self,
        keys: &[PlacementOfPairing],
    ) -> Result<HashMap<PlacementOfPairing, Self::Value>, Self::Error> {
        let rows = placement::Entity::find()
            .filter(
                placement::COLUMN
                    .pairing_id
                    .is_in(keys.iter().map(|key| key.0)),
            )
            .all(&self.app.store.connection)
            .await
            .map_err(failed)?;
        Ok(rows
            .into_iter()
            .map(|row| (PlacementOfPairing(row.pairing_id), row))
            .collect())
    }
}

impl Loader<RepresentativeOfPairing> for Reader {
    type Value = account::Model;
    type Error = Arc<DomainError>;

    async fn load(
        &self,
        keys: &[RepresentativeOfPairing],
    ) -> Result<HashMap<RepresentativeOfPairing, Self::Value>, Self::Error> {
        let pairings: Vec<PairingId> = keys.iter().map(|key| key.0).collect();
        let found = representative::of(&self.app.store.connection, &pairings)
            .await
            .map_err(Arc::new)?;
        Ok(found
            .into_iter()
            .map(|(pairing, account)| (RepresentativeOfPairing(pairing), account))
            .collect())
    }
}
