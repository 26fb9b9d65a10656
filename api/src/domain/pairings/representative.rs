//! Whom a volunteer writes to at the organization: who accepted for it, as long as that person answers for it. Mails,
//! pages and the API all ask here, so that none of them names someone who accepted nothing or has left.

use std::collections::HashMap;

use entity::account;
use entity::actor_kind::ActorKind;
use entity::id::{AccountId, OrganizationId, PairingId};
use entity::membership::{self, MembershipRole, MembershipState};
use entity::pairing::{self, PairingState};
use entity::pairing_event;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
};

use super::parties::is_reachable;
use crate::error::DomainError;

/// The representative of each of `pairings` that has one.
pub async fn of(
    connection: &impl ConnectionTrait,
    pairings: &[PairingId],
) -> Result<HashMap<PairingId, account::Model>, DomainError> {
    let accepted = last_accepted(connection, pairings).await?;
    let members = membership::Entity::find()
        .filter(
            membership::COLUMN
                .organization_id
                .is_in(accepted.values().map(|(organization, _)| *organization)),
        )
        .filter(
            membership::COLUMN
                .account_id
                .is_in(accepted.values().map(|(_, account)| *account)),
        )
        .filter(membership::COLUMN.state.eq(MembershipState::Active))
        .filter(
            membership::COLUMN
                .role
                .is_in([MembershipRole::Owner, MembershipRole::Manager]),
        )
        .find_also_related(account::Entity)
        .all(connection)
        .await?;
    let accounts: HashMap<(OrganizationId, AccountId), account::Model> = members
        .into_iter()
        .filter_map(|(member, account)| {
            let account = account.filter(is_reachable)?;
            Some(((member.organization_id, member.account_id), account))
        })
        .collect();
    Ok(accepted
        .into_iter()
        .filter_map(|(pairing, member)| Some((pairing, accounts.get(&member)?.clone())))
        .collect())
}

/// The representative of one pairing, if it has one.
pub async fn find(
    connection: &impl ConnectionTrait,
    pairing: PairingId,
) -> Result<Option<account::Model>, DomainError> {
    Ok(of(connection, &[pairing]).await?.remove(&pairing))
}

/// Who last accepted each pairing for its organization.
async fn last_accepted(
    connection: &impl ConnectionTrait,
    pairings: &[PairingId],
) -> Result<HashMap<PairingId, (OrganizationId, AccountId)>, DomainError> {
    let events = pairing_event::Entity::find()
        .filter(
            pairing_event::COLUMN
                .pairing_id
                .is_in(pairings.iter().copied()),
        )
        .filter(pairing_event::COLUMN.actor_kind.eq(ActorKind::Organization))
        .filter(
            pairing_event::COLUMN
                .to_state
                .is_in([PairingState::OrganizationAccepted, PairingState::Confirmed]),
        )
        .order_by_asc(pairing_event::Column::Sequence)
        .find_also_related(pairing::Entity)
        .all(connection)
        .await?;
    // A later entry replaces an earlier one.
    Ok(events
        .into_iter()
        .filter_map(|(event, pairing)| {
            let member = (pairing?.organization_id, event.actor_account_id?);
            Some((event.pairing_id, member))
        })
        .collect())
}
