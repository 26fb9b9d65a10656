//! Ends an offer at its deadline.

use std::sync::Arc;

use entity::id::PairingId;
use serde::{Deserialize, Serialize};

use super::{Job, JobError};
use crate::app::App;
use crate::context::Context;
use crate::domain::pairings::expire;
use crate::store::transaction::retrying;

/// Ends an offer at its deadline.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ExpireOffer {
    /// The pairing.
    pub pairing_id: PairingId,
}

impl Job for ExpireOffer {
    const KIND: &'static str = "expire_offer";
    /// Tried daily for years: an offer that nobody ends would keep its seat and its two sides waiting.
    const MAX_ATTEMPTS: i32 = 1_000;

    async fn run(&self, app: &Arc<App>) -> Result<(), JobError> {
        let ctx = Context::system(app.clone(), Self::KIND);
        match retrying(|| expire::run(&ctx, self.pairing_id)).await? {
            Some(due_at) => Err(JobError::Wait(due_at)),
            None => Ok(()),
        }
    }
}
