//! What became of the pairs that the engine proposed: pairings with the factors they were proposed with, and the last
//! answer that is known of each. Bounded, newest first, a thousand rows to a statement.

use std::collections::{BTreeMap, BTreeSet, HashSet};

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

use crate::domain::matching::aside;
use crate::domain::matching::explanation::Words;
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
    /// Those that were left out because their prediction cannot be read.
    pub not_readable: NotReadable,
}

/// Outcomes whose prediction was stored in a form that this program does not know, as of a factor that is called otherwise now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NotReadable {
    /// How many.
    pub count: usize,
    /// The codes of the factors that are not known; none where the form itself is another.
    pub factors: BTreeSet<String>,
}

impl NotReadable {
    /// That they do not count, and why; nothing when there are none.
    pub fn words(&self) -> Option<Words> {
        let count = self.count;
        if count == 0 {
            return None;
        }
        let factors: Vec<&str> = self.factors.iter().map(String::as_str).collect();
        let (en, fr) = if factors.is_empty() {
            (String::new(), String::new())
        } else {
            let factors = factors.join(", ");
            (
                format!("; factors that are not known: {factors}"),
                format!("; facteurs inconnus : {factors}"),
            )
        };
        Some(Words {
            en: format!("not readable, and not counted: {count}{en}"),
            fr: format!("illisibles, donc non comptés : {count}{fr}"),
        })
    }
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
    code: StoredCode,
    view: View,
    value_bp: u16,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum StoredCode {
    Known(FactorCode),
    Unknown(String),
}

/// What was predicted of a pair.
struct Prediction {
    deductions: BasisPoints,
    values: BTreeMap<FactorCode, BasisPoints>,
}

impl Prediction {
    const NONE: Self = Self {
        deductions: BasisPoints::LEAST,
        values: BTreeMap::new(),
    };
}

/// A stored prediction that this program does not understand, with the factors that it does not know.
struct Unread(BTreeSet<String>);

/// Reads the outcomes of `scope`. Call it on a transaction that sees one moment.
///
/// # Errors
/// When the database fails.
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
        found = aside(move || {
            for row in &rows {
                add(&mut found, row, &approved, scope)?;
            }
            Ok::<_, DomainError>(found)
        })
        .await??;
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

/// Adds the outcome of a pairing, if it has one.
fn add(
    found: &mut Outcomes,
    row: &Row,
    approved: &HashSet<PairingId>,
    scope: Scope,
) -> Result<(), DomainError> {
    let (Some(factors), Some(score)) = (&row.factors, row.score_bp) else {
        return Ok(());
    };
    let reason = row.reason_code.as_deref().and_then(Reason::from_code);
    let was_approved = approved.contains(&row.id);
    let Some(answer) = answer(row.state, row.placement_state, was_approved, reason) else {
        return Ok(());
    };
    let prediction = match (predicted(factors), scope) {
        (Ok(prediction), _) => prediction,
        // A replay asks for the answer alone.
        (Err(_), Scope::Round(_)) => Prediction::NONE,
        (Err(Unread(factors)), Scope::Since(_)) => {
            found.not_readable.count += 1;
            found.not_readable.factors.extend(factors);
            return Ok(());
        }
    };
    let is_no = matches!(
        answer,
        Answer::Rejected | Answer::Declined | Answer::Expired
    );
    found.outcomes.push(Outcome {
        role: role_key(row.role_id)?,
        volunteer: volunteer_key(row.volunteer_id)?,
        score: points(score.into())?,
        deductions: prediction.deductions,
        values: prediction.values,
        answer,
        reason: reason
            .filter(|_| is_no)
            .map(|reason| reason.as_str().to_owned()),
    });
    Ok(())
}

/// Reads a stored prediction whole or not at all: with a factor missing it would be another.
fn predicted(factors: &serde_json::Value) -> Result<Prediction, Unread> {
    let another_form = || Unread(BTreeSet::new());
    let stored = Stored::deserialize(factors).map_err(|_| another_form())?;
    let mut values = BTreeMap::new();
    let mut unknown = BTreeSet::new();
    let mut deductions = 0;
    for factor in stored.factors {
        let value = BasisPoints::new(factor.value_bp.into()).map_err(|_| another_form())?;
        match (factor.code, factor.view) {
            (StoredCode::Unknown(code), _) => {
                unknown.insert(code);
            }
            (StoredCode::Known(_), View::Adjustment) => deductions += i64::from(value.get()),
            (StoredCode::Known(code), View::Role | View::Volunteer) => {
                values.insert(code, value);
            }
        }
    }
    if !unknown.is_empty() {
        return Err(Unread(unknown));
    }
    Ok(Prediction {
        deductions: BasisPoints::new(deductions).map_err(|_| another_form())?,
        values,
    })
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
    use serde_json::json;

    use super::*;

    #[test]
    fn a_prediction_is_read_whole_or_not_at_all() {
        let factor = |code: &str, view: &str, value: u32| json!({ "code": code, "view": view, "value_bp": value });
        let of = |factors: &[serde_json::Value]| predicted(&json!({ "factors": factors }));
        let found = of(&[
            factor("hours", "role", 7_000),
            factor("load", "adjustment", 200),
            factor("waiting", "adjustment", 30),
        ]);
        let found = found.ok().unwrap();
        assert_eq!(found.deductions.get(), 230);
        assert_eq!(
            found.values,
            BTreeMap::from([(FactorCode::Hours, BasisPoints::new(7_000).unwrap())])
        );
        let unknown = of(&[
            factor("hours", "role", 7_000),
            factor("charm", "role", 1),
            factor("aura", "volunteer", 1),
        ]);
        let Err(Unread(factors)) = unknown else {
            panic!("read without some of its factors")
        };
        assert_eq!(factors.into_iter().collect::<Vec<_>>(), ["aura", "charm"]);
        for other in [
            of(&[factor("hours", "role", 10_001)]),
            of(&[json!({ "code": "hours" })]),
            predicted(&json!({})),
        ] {
            let Err(Unread(factors)) = other else {
                panic!("read in a form that is none")
            };
            assert!(factors.is_empty());
        }
    }

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
