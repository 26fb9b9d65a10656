//! The mails that follow when both sides accepted: each gets the other's contact data, and the first meetings as a
//! calendar. Nowhere else do contact data leave the marketplace by mail.

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Tz;
use entity::account;
use entity::consent::ConsentPurpose;
use entity::id::AccountId;
use entity::pairing::{self, PairingSide};
use entity::personal::Personal;
use entity::volunteer;
use matcher::mail::{Address, Confirmation, Contact, Meeting, Message, Window};
use sea_orm::{ConnectionTrait, EntityTrait as _};

use super::notices::{mail_side, send};
use super::parties::Parties;
use super::representative;
use crate::context::Context;
use crate::domain::accounts::consents;
use crate::error::DomainError;

/// The calendar holds the meetings of this many weeks.
const WEEKS: u64 = 4;

/// Introduces the two sides to each other.
pub(super) async fn both(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    parties: &Parties,
) -> Result<(), DomainError> {
    let representative = representative::find(transaction, parties.pairing.id)
        .await?
        .ok_or_else(|| DomainError::internal("nobody accepted for the organization"))?;
    let commitment = parties.commitment();
    let zone = parties.zone();
    let tomorrow = ctx.now().with_timezone(&zone).date_naive() + Days::new(1);
    let from = commitment.starts_on.unwrap_or(tomorrow).max(tomorrow);
    let first_meetings = first_meetings(&commitment.windows, from, commitment.ends_on);
    for (reader, contact) in [
        (PairingSide::Volunteer, &representative),
        (PairingSide::Organization, &parties.volunteer_account),
    ] {
        let contact = Contact {
            name: full_name(contact).into_exposed(),
            email: Address::parse(contact.email.expose()).map_err(DomainError::internal)?,
        };
        send(ctx, transaction, parties, reader, |link| {
            Message::Confirmation(Confirmation {
                reader: mail_side(reader),
                role: parties.role_summary(),
                commitment: commitment.clone(),
                contact: contact.clone(),
                first_meetings: first_meetings.clone(),
                meeting_zone: zone,
                calendar_id: format!("pairing-{}", parties.pairing.id),
                calendar_sequence: 0,
                confirmed_at: ctx.now(),
                link,
            })
        })
        .await?;
    }
    Ok(())
}

/// Whether the introduction may still go to `reader`: the other one answers for that side, and agrees to be known.
pub async fn may_still_be_told(
    connection: &impl ConnectionTrait,
    pairing: &pairing::Model,
    reader: Option<AccountId>,
) -> Result<bool, DomainError> {
    let volunteer = volunteer::Entity::find_by_id(pairing.volunteer_id)
        .one(connection)
        .await?
        .ok_or(DomainError::NotFound)?;
    let contact = if reader == Some(volunteer.account_id) {
        let representative = representative::find(connection, pairing.id).await?;
        representative.map(|account| account.id)
    } else {
        Some(volunteer.account_id)
    };
    let Some(contact) = contact else {
        return Ok(false);
    };
    let sharing = consents::granted(connection, &[contact], ConsentPurpose::Sharing).await?;
    Ok(sharing.contains(&contact))
}

/// Given and family name.
pub fn full_name(account: &account::Model) -> Personal {
    let (given, family) = (account.given_name.expose(), account.family_name.expose());
    Personal::new(format!("{given} {family}").trim())
}

/// The meetings of the first weeks from `from` on, in order; one that a change of the clocks skips is left out.
fn first_meetings(windows: &[Window], from: NaiveDate, until: Option<NaiveDate>) -> Vec<Meeting> {
    let mut meetings: Vec<Meeting> = (0..WEEKS * 7)
        .filter_map(|day| from.checked_add_days(Days::new(day)))
        .filter(|date| until.is_none_or(|until| *date <= until))
        .flat_map(|date| {
            windows
                .iter()
                .filter(move |window| window.weekday == chrono::Datelike::weekday(&date))
                .filter_map(move |window| {
                    Some(Meeting {
                        starts_at: moment(date, window.start_minute, window.zone)?,
                        ends_at: moment(date, window.end_minute, window.zone)?,
                    })
                })
        })
        .filter(|meeting| meeting.starts_at < meeting.ends_at)
        .collect();
    meetings.sort_by_key(|meeting| meeting.starts_at);
    meetings
}

fn moment(date: NaiveDate, minute: u16, zone: Tz) -> Option<DateTime<Utc>> {
    let local = NaiveDateTime::from(date) + TimeDelta::minutes(i64::from(minute));
    zone.from_local_datetime(&local)
        .earliest()
        .map(|at| at.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use chrono::Weekday;

    use super::*;

    #[test]
    fn meetings_keep_their_local_time_when_the_clocks_change_and_end_with_the_role() {
        let windows = [Window {
            weekday: Weekday::Tue,
            start_minute: 18 * 60,
            end_minute: 19 * 60,
            zone: Tz::America__Toronto,
        }];
        let from = NaiveDate::from_ymd_opt(2026, 10, 25).unwrap();
        let until = NaiveDate::from_ymd_opt(2026, 11, 10);
        let starts: Vec<String> = first_meetings(&windows, from, until)
            .iter()
            .map(|meeting| meeting.starts_at.to_rfc3339())
            .collect();
        assert_eq!(
            starts,
            [
                "2026-10-27T22:00:00+00:00",
                "2026-11-03T23:00:00+00:00",
                "2026-11-10T23:00:00+00:00"
            ]
        );
    }
}
