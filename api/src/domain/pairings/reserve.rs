//! Who said yes to a role that was full by then: they come first when a seat of it opens again. Nothing is kept for this; it follows
//! from how their pairings ended.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use entity::account::{self, AccountState};
use entity::actor_kind::ActorKind;
use entity::id::{AccountId, PairingId, RoleId};
use entity::pairing::{self, PairingState};
use entity::pairing_event;
use entity::volunteer::{self, VolunteerState};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, JoinType, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, RelationTrait as _,
};

use super::reason::Reason;
use super::transition;
use crate::context::Context;
use crate::error::DomainError;

/// The pairings of those in the reserve of each role, in the order in which they said yes. Who has left, or is paired with the role
/// again, is not in it.
pub async fn of_roles(
    connection: &impl ConnectionTrait,
    roles: &[RoleId],
) -> Result<HashMap<RoleId, Vec<pairing::Model>>, DomainError> {
    let lost: Vec<(pairing::Model, Option<volunteer::Model>)> = pairing::Entity::find()
        .find_also_related(volunteer::Entity)
        .join(JoinType::InnerJoin, volunteer::Relation::Account.def())
        .filter(pairing::COLUMN.role_id.is_in(roles.iter().copied()))
        .filter(pairing::COLUMN.state.eq(PairingState::Superseded))
        .filter(pairing::COLUMN.reason_code.eq(Reason::RoleFilled.as_str()))
        .filter(volunteer::COLUMN.state.ne(VolunteerState::Left))
        .filter(account::COLUMN.state.eq(AccountState::Active))
        .order_by_asc(pairing::Column::Id)
        .all(connection)
        .await?;
    let live: HashSet<_> = pairing::Entity::find()
        .select_only()
        .columns([pairing::Column::RoleId, pairing::Column::VolunteerId])
        .filter(pairing::COLUMN.role_id.is_in(roles.iter().copied()))
        .filter(
            pairing::COLUMN
                .state
                .is_in(PairingState::LIVE.iter().copied()),
        )
        .into_tuple::<(RoleId, entity::id::VolunteerId)>()
        .all(connection)
        .await?
        .into_iter()
        .collect();
    let accounts: HashMap<PairingId, AccountId> = lost
        .iter()
        .filter_map(|(pairing, volunteer)| Some((pairing.id, volunteer.as_ref()?.account_id)))
        .collect();
    let said = said_yes(connection, &accounts).await?;
    let mut reserve: HashMap<RoleId, Vec<(DateTime<Utc>, pairing::Model)>> = HashMap::new();
    for (pairing, _) in lost {
        let is_paired_again = live.contains(&(pairing.role_id, pairing.volunteer_id));
        if let Some(at) = said.get(&pairing.id).filter(|_| !is_paired_again) {
            let waiting = reserve.entry(pairing.role_id).or_default();
            // Somebody who lost twice waits since the first time.
            if waiting
                .iter()
                .all(|(_, other)| other.volunteer_id != pairing.volunteer_id)
            {
                waiting.push((*at, pairing));
            }
        }
    }
    Ok(reserve
        .into_iter()
        .map(|(role, mut waiting)| {
            waiting.sort_by_key(|(at, pairing)| (*at, pairing.id));
            (
                role,
                waiting.into_iter().map(|(_, pairing)| pairing).collect(),
            )
        })
        .collect())
}

/// Notes the yes of a volunteer that came when the role was full already: the state stays, and they join the reserve. A repeated yes
/// changes nothing.
pub(super) async fn join(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    pairing: &pairing::Model,
) -> Result<(), DomainError> {
    let locked = pairing::Entity::find_by_id(pairing.id)
        .filter(pairing::COLUMN.version.eq(pairing.version))
        .lock_exclusive()
        .one(transaction)
        .await?
        .ok_or(DomainError::Retry(DbErr::RecordNotUpdated))?;
    let account_id = ctx.person()?.account_id;
    let said = said_yes(transaction, &HashMap::from([(locked.id, account_id)])).await?;
    if said.contains_key(&locked.id) {
        return Ok(());
    }
    let by = (ActorKind::Volunteer, Reason::Accepted, None);
    let (from, to) = (Some(locked.state), locked.state);
    transition::record(ctx, transaction, &locked, from, to, by).await
}

/// When the volunteers of these pairings said yes, of those who did: while the organization had not answered, or by the very answer
/// that came too late, which is noted as theirs.
async fn said_yes(
    connection: &impl ConnectionTrait,
    accounts: &HashMap<PairingId, AccountId>,
) -> Result<HashMap<PairingId, DateTime<Utc>>, DomainError> {
    let events = pairing_event::Entity::find()
        .filter(
            pairing_event::COLUMN
                .pairing_id
                .is_in(accounts.keys().copied()),
        )
        .filter(
            pairing_event::COLUMN
                .to_state
                .is_in([PairingState::VolunteerAccepted, PairingState::Superseded]),
        )
        .order_by_asc(pairing_event::Column::Sequence)
        .all(connection)
        .await?;
    let mut said = HashMap::new();
    for event in events {
        let by_volunteer = event.actor_account_id.as_ref() == accounts.get(&event.pairing_id);
        if event.to_state == PairingState::VolunteerAccepted || by_volunteer {
            said.entry(event.pairing_id).or_insert(event.at);
        }
    }
    Ok(said)
}
