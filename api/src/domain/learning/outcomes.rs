//! What became of the pairs that the engine proposed: pairings with the factors they were proposed with, and the last
//! answer that is known of each. Bounded, newest first, a thousand rows to a statement.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, Utc};
use entity::id::{PairingId, RoleId, RoundId, VolunteerId};
use entity::pairing::{self, PairingState};
use entity::pairing_event;
use entity::placement::{self, PlacementState};
use matcher::engine::{FactorCode, View};
use matcher::learning::{Answer, Outcome};
use matcher::model::BasisPoints;
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, FromQueryResult, JoinType,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, RelationTrait as _,
};
use serde::Deserialize;

use crate::domain::matching::compute;
use crate::domain::matching::snapshot::{role_key, volunteer_key};
use crate::domain::pairings::reason::Reason;
use crate::error::DomainError;

/// The most pairings that are read: more would say the same, and the newest say it of today's policy.
const MOST: usize = 20_000;
/// Rows read by one statement.
const AT_ONCE: u64 = 1_000;

/// Which pairings are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Those begun at this moment or later; all when it is absent.
    Since(Option<DateTime<Utc>>),
    /// Those that a round proposed.
    Round(RoundId),
}

/// Outcomes, newest first.
#[derive(Debug, Default)]
pub struct Outcomes {
    /// The outcomes.
    pub outcomes: Vec<Outcome>,
    /// Whether older ones were left out because there are too many.
    pub is_truncated: bool,
}

#[derive(FromQueryResult)]
struct Row {
    id: PairingId,
    role_id: RoleId,
    volunteer_id: VolunteerId,
    state: PairingState,
    reason_code: Option<String>,
    score_bp: Option<i32>,
    factors: Option<serde_json::Value>,
    created_at: DateTime<Utc>,
    placement_state: Option<PlacementState>,
}

/// What learning needs of a stored explanation; the words stay where they are.
#[derive(Deserialize)]
struct Stored {
    factors: Vec<StoredFactor>,
}

#[derive(Deserialize)]
struct StoredFactor {
    code: FactorCode,
    view: View,
    value_bp: u16,
}

/// Reads the outcomes of `scope`. Call it on a transaction that sees one moment.
///
/// # Errors
/// When the database fails, or when stored factors are none.
pub async fn read(
    connection: &impl ConnectionTrait,
    scope: Scope,
) -> Result<Outcomes, DomainError> {
    let mut found = Outcomes::default();
    let mut last: Option<(DateTime<Utc>, PairingId)> = None;
    let mut seen = 0;
    loop {
        let rows = read_rows(connection, scope, last).await?;
        let Some(end) = rows.last().map(|row| (row.created_at, row.id)) else {
            return Ok(found);
        };
        let is_full = rows.len() as u64 == AT_ONCE;
        seen += rows.len();
        let approved = approved(connection, &rows).await?;
        let outcomes = compute(move || {
            let outcomes = rows.iter().map(|row| outcome(row, &approved));
            outcomes.collect::<Result<Vec<_>, _>>()
        })
        .await??;
        found.outcomes.extend(outcomes.into_iter().flatten());
        if !is_full {
            return Ok(found);
        }
        if seen >= MOST {
            found.is_truncated = true;
            return Ok(found);
        }
        last = Some(end);
    }
}

async fn read_rows(
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
async fn approved(
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

fn outcome(row: &Row, approved: &HashSet<PairingId>) -> Result<Option<Outcome>, DomainError> {
    let (Some(factors), Some(score)) = (&row.factors, row.score_bp) else {
        return Ok(None);
    };
    let reason = row.reason_code.as_deref().and_then(Reason::from_code);
    let was_approved = approved.contains(&row.id);
    let Some(answer) = answer(row.state, row.placement_state, was_approved, reason) else {
        return Ok(None);
    };
    let stored =
        Stored::deserialize(factors).map_err(|error| DomainError::Internal(error.into()))?;
    let (adjustments, factors): (Vec<_>, Vec<_>) = stored
        .factors
        .into_iter()
        .partition(|factor| factor.view == View::Adjustment);
    let deductions = adjustments.iter().map(|factor| i64::from(factor.value_bp));
    let is_no = matches!(
        answer,
        Answer::Rejected | Answer::Declined | Answer::Expired
    );
    Ok(Some(Outcome {
        role: role_key(row.role_id)?,
        volunteer: volunteer_key(row.volunteer_id)?,
        score: points(score.into())?,
        deductions: points(deductions.sum())?,
        values: factors
            .into_iter()
            .map(|factor| Ok((factor.code, points(factor.value_bp.into())?)))
            .collect::<Result<BTreeMap<_, _>, DomainError>>()?,
        answer,
        reason: reason
            .filter(|_| is_no)
            .map(|reason| reason.as_str().to_owned()),
    }))
}

fn points(number: i64) -> Result<BasisPoints, DomainError> {
    BasisPoints::new(number).map_err(DomainError::internal)
}

/// The last answer that is known. Nothing for what no coordinator decided over, and for an approval that was a mistake.
fn answer(
    state: PairingState,
    placement: Option<PlacementState>,
    was_approved: bool,
    reason: Option<Reason>,
) -> Option<Answer> {
    match state {
        PairingState::Rejected => Some(Answer::Rejected),
        // A side may say no to an application or an invitation before a coordinator saw it.
        PairingState::Declined => was_approved.then_some(Answer::Declined),
        PairingState::Expired => Some(Answer::Expired),
        PairingState::Confirmed | PairingState::Concluded => Some(match placement {
            Some(PlacementState::Completed) => Answer::Completed,
            Some(PlacementState::Ended) => Answer::Ended,
            Some(PlacementState::NoShow) => Answer::NoShow,
            Some(
                PlacementState::PendingStart | PlacementState::Active | PlacementState::Paused,
            )
            | None => Answer::Accepted,
        }),
        PairingState::Withdrawn | PairingState::Recalled | PairingState::Superseded => {
            (was_approved && reason != Some(Reason::Mistake)).then_some(Answer::Approved)
        }
        PairingState::Approved
        | PairingState::Held
        | PairingState::Offered
        | PairingState::VolunteerAccepted
        | PairingState::OrganizationAccepted => Some(Answer::Approved),
        PairingState::Suggested | PairingState::Interested | PairingState::Invited => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_known_answer_counts() {
        use PairingState as State;
        let said = |state, was_approved| answer(state, None, was_approved, None);
        assert_eq!(said(State::Suggested, false), None);
        assert_eq!(said(State::Rejected, false), Some(Answer::Rejected));
        assert_eq!(said(State::Offered, true), Some(Answer::Approved));
        assert_eq!(said(State::Declined, true), Some(Answer::Declined));
        assert_eq!(said(State::Declined, false), None, "no coordinator saw it");
        assert_eq!(said(State::Superseded, true), Some(Answer::Approved));
        assert_eq!(said(State::Superseded, false), None);
        let recalled = |reason| answer(State::Recalled, None, true, Some(reason));
        assert_eq!(recalled(Reason::ProjectChanged), Some(Answer::Approved));
        assert_eq!(recalled(Reason::Mistake), None);
    }

    #[test]
    fn a_placement_says_how_it_ended() {
        let said = |placement| answer(PairingState::Concluded, Some(placement), true, None);
        assert_eq!(said(PlacementState::Completed), Some(Answer::Completed));
        assert_eq!(said(PlacementState::Ended), Some(Answer::Ended));
        assert_eq!(said(PlacementState::NoShow), Some(Answer::NoShow));
        assert_eq!(said(PlacementState::Active), Some(Answer::Accepted));
    }
}
