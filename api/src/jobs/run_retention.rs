//! Deletes what has been kept long enough, once a day, at night in Canada.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::schedule::{self, Scheduled};
use super::{Job, JobError};
use crate::app::App;
use crate::context::Context;
use crate::domain::retention;

/// Deletes what has been kept long enough.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct RunRetention {
    /// The time that this is the run of.
    pub time: DateTime<Utc>,
}

impl Job for RunRetention {
    const KIND: &'static str = "run_retention";
    /// People wait for other jobs, for this one nobody does.
    const PRIORITY: i16 = 9;

    async fn run(&self, app: &Arc<App>) -> Result<(), JobError> {
        schedule::store_next::<Self>(app).await?;
        let done = retention::run::run(&Context::system(app.clone(), Self::KIND)).await?;
        tracing::info!(?done, "what was kept long enough is gone");
        Ok(())
    }

    fn unique_key(&self) -> Option<String> {
        Some(format!("{}:{}", Self::KIND, self.time.timestamp()))
    }
}

impl Scheduled for RunRetention {
    const EVERY: TimeDelta = TimeDelta::days(1);
    const OFFSET: TimeDelta = TimeDelta::hours(8);

    fn at(time: DateTime<Utc>) -> Self {
        Self { time }
    }
}
