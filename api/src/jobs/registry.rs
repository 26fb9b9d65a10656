//! Which kind of stored job is run by which type.

use std::sync::Arc;

use entity::job;

use super::erase_account::EraseAccount;
use super::expire_offer::ExpireOffer;
use super::expire_vettings::ExpireVettings;
use super::follow_up::FollowUp;
use super::mail_email_change::MailEmailChange;
use super::mail_registration::MailRegistration;
use super::mail_reset_link::MailResetLink;
use super::remind_offer::RemindOffer;
use super::run_retention::RunRetention;
use super::send_mail::SendMail;
use super::send_offer::SendOffer;
use super::worker::run_as;
use super::{Job, JobError};
use crate::app::App;
use crate::error::{Code, DomainError, Violation};
use crate::store::transaction::WriteTransaction;

/// A job's work, for taking it up again.
fn read<J: Job>(job: &job::Model) -> Result<J, DomainError> {
    serde_json::from_value(job.payload.clone()).map_err(|_| unreadable())
}

/// What is said of a job that another version of the program wrote.
fn unreadable() -> DomainError {
    Violation::new(
        Code::WrongState,
        "jobId",
        "This job was written by another version of the program, which alone can take it up.",
        "Cette tâche a été écrite par une autre version du programme, qui seule peut la reprendre.",
    )
    .into()
}

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

        /// Makes ready what a job is about that is taken up again.
        pub(super) async fn revive(transaction: &WriteTransaction, job: &job::Model) -> Result<(), DomainError> {
            match job.kind.as_str() {
                $($job::KIND => read::<$job>(job)?.revive(transaction).await,)+
                _ => Err(unreadable()),
            }
        }
    };
}

registry! {
    EraseAccount,
    ExpireOffer,
    ExpireVettings,
    FollowUp,
    MailEmailChange,
    MailRegistration,
    MailResetLink,
    RemindOffer,
    RunRetention,
    SendMail,
    SendOffer,
}
