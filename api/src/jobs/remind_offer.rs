//! Reminds the sides that have not answered an offer, at half time.

use std::sync::Arc;

use entity::id::PairingId;
use serde::{Deserialize, Serialize};

use super::{Job, JobError};
use crate::app::App;
use crate::context::Context;
use crate::domain::pairings::offer;
use crate::store::transaction::retrying;

/// Reminds the sides that have not answered an offer, at half time.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RemindOffer {
    /// The pairing.
    pub pairing_id: PairingId,
}

impl Job for RemindOffer {
    const KIND: &'static str = "remind_offer";

    async fn run(&self, app: &Arc<App>) -> Result<(), JobError> {
        let ctx = Context::system(app.clone(), Self::KIND);
        Ok(retrying(|| offer::remind(&ctx, self.pairing_id)).await?)
    }
}
