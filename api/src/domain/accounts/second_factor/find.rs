//! How the actor's own account stands to its second factor.

use chrono::{DateTime, Utc};

use super::{count_codes, find_row};
use crate::context::Context;
use crate::error::DomainError;
use crate::policy::account::{AccountAction, decide};

/// The factor, as its owner sees it.
#[derive(Clone, Debug)]
pub struct Found {
    /// When it was confirmed; none while it is being set up.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// How many recovery codes are good.
    pub codes_left: u64,
}

/// The actor's factor, if there is one or it is being set up.
pub async fn run(ctx: &Context) -> Result<Option<Found>, DomainError> {
    let person = ctx.person()?;
    decide(
        &ctx.actor,
        AccountAction::ManageSecondFactor,
        person.account_id,
    )
    .require()?;
    let connection = &ctx.app.store.connection;
    let Some(factor) = find_row(connection, person.account_id).await? else {
        return Ok(None);
    };
    Ok(Some(Found {
        confirmed_at: factor.confirmed_at,
        codes_left: count_codes(connection, person.account_id).await?,
    }))
}
