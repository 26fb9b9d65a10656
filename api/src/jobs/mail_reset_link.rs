//! Mails the link for choosing a new password. The job is written for unknown addresses too, and does nothing then:
//! who asks cannot tell the one from the other by the time it takes.

use std::sync::Arc;

use entity::id::AccountId;
use serde::{Deserialize, Serialize};

use super::{Job, JobError};
use crate::app::App;
use crate::context::Context;
use crate::domain::accounts::mail_reset_link;
use crate::store::transaction::retrying;

/// Mails the link for choosing a new password.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct MailResetLink {
    /// Whose password; absent when the address is not known.
    pub account_id: Option<AccountId>,
}

impl Job for MailResetLink {
    const KIND: &'static str = "mail_reset_link";

    async fn run(&self, app: &Arc<App>) -> Result<(), JobError> {
        let Some(account_id) = self.account_id else {
            return Ok(());
        };
        let ctx = Context::system(app.clone(), Self::KIND);
        retrying(|| mail_reset_link::run(&ctx, account_id)).await?;
        Ok(())
    }
}
