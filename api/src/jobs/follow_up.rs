//! Follows up what has gone quiet, once a day, in the morning in Canada.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::schedule::{self, Scheduled};
use super::{Job, JobError};
use crate::app::App;
use crate::context::Context;
use crate::domain::follow_ups;

/// Follows up what has gone quiet.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct FollowUp {
    /// The time that this is the run of.
    pub time: DateTime<Utc>,
}

impl Job for FollowUp {
    const KIND: &'static str = "follow_up";
    /// People wait for other jobs, for this one nobody does.
    const PRIORITY: i16 = 8;

    async fn run(&self, app: &Arc<App>) -> Result<(), JobError> {
        schedule::store_next::<Self>(app).await?;
        let done = follow_ups::run::run(&Context::system(app.clone(), Self::KIND)).await?;
        tracing::info!(?done, "what has gone quiet is followed up");
        Ok(())
    }

    fn unique_key(&self) -> Option<String> {
        Some(format!("{}:{}", Self::KIND, self.time.timestamp()))
    }
}

impl Scheduled for FollowUp {
    const EVERY: TimeDelta = TimeDelta::days(1);
    /// Nine in the morning in Toronto, ten in summer.
    const OFFSET: TimeDelta = TimeDelta::hours(14);

    fn at(time: DateTime<Utc>) -> Self {
        Self { time }
    }
}
