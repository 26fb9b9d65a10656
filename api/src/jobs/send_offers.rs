//! Puts approved pairings to both sides when their hold window is over.

use std::sync::Arc;

use entity::id::PairingId;
use serde::{Deserialize, Serialize};

use super::{Job, JobError};
use crate::app::App;
use crate::context::Context;
use crate::domain::pairings::offer;
use crate::store::transaction::retrying;

/// Offers the pairings that were approved together and are still held. Each is a transaction of its own, so that a
/// repetition goes on where the last try ended.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SendOffers {
    /// The pairings.
    pub pairing_ids: Vec<PairingId>,
}

impl Job for SendOffers {
    const KIND: &'static str = "send_offers";

    async fn run(&self, app: &Arc<App>) -> Result<(), JobError> {
        let ctx = Context::system(app.clone(), Self::KIND);
        for pairing_id in &self.pairing_ids {
            retrying(|| offer::run(&ctx, *pairing_id)).await?;
        }
        Ok(())
    }
}
