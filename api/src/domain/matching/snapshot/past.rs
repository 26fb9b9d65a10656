//! The rows as they were at the moment of a past round, as far as what is stored can tell: pairings by their steps, seats
//! and placements by when they were taken and given back, roles and volunteers by whether they took part. What a profile or
//! a role said at that time is not kept; it counts as it is now, and the caller finds out by the fingerprint.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use entity::id::{AccountId, PairingId, RoleId, VolunteerId};
use entity::organization::OrganizationState;
use entity::pairing::PairingState;
use entity::placement::PlacementState;
use entity::project::ProjectState;
use entity::role::RoleState;
use entity::volunteer::{self, VolunteerState};
use entity::{pairing, pairing_event, placement};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, QueryTrait as _,
};

use super::rows::{RoleRows, Rows, VolunteerRows, is_of_either};
use super::select::Selection;

/// Who is known to have taken part in a past round. Roles: all of them. Volunteers: those who had room.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TookPart {
    /// The roles: they looked for people, and so did their projects and organizations.
    pub roles: HashSet<RoleId>,
    /// The volunteers: they were available.
    pub volunteers: HashSet<VolunteerId>,
}

/// What has happened since a moment to what was there at it.
pub(super) struct Since {
    /// The state before the first later step.
    states: HashMap<PairingId, PairingState>,
    /// Seats taken, less those given back.
    seats: HashMap<RoleId, i32>,
}

impl Since {
    /// Reads what has happened to what `past` selects.
    pub(super) async fn read(
        connection: &impl ConnectionTrait,
        past: &Selection,
        moment: DateTime<Utc>,
    ) -> Result<Self, DbErr> {
        let pairings = pairing::Entity::find()
            .select_only()
            .column(pairing::Column::Id)
            .filter(pairing::Column::CreatedAt.lte(moment))
            .filter(is_of_either(past, moment))
            .into_query();
        let steps: Vec<(PairingId, Option<PairingState>)> = pairing_event::Entity::find()
            .select_only()
            .columns([
                pairing_event::Column::PairingId,
                pairing_event::Column::FromState,
            ])
            .filter(pairing_event::Column::At.gt(moment))
            .filter(pairing_event::Column::PairingId.in_subquery(pairings))
            // Of several steps of a pairing the first comes last, and is kept.
            .order_by_desc(pairing_event::Column::Sequence)
            .into_tuple()
            .all(connection)
            .await?;
        let placements: Vec<(RoleId, PlacementState, DateTime<Utc>)> = placement::Entity::find()
            .select_only()
            .columns([
                placement::Column::RoleId,
                placement::Column::State,
                placement::Column::CreatedAt,
            ])
            .filter(placement::Column::UpdatedAt.gt(moment))
            .filter(placement::Column::RoleId.in_subquery(past.roles.ids(moment)))
            .into_tuple()
            .all(connection)
            .await?;
        let mut seats: HashMap<RoleId, i32> = HashMap::new();
        for (role, state, created_at) in placements {
            // Only an early end gives the seat back.
            let taken = i32::from(created_at > moment) - i32::from(state == PlacementState::Ended);
            *seats.entry(role).or_default() += taken;
        }
        Ok(Self {
            states: steps
                .into_iter()
                .filter_map(|(pairing, state)| Some((pairing, state?)))
                .collect(),
            seats,
        })
    }
}

impl Rows {
    /// Takes the rows back to `moment`.
    pub(super) fn rewind(&mut self, moment: DateTime<Utc>, since: &Since, took_part: &TookPart) {
        self.people.rewind(moment, &took_part.volunteers);
        self.asking.rewind(moment, since, &took_part.roles);
        self.rules.retain(|row| row.created_at <= moment);
        self.pairings.retain(|row| row.created_at <= moment);
        for row in &mut self.pairings {
            row.state = since.states.get(&row.id).copied().unwrap_or(row.state);
        }
    }
}

impl VolunteerRows {
    fn rewind(&mut self, moment: DateTime<Utc>, took_part: &HashSet<VolunteerId>) {
        self.volunteers.retain(|row| {
            let is_known = took_part.contains(&row.id) || is_available(row, moment);
            is_known && row.created_at <= moment
        });
        for row in &mut self.volunteers {
            if took_part.contains(&row.id) {
                row.state = VolunteerState::Active;
            }
        }
        for row in &mut self.accounts {
            row.email_verified_at = row.email_verified_at.filter(|at| *at <= moment);
        }
        // Whoever has taken their consent back since is left out of the past too.
        let now: HashMap<AccountId, bool> = self
            .consents
            .iter()
            .map(|(account, is_granted, _)| (*account, *is_granted))
            .collect();
        self.consents.retain(|(_, _, at)| *at <= moment);
        for (account, is_granted, _) in &mut self.consents {
            *is_granted &= now.get(account).copied().unwrap_or_default();
        }
        self.placements.retain(|row| row.created_at <= moment);
        for row in &mut self.placements {
            // A placement that is over never changes again: at the moment it still ran.
            if row.updated_at > moment {
                row.state = PlacementState::Active;
            }
        }
    }
}

impl RoleRows {
    fn rewind(&mut self, moment: DateTime<Utc>, since: &Since, took_part: &HashSet<RoleId>) {
        self.roles
            .retain(|row| took_part.contains(&row.id) && row.created_at <= moment);
        for row in &mut self.roles {
            row.state = RoleState::Open;
            row.filled -= since.seats.get(&row.id).copied().unwrap_or_default();
        }
        for (_, state, is_accepting) in &mut self.projects {
            (*state, *is_accepting) = (ProjectState::Published, true);
        }
        for (_, state, vetted_until) in &mut self.organizations {
            (*state, *vetted_until) = (OrganizationState::Vetted, None);
        }
    }
}

/// Whether the volunteer as they are now would have been available.
fn is_available(row: &volunteer::Model, moment: DateTime<Utc>) -> bool {
    let is_pause_over = || {
        row.paused_until
            .is_some_and(|day| day <= moment.date_naive())
    };
    row.state == VolunteerState::Active || (row.state == VolunteerState::Paused && is_pause_over())
}
