//! Mails whoever signed up. The job is the same for known and for new addresses: who signs up cannot tell the one from the
//! other by the time it takes.

use std::sync::Arc;

use entity::id::AccountId;
use serde::{Deserialize, Serialize};

use super::{Job, JobError};
use crate::app::App;
use crate::context::Context;
use crate::domain::accounts::mail_registration::{self, Registration};
use crate::store::transaction::retrying;

/// Mails whoever signed up.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct MailRegistration {
    /// The account of the address.
    pub account_id: AccountId,
    /// Whether it was there before.
    pub registration: Registration,
}

impl Job for MailRegistration {
    const KIND: &'static str = "mail_registration";

    async fn run(&self, app: &Arc<App>) -> Result<(), JobError> {
        let ctx = Context::system(app.clone(), Self::KIND);
        retrying(|| mail_registration::run(&ctx, self.account_id, self.registration)).await?;
        Ok(())
    }
}
