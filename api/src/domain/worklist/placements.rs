//! Placements that a coordinator should ask about: nobody hears of the volunteer, or the volunteer asked for help.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::check_in::{self, CheckInAnswer};
use entity::id::PlacementId;
use entity::placement::{self, PlacementState};
use entity::worklist_note::{self, WorklistKind};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use super::waiting::{Only, Waiting};
use crate::context::Context;
use crate::domain::placements::check_ins;
use crate::error::DomainError;

/// The placements that wait, the longest waiting first.
pub(super) async fn all(ctx: &Context, only: Only<'_>) -> Result<Vec<Waiting>, DomainError> {
    let connection = &ctx.app.store.connection;
    let going_on: Vec<PlacementId> = check_in::Entity::find()
        .inner_join(placement::Entity)
        .filter(
            placement::COLUMN
                .state
                .is_in(PlacementState::LIVE.iter().copied()),
        )
        .all(connection)
        .await?
        .into_iter()
        .map(|check_in| check_in.placement_id)
        .collect();
    let notes: HashMap<_, _> = worklist_note::Entity::find()
        .filter(worklist_note::COLUMN.kind.eq(WorklistKind::Placement))
        .all(connection)
        .await?
        .into_iter()
        .map(|note| (note.subject_id, note))
        .collect();
    let limit = ctx.app.config.follow_up.missed_check_ins;
    let mut waiting: Vec<Waiting> = check_ins::of(connection, &going_on)
        .await?
        .into_iter()
        .filter_map(|(id, asked)| Some((id.uuid(), since(&asked, limit, ctx.now())?)))
        .filter(|(id, since)| {
            let note = notes.get(id);
            let is_settled =
                note.is_some_and(|note| note.settled_at.is_some_and(|at| at >= *since));
            let is_assigned = note.is_some_and(|note| note.assignee_id.is_some());
            let is_left_out = is_settled || (only.is_unassigned && is_assigned);
            !is_left_out
                && only.ids.is_none_or(|ids| ids.contains(id))
                && only.since.is_none_or(|latest| *since <= latest)
        })
        .collect();
    waiting.sort_by_key(|(id, since)| (*since, *id));
    Ok(waiting)
}

/// Since when a coordinator should ask, if so: the answer that asked for it, or the end of the last check-in that was missed.
fn since(
    latest_first: &[check_in::Model],
    limit: u32,
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    let last = latest_first
        .iter()
        .find(|check_in| check_in.answered_at.is_some() || check_in.due_at <= now)?;
    match last.answer {
        Some(CheckInAnswer::NeedsHelp | CheckInAnswer::Leaving) => last.answered_at,
        Some(CheckInAnswer::GoingWell) => None,
        None => check_ins::is_silent(latest_first, limit, now).then_some(last.due_at),
    }
}
