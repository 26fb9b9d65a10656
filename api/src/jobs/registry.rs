//! Which kind of stored job is run by which type.

use std::sync::Arc;

use entity::job;

use super::erase_account::EraseAccount;
use super::expire_offer::ExpireOffer;
use super::expire_vettings::ExpireVettings;
use super::mail_registration::MailRegistration;
use super::mail_reset_link::MailResetLink;
use super::remind_offer::RemindOffer;
use super::run_retention::RunRetention;
use super::send_mail::SendMail;
use super::send_offer::SendOffer;
use super::worker::run_as;
use super::{Job as _, JobError};
use crate::app::App;

macro_rules! registry {
    ($($job:ident,)+) => {
        /// The kinds that this program can run. It claims no others: while nodes are replaced one by one, an older one
        /// leaves the jobs of a newer one alone.
        pub(super) const KINDS: &[&str] = &[$($job::KIND,)+];

        pub(super) async fn run(app: &Arc<App>, job: &job::Model) -> Result<(), JobError> {
            match job.kind.as_str() {
                $($job::KIND => run_as::<$job>(app, job).await,)+
                unknown => Err(JobError::Retry(anyhow::anyhow!("no job is called {unknown}"))),
            }
        }
    };
}

registry! {
    EraseAccount,
    ExpireOffer,
    ExpireVettings,
    MailRegistration,
    MailResetLink,
    RemindOffer,
    RunRetention,
    SendMail,
    SendOffer,
}
