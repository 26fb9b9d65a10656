//! Mails the link that makes another address an account's. The job is written for addresses that have an account too, and does
//! nothing then: who asks cannot tell the one from the other by the time it takes.

use std::sync::Arc;

use entity::id::AccountTokenId;
use serde::{Deserialize, Serialize};

use super::{Job, JobError};
use crate::app::App;
use crate::context::Context;
use crate::domain::accounts::mail_email_change;
use crate::store::transaction::retrying;

/// Mails the link that makes another address an account's.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct MailEmailChange {
    /// The token of the link, which has the address.
    pub account_token_id: AccountTokenId,
}

impl Job for MailEmailChange {
    const KIND: &'static str = "mail_email_change";

    async fn run(&self, app: &Arc<App>) -> Result<(), JobError> {
        let ctx = Context::system(app.clone(), Self::KIND);
        retrying(|| mail_email_change::run(&ctx, self.account_token_id)).await?;
        Ok(())
    }
}
