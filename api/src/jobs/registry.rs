//! Which kind of stored job is run by which type.

use std::sync::Arc;

use entity::job;

use super::expire_offer::ExpireOffer;
use super::expire_vettings::ExpireVettings;
use super::mail_reset_link::MailResetLink;
use super::remind_offer::RemindOffer;
use super::send_mail::SendMail;
use super::send_offers::SendOffers;
use super::worker::run_as;
use super::{Job as _, JobError};
use crate::app::App;

pub(super) async fn run(app: &Arc<App>, job: &job::Model) -> Result<(), JobError> {
    match job.kind.as_str() {
        ExpireOffer::KIND => run_as::<ExpireOffer>(app, job).await,
        ExpireVettings::KIND => run_as::<ExpireVettings>(app, job).await,
        MailResetLink::KIND => run_as::<MailResetLink>(app, job).await,
        RemindOffer::KIND => run_as::<RemindOffer>(app, job).await,
        SendMail::KIND => run_as::<SendMail>(app, job).await,
        SendOffers::KIND => run_as::<SendOffers>(app, job).await,
        unknown => Err(JobError::Fail(anyhow::anyhow!(
            "no job is called {unknown}; is an older program running?"
        ))),
    }
}
