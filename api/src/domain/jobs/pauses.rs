//! Which kinds of jobs wait because what they need does not work.

use entity::job_pause;
use sea_orm::{EntityTrait as _, QueryFilter as _, QueryOrder as _};

use crate::context::Context;
use crate::error::DomainError;
use crate::policy::job::{JobAction, decide};

/// Those that wait, or of which one is about to try.
pub async fn run(ctx: &Context) -> Result<Vec<job_pause::Model>, DomainError> {
    decide(&ctx.actor, JobAction::View).require()?;
    Ok(job_pause::Entity::find()
        .filter(job_pause::COLUMN.paused_until.is_not_null())
        .order_by_asc(job_pause::Column::Kind)
        .all(&ctx.app.store.connection)
        .await?)
}
