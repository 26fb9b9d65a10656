//! Puts an approved pairing to both sides when its hold window is over.

use std::sync::Arc;

use entity::id::PairingId;
use serde::{Deserialize, Serialize};

use super::{Job, JobError};
use crate::app::App;
use crate::context::Context;
use crate::domain::pairings::offer;
use crate::store::transaction::retrying;

/// Offers a pairing that is still held.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SendOffer {
    /// The pairing.
    pub pairing_id: PairingId,
}

impl Job for SendOffer {
    const KIND: &'static str = "send_offer";

    async fn run(&self, app: &Arc<App>) -> Result<(), JobError> {
        let ctx = Context::system(app.clone(), Self::KIND);
        match retrying(|| offer::run(&ctx, self.pairing_id)).await? {
            Some(due_at) => Err(JobError::Wait(due_at)),
            None => Ok(()),
        }
    }
}
