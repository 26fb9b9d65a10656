//! The pairings behind outcomes, as they are stored. A thousand to a statement; each page goes on where the last one ended.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use entity::id::{PairingId, RoleId, VolunteerId};
use entity::pairing::{self, PairingState};
use entity::pairing_event;
use entity::personal::Personal;
use entity::placement::{self, PlacementState};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, FromQueryResult, JoinType,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, RelationTrait as _,
};

use super::Scope;
use crate::error::DomainError;

/// Rows read by one statement.
pub(super) const AT_ONCE: u64 = 1_000;

/// A pairing that was proposed with a score, and its placement's state.
#[derive(FromQueryResult)]
pub(super) struct Row {
    pub(super) id: PairingId,
    pub(super) role_id: RoleId,
    pub(super) volunteer_id: VolunteerId,
    pub(super) state: PairingState,
    pub(super) reason_code: Option<String>,
    pub(super) score_bp: Option<i32>,
    pub(super) factors: Option<Personal<serde_json::Value>>,
    pub(super) created_at: DateTime<Utc>,
    pub(super) placement_state: Option<PlacementState>,
}

/// The next page of decided pairings of `scope`, newest first.
pub(super) async fn read_rows(
    connection: &impl ConnectionTrait,
    scope: Scope,
    after: Option<(DateTime<Utc>, PairingId)>,
) -> Result<Vec<Row>, DomainError> {
    let undecided = [
        PairingState::Suggested,
        PairingState::Interested,
        PairingState::Invited,
    ];
    let mut select = pairing::Entity::find()
        .select_only()
        .columns([
            pairing::Column::Id,
            pairing::Column::RoleId,
            pairing::Column::VolunteerId,
            pairing::Column::State,
            pairing::Column::ReasonCode,
            pairing::Column::ScoreBp,
            pairing::Column::Factors,
            pairing::Column::CreatedAt,
        ])
        .column_as(placement::Column::State, "placement_state")
        .join(JoinType::LeftJoin, pairing::Relation::Placement.def())
        .filter(pairing::Column::Factors.is_not_null())
        .filter(pairing::Column::ScoreBp.is_not_null())
        .filter(pairing::Column::State.is_not_in(undecided))
        .order_by_desc(pairing::Column::CreatedAt)
        .order_by_desc(pairing::Column::Id)
        .limit(AT_ONCE);
    match scope {
        Scope::Since(None) => {}
        Scope::Since(Some(since)) => {
            select = select.filter(pairing::Column::CreatedAt.gte(since));
        }
        Scope::Round(round) => select = select.filter(pairing::Column::RoundId.eq(round)),
    }
    if let Some((at, id)) = after {
        let is_older = Condition::any().add(pairing::Column::CreatedAt.lt(at)).add(
            Condition::all()
                .add(pairing::Column::CreatedAt.eq(at))
                .add(pairing::Column::Id.lt(id)),
        );
        select = select.filter(is_older);
    }
    Ok(select.into_model().all(connection).await?)
}

/// Those that a coordinator approved at some time.
pub(super) async fn approved(
    connection: &impl ConnectionTrait,
    rows: &[Row],
) -> Result<HashSet<PairingId>, DomainError> {
    let ids: Vec<PairingId> = pairing_event::Entity::find()
        .select_only()
        .column(pairing_event::Column::PairingId)
        .distinct()
        .filter(pairing_event::Column::ToState.eq(PairingState::Approved))
        .filter(pairing_event::Column::PairingId.is_in(rows.iter().map(|row| row.id)))
        .into_tuple()
        .all(connection)
        .await?;
    Ok(ids.into_iter().collect())
}
