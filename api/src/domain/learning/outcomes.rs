//! What became of the pairs that the engine proposed: pairings with the factors they were proposed with, and the last
//! answer that is known of each. Bounded, newest first, a thousand rows to a statement.

mod answer;
mod prediction;
mod rows;

use std::collections::{BTreeSet, HashSet};

use chrono::{DateTime, Utc};
use entity::id::{PairingId, RoundId};
use matcher::learning::{Answer, Outcome};
use matcher::model::BasisPoints;
use sea_orm::ConnectionTrait;

use self::answer::answer;
use self::prediction::{Prediction, Unread, predicted};
use self::rows::{AT_ONCE, Row, approved, read_rows};
use crate::domain::matching::aside;
use crate::domain::matching::explanation::Words;
use crate::domain::matching::snapshot::{role_key, volunteer_key};
use crate::domain::pairings::reason::Reason;
use crate::error::DomainError;

/// The most pairings that are read: more would say the same, and the newest say it of today's policy.
const MOST: usize = 20_000;

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
    let prediction = match (predicted(factors.expose()), scope) {
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

fn points(number: i64) -> Result<BasisPoints, DomainError> {
    BasisPoints::new(number).map_err(DomainError::internal)
}
