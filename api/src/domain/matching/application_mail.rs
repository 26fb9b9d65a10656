//! The two mails that follow an application: to the volunteer, and to those who answer for the organization.

use chrono::{DateTime, Datelike as _, TimeDelta, Utc, Weekday};
use entity::pairing::{self, PairingSide};
use matcher::mail::{ApplicationReceived, Message};
use sea_orm::ConnectionTrait;

use crate::context::Context;
use crate::domain::pairings::{notices, parties};
use crate::error::DomainError;

/// Business days in which an organization answers.
const DAYS_TO_ANSWER: u32 = 2;

/// Queues both mails about a new application.
pub(super) async fn queue(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    pairing: &pairing::Model,
) -> Result<(), DomainError> {
    let parties = parties::load(transaction, pairing.clone()).await?;
    for side in [PairingSide::Volunteer, PairingSide::Organization] {
        notices::send(ctx, transaction, &parties, side, |link| {
            Message::ApplicationReceived(ApplicationReceived {
                reader: notices::mail_side(side),
                role: parties.role_summary(),
                volunteer_first_name: parties.volunteer_first_name(),
                reasons: parties.reasons(),
                answer_by_at: add_business_days(ctx.now(), DAYS_TO_ANSWER),
                link,
            })
        })
        .await?;
    }
    Ok(())
}

/// The same time of day so many business days later: Saturdays and Sundays do not count, holidays do.
fn add_business_days(from: DateTime<Utc>, days: u32) -> DateTime<Utc> {
    let mut at = from;
    for _ in 0..days {
        at += TimeDelta::days(1);
        while matches!(at.weekday(), Weekday::Sat | Weekday::Sun) {
            at += TimeDelta::days(1);
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone as _;

    use super::*;

    #[test]
    fn a_weekend_does_not_count_as_time_to_answer() {
        let day = |day| Utc.with_ymd_and_hms(2026, 11, day, 15, 0, 0).unwrap();
        // 16 November 2026 is a Monday.
        assert_eq!(add_business_days(day(16), 2), day(18));
        assert_eq!(add_business_days(day(20), 2), day(24));
        assert_eq!(add_business_days(day(21), 1), day(23));
    }
}
