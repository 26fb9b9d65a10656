//! For how long things are kept.

use chrono::{Months, TimeDelta};

use super::parse::Reader;

/// For how long things are kept.
#[derive(Clone, Copy, Debug)]
pub struct RetentionConfig {
    /// Sessions after their end, and refresh tokens after their use.
    pub sessions: TimeDelta,
    /// Secrets of mailed links after they were used or expired.
    pub tokens: TimeDelta,
    /// Jobs after they were done.
    pub jobs: TimeDelta,
    /// The bodies of mails after they left.
    pub mail_bodies: TimeDelta,
    /// An account that nobody uses.
    pub inactive_account: Months,
    /// So long before an unused account is closed, its owner is first told.
    pub first_notice: TimeDelta,
    /// So long before, its owner is told for the last time; shorter than the first.
    pub last_notice: TimeDelta,
}

impl RetentionConfig {
    pub(super) fn read(read: &mut Reader) -> Self {
        Self {
            sessions: TimeDelta::days(read.in_range("KEEP_SESSION_DAYS", 1, 365)),
            tokens: TimeDelta::days(read.in_range("KEEP_TOKEN_DAYS", 1, 90)),
            jobs: TimeDelta::days(read.in_range("KEEP_JOB_DAYS", 1, 365)),
            mail_bodies: TimeDelta::days(read.in_range("KEEP_MAIL_DAYS", 1, 730)),
            inactive_account: Months::new(read.in_range("INACTIVE_MONTHS", 6, 120)),
            first_notice: TimeDelta::days(read.in_range("INACTIVE_FIRST_NOTICE_DAYS", 14, 90)),
            last_notice: TimeDelta::days(read.in_range("INACTIVE_LAST_NOTICE_DAYS", 1, 13)),
        }
    }
}
