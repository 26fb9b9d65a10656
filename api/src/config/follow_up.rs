//! After how long silence is followed up, and how.

use chrono::TimeDelta;

use super::parse::Reader;

/// After how long silence is followed up, and how.
#[derive(Clone, Copy, Debug)]
pub struct FollowUpConfig {
    /// Its authors are reminded of a draft that nobody has touched for so long.
    pub draft: TimeDelta,
    /// A listing at which nothing has happened for so long is asked about.
    pub stale_listing: TimeDelta,
    /// It is hidden when nobody says for so long that it still looks for people.
    pub listing_answer: TimeDelta,
    /// So long before its vetting ends, an organization is told.
    pub vetting_notice: TimeDelta,
    /// So long before a placement ends, both sides are told.
    pub first_commitment_notice: TimeDelta,
    /// So long before, they are told for the last time; shorter than the first.
    pub last_commitment_notice: TimeDelta,
    /// From one check-in of a placement to the next.
    pub check_in: TimeDelta,
    /// How long the volunteer has to answer one.
    pub check_in_answer: TimeDelta,
    /// So many in a row without an answer make a placement a matter for coordinators, 1..=6.
    pub missed_check_ins: u32,
    /// After so many offers in a row that a volunteer let expire they are proposed no more, 1..=20.
    pub expired_offers: u32,
    /// An organization that has not answered after so many days from Monday to Friday is overdue, 1..=20.
    pub answer_business_days: u32,
}

impl FollowUpConfig {
    pub(super) fn read(read: &mut Reader) -> Self {
        Self {
            draft: TimeDelta::days(read.in_range("DRAFT_REMINDER_DAYS", 1, 60)),
            stale_listing: TimeDelta::days(read.in_range("STALE_LISTING_DAYS", 7, 365)),
            listing_answer: TimeDelta::days(read.in_range("LISTING_ANSWER_DAYS", 1, 60)),
            vetting_notice: TimeDelta::days(read.in_range("VETTING_NOTICE_DAYS", 1, 180)),
            first_commitment_notice: TimeDelta::days(read.in_range(
                "COMMITMENT_FIRST_NOTICE_DAYS",
                8,
                90,
            )),
            last_commitment_notice: TimeDelta::days(read.in_range(
                "COMMITMENT_LAST_NOTICE_DAYS",
                1,
                7,
            )),
            check_in: TimeDelta::days(read.in_range("CHECK_IN_DAYS", 7, 180)),
            check_in_answer: TimeDelta::days(read.in_range("CHECK_IN_ANSWER_DAYS", 1, 30)),
            missed_check_ins: read.in_range("MISSED_CHECK_INS", 1, 6),
            expired_offers: read.in_range("EXPIRED_OFFERS", 1, 20),
            answer_business_days: read.in_range("ANSWER_BUSINESS_DAYS", 1, 20),
        }
    }
}
