//! Erases somebody who asked for it.

use std::sync::Arc;

use entity::id::AccountId;
use serde::{Deserialize, Serialize};

use super::{Job, JobError};
use crate::app::App;
use crate::context::Context;
use crate::domain::privacy::erase;

/// Erases the owner of an account.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EraseAccount {
    /// The account, shut already.
    pub account_id: AccountId,
}

impl Job for EraseAccount {
    const KIND: &'static str = "erase_account";
    /// Tried daily for years: what was promised to somebody is not given up.
    const MAX_ATTEMPTS: i32 = 1_000;

    async fn run(&self, app: &Arc<App>) -> Result<(), JobError> {
        let ctx = Context::system(app.clone(), Self::KIND);
        Ok(erase::run(&ctx, self.account_id).await?)
    }

    fn unique_key(&self) -> Option<String> {
        Some(format!("{}:{}", Self::KIND, self.account_id))
    }
}
