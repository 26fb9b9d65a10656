//! The meetings of a placement in the calendars of its two sides: there from the introduction on, replaced when the role meets
//! at other times, taken out when the placement is over. Who is told in another way is told here, too.

use chrono::{Days, NaiveDate};
use entity::pairing::PairingSide;
use entity::placement::{self, PlacementState};
use entity::{pairing, role, role_window};
use matcher::mail::{
    Meeting, MeetingPlan, Message, PlacementChanged, PlacementEnded, WeeklyMeeting, Window,
    weekly_meetings,
};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, Set,
};

use super::update;
use crate::context::Context;
use crate::domain::pairings::notices::{mail_side, send};
use crate::domain::pairings::parties::{self, Parties};
use crate::domain::{audit, pairings};
use crate::error::DomainError;

/// The mail that introduces the sides lists the meetings of this many days.
const LISTED_DAYS: u64 = 28;

/// Between which days, and when in the week, a role meets.
#[derive(Debug, PartialEq, Eq)]
pub struct Schedule {
    windows: Vec<Window>,
    starts_on: Option<NaiveDate>,
    ends_on: Option<NaiveDate>,
}

impl Schedule {
    /// Reads the schedule of a role as it is stored.
    pub async fn read(
        connection: &impl ConnectionTrait,
        role: &role::Model,
    ) -> Result<Self, DomainError> {
        let windows = role_window::Entity::find()
            .filter(role_window::COLUMN.role_id.eq(role.id))
            .order_by_asc(role_window::Column::Weekday)
            .order_by_asc(role_window::Column::StartMinute)
            .order_by_asc(role_window::Column::EndMinute)
            .all(connection)
            .await?;
        Ok(Self::of(role, &windows))
    }

    pub(super) fn of(role: &role::Model, windows: &[role_window::Model]) -> Self {
        Self {
            windows: parties::windows(role, windows),
            starts_on: role.starts_on,
            ends_on: role.ends_on,
        }
    }

    /// The meetings from a day on.
    pub(super) fn meetings(&self, from: NaiveDate) -> Vec<WeeklyMeeting> {
        let from = self.starts_on.map_or(from, |first| first.max(from));
        weekly_meetings(&self.windows, from, self.ends_on)
    }
}

/// The meetings that two people who have just agreed have ahead of them, from tomorrow on.
pub fn agreed(ctx: &Context, parties: &Parties, placement: &placement::Model) -> MeetingPlan {
    let tomorrow = today(ctx, &parties.role) + Days::new(1);
    let held = Schedule::of(&parties.role, &parties.windows).meetings(tomorrow);
    plan(ctx, placement, held, Vec::new())
}

/// The first of them one by one, in order.
pub fn listed(plan: &MeetingPlan) -> Vec<Meeting> {
    let Some(first) = plan.held.iter().map(|weekly| weekly.first).min() else {
        return Vec::new();
    };
    let end = first + Days::new(LISTED_DAYS);
    let mut meetings: Vec<Meeting> = plan
        .held
        .iter()
        .flat_map(|weekly| {
            let zone = weekly.zone;
            weekly
                .occurrences()
                .take_while(move |at| at.starts_at.with_timezone(&zone).date_naive() < end)
        })
        .collect();
    meetings.sort_by_key(|meeting| meeting.starts_at);
    meetings
}

/// The meetings that are not held any more, now that the placement is over. A series with no meeting ahead stays in calendars, which
/// can only take it out whole.
pub fn called_off(ctx: &Context, parties: &Parties, placement: &placement::Model) -> MeetingPlan {
    let ahead = Schedule::of(&parties.role, &parties.windows).meetings(today(ctx, &parties.role));
    plan(ctx, placement, Vec::new(), ahead)
}

/// Tells both sides of a placement that has just ended that it did.
pub async fn tell_end(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    pairing: pairing::Model,
    placement: &placement::Model,
) -> Result<(), DomainError> {
    let parties = parties::load(transaction, pairing).await?;
    let meetings = called_off(ctx, &parties, placement);
    for reader in [PairingSide::Volunteer, PairingSide::Organization] {
        send(ctx, transaction, &parties, reader, |link| {
            Message::PlacementEnded(PlacementEnded {
                reader: mail_side(reader),
                is_completed: placement.state == PlacementState::Completed,
                role: parties.role_summary(),
                volunteer_first_name: parties.volunteer_first_name().into_exposed(),
                meetings: meetings.clone(),
                link,
            })
        })
        .await?;
    }
    Ok(())
}

/// Lets the placements of a role that are not over follow its days and windows, which were `before`, and tells both sides. What
/// was agreed about hours stays: more of them would have to be agreed anew.
pub async fn follow(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    role: &role::Model,
    before: &Schedule,
) -> Result<(), DomainError> {
    let after = Schedule::read(transaction, role).await?;
    if after == *before {
        return Ok(());
    }
    let placements = placement::Entity::find()
        .filter(placement::COLUMN.role_id.eq(role.id))
        .filter(
            placement::COLUMN
                .state
                .is_in(PlacementState::LIVE.iter().copied()),
        )
        .order_by_asc(placement::Column::PairingId)
        .lock_exclusive()
        .all(transaction)
        .await?;
    let today = today(ctx, role);
    let held = after.meetings(today);
    let withdrawn: Vec<WeeklyMeeting> = before
        .meetings(today)
        .into_iter()
        .filter(|old| held.iter().all(|new| new.number != old.number))
        .collect();
    for placement in placements {
        let moved = reschedule(ctx, transaction, &placement, &after).await?;
        let meetings = plan(ctx, &moved, held.clone(), withdrawn.clone());
        let pairing = pairings::load(transaction, placement.pairing_id).await?;
        let parties = parties::load(transaction, pairing).await?;
        for reader in [PairingSide::Volunteer, PairingSide::Organization] {
            send(ctx, transaction, &parties, reader, |link| {
                Message::PlacementChanged(PlacementChanged {
                    reader: mail_side(reader),
                    role: parties.role_summary(),
                    volunteer_first_name: parties.volunteer_first_name().into_exposed(),
                    starts_on: after.starts_on,
                    ends_on: after.ends_on,
                    windows: after.windows.clone(),
                    meetings: meetings.clone(),
                    link,
                })
            })
            .await?;
        }
    }
    Ok(())
}

async fn reschedule(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    before: &placement::Model,
    schedule: &Schedule,
) -> Result<placement::Model, DomainError> {
    let changes = placement::ActiveModel {
        starts_on: Set(schedule.starts_on),
        ends_on: Set(schedule.ends_on),
        calendar_sequence: Set(before.calendar_sequence + 1),
        ..Default::default()
    };
    let moved = update(ctx, transaction, before, changes).await?;
    let subject = ("placement", Some(before.id.uuid()));
    let detail = serde_json::json!({ "startsOn": schedule.starts_on, "endsOn": schedule.ends_on });
    audit::record(ctx, transaction, "placement.rescheduled", subject, detail).await?;
    Ok(moved)
}

fn plan(
    ctx: &Context,
    placement: &placement::Model,
    held: Vec<WeeklyMeeting>,
    withdrawn: Vec<WeeklyMeeting>,
) -> MeetingPlan {
    MeetingPlan {
        id: format!("placement-{}", placement.id),
        sequence: u32::try_from(placement.calendar_sequence).unwrap_or_default(),
        issued_at: ctx.now(),
        held,
        withdrawn,
    }
}

/// The day it is where the role meets.
pub(super) fn today(ctx: &Context, role: &role::Model) -> NaiveDate {
    ctx.now().with_timezone(&parties::zone(role)).date_naive()
}
