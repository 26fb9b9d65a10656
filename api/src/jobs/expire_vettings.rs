//! Ends the vettings that have run out. Enqueued with each vetting, for its end.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Job, JobError};
use crate::app::App;
use crate::context::Context;
use crate::domain::organizations::expire_due;

/// Ends the vettings that have run out.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct ExpireVettings {}

impl Job for ExpireVettings {
    const KIND: &'static str = "expire_vettings";

    async fn run(&self, app: &Arc<App>) -> Result<(), JobError> {
        let ended = expire_due::run(&Context::system(app.clone(), Self::KIND)).await?;
        tracing::info!(ended, "vettings ended");
        Ok(())
    }
}
