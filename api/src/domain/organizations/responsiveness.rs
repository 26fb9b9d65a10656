//! How an organization answers the offers that were put to it: a figure for its members and for coordinators, who decide what to
//! put to it next. No score is made of it, and nobody outside sees it.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use entity::actor_kind::ActorKind;
use entity::id::{OrganizationId, PairingId};
use entity::pairing::{self, PairingState};
use entity::pairing_event;
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, ExprTrait as _, FromQueryResult, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};

use crate::app::App;
use crate::domain::worklist::business_days;
use crate::error::DomainError;

/// Offers of so long count; what was before says little of the people who answer now.
pub const SEEN: TimeDelta = TimeDelta::days(180);

/// What became of an organization's offers in the last [`SEEN`]. Those that ended, or were put to it less than the time for an
/// answer ago, before it said anything are not counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Responsiveness {
    /// Offers that it answered.
    pub answered: usize,
    /// Those of them that it answered in time.
    pub in_time: usize,
    /// Offers that it left past the time for an answer.
    pub unanswered: usize,
    /// The median time from the offer to the answer; `None` where it answered none.
    pub median: Option<TimeDelta>,
}

/// An offer as it was put to an organization.
#[derive(Debug, FromQueryResult)]
struct Offer {
    id: PairingId,
    organization_id: OrganizationId,
    offered_at: DateTime<Utc>,
    state: PairingState,
    updated_at: DateTime<Utc>,
}

/// An answer of an organization.
#[derive(Debug, FromQueryResult)]
struct Answer {
    pairing_id: PairingId,
    at: DateTime<Utc>,
}

/// The figures of each of `organizations`, two statements for all of them.
pub async fn load(
    app: &App,
    organizations: &[OrganizationId],
) -> Result<HashMap<OrganizationId, Responsiveness>, DomainError> {
    let connection = &app.store.connection;
    let now = app.clock.now();
    let is_recent = pairing::COLUMN
        .organization_id
        .is_in(organizations.iter().copied())
        .and(pairing::COLUMN.offered_at.gt(now - SEEN));
    let offers = pairing::Entity::find()
        .select_only()
        .columns([
            pairing::Column::Id,
            pairing::Column::OrganizationId,
            pairing::Column::OfferedAt,
            pairing::Column::State,
            pairing::Column::UpdatedAt,
        ])
        .filter(is_recent.clone())
        .into_model::<Offer>()
        .all(connection)
        .await?;
    let answers = pairing_event::Entity::find()
        .select_only()
        .columns([pairing_event::Column::PairingId, pairing_event::Column::At])
        .inner_join(pairing::Entity)
        .filter(is_recent)
        .filter(pairing_event::COLUMN.actor_kind.eq(ActorKind::Organization))
        .filter(pairing_event::COLUMN.to_state.is_in([
            PairingState::OrganizationAccepted,
            PairingState::Confirmed,
            PairingState::Declined,
        ]))
        .order_by_asc(pairing_event::Column::At)
        .into_model::<Answer>()
        .all(connection)
        .await?;
    let mut answers_of: HashMap<PairingId, Vec<DateTime<Utc>>> = HashMap::new();
    for answer in answers {
        answers_of
            .entry(answer.pairing_id)
            .or_default()
            .push(answer.at);
    }
    let days = app.config.follow_up.answer_business_days;
    let mut found: HashMap<OrganizationId, Responsiveness> = HashMap::new();
    let mut times: HashMap<OrganizationId, Vec<TimeDelta>> = HashMap::new();
    for offer in offers {
        let figures = found.entry(offer.organization_id).or_default();
        let due = business_days::after(offer.offered_at, days);
        // A pairing that lapsed was offered once more; what was said before is an answer to the offer before.
        let answered_at = answers_of
            .get(&offer.id)
            .and_then(|answers| answers.iter().find(|at| **at >= offer.offered_at));
        if let Some(at) = answered_at {
            figures.answered += 1;
            figures.in_time += usize::from(*at <= due);
            let taken = times.entry(offer.organization_id).or_default();
            taken.push(*at - offer.offered_at);
        } else {
            let waited_until = if is_waiting(offer.state) {
                now
            } else {
                offer.updated_at
            };
            figures.unanswered += usize::from(waited_until > due);
        }
    }
    for (organization, times) in times {
        if let Some(figures) = found.get_mut(&organization) {
            figures.median = median(times);
        }
    }
    Ok(found)
}

/// Whether an organization that has not answered may still do so.
fn is_waiting(state: PairingState) -> bool {
    matches!(
        state,
        PairingState::Offered | PairingState::VolunteerAccepted
    )
}

/// The middle of `times`, or the mean of the two in the middle.
fn median(mut times: Vec<TimeDelta>) -> Option<TimeDelta> {
    times.sort_unstable();
    let middle = times.len() / 2;
    let upper = *times.get(middle)?;
    if times.len() % 2 == 1 {
        return Some(upper);
    }
    let lower = *times.get(middle.checked_sub(1)?)?;
    Some((lower + upper) / 2)
}
