//! A marketplace to look at: real civic-tech projects described anew, fictional volunteers, one round of matching.
//! The data are in `api/data/demo`, with their licences. No real person's name or address is in it.

mod data;
mod draw;
mod listing;
mod person;
mod round;
mod volunteer;

use std::sync::Arc;

use anyhow::Context as _;
use entity::account;
use sea_orm::{EntityTrait as _, PaginatorTrait as _};

use crate::app::App;
use crate::context::Context;
use crate::store::transaction::begin_write;

pub use person::{LOG_INS, PASSWORD};

/// The same people every time.
const SEED: u64 = 20_261_121;

/// What the demo consists of, as counted when it was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Census {
    /// Organizations.
    pub organizations: usize,
    /// Projects.
    pub projects: usize,
    /// Roles.
    pub roles: usize,
    /// Volunteers.
    pub volunteers: usize,
    /// Pairings that the round proposed.
    pub pairings: usize,
}

/// Fills an empty database; one with accounts in it is left as it is (`None`).
///
/// # Errors
/// When the database fails or the embedded data do not fit the taxonomy.
pub async fn fill(app: &Arc<App>) -> anyhow::Result<Option<Census>> {
    if account::Entity::find().count(&app.store.connection).await? > 0 {
        return Ok(None);
    }
    let hash = app.hasher.hash(&PASSWORD.into()).await?;
    let ctx = Context::system(app.clone(), "demo");
    let transaction = begin_write(&app.store).await?;
    let coordinator = person::insert_staff(&ctx, &*transaction, &hash).await?;
    let listed = listing::insert(&ctx, &*transaction, &coordinator, &hash)
        .await
        .context("the demo's projects")?;
    let volunteers = volunteer::insert(&ctx, &*transaction, &hash, SEED)
        .await
        .context("the demo's volunteers")?;
    transaction.commit().await?;
    let pairings = round::run(app, coordinator)
        .await
        .context("the demo's round")?;
    Ok(Some(Census {
        volunteers,
        pairings,
        ..listed
    }))
}
