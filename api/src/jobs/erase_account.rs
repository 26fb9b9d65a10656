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
    /// Whether it was erased, and what was under way then is looked for.
    #[serde(default)]
    pub is_second_look: bool,
}

impl Job for EraseAccount {
    const KIND: &'static str = "erase_account";
    /// Tried daily for years: what was promised to somebody is not given up.
    const MAX_ATTEMPTS: i32 = 1_000;

    async fn run(&self, app: &Arc<App>) -> Result<(), JobError> {
        let ctx = Context::system(app.clone(), Self::KIND);
        if self.is_second_look {
            erase::look_again(&ctx, self.account_id).await?;
        } else {
            erase::run(&ctx, self.account_id).await?;
        }
        Ok(())
    }

    fn unique_key(&self) -> Option<String> {
        let again = if self.is_second_look { ":again" } else { "" };
        Some(format!("{}:{}{again}", Self::KIND, self.account_id))
    }
}
