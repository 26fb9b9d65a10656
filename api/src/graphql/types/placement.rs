//! A pairing that both sides accepted.

use async_graphql::{Context, Enum, ID, Object, Result};
use chrono::{DateTime, NaiveDate, Utc};
use entity::placement;

use super::pairing::Pairing;
use crate::domain::placements::change;
use crate::graphql::context::RequestExt as _;
use crate::graphql::error::loaded;
use crate::graphql::id::encode;

/// A pairing that both sides accepted, from the agreed start to its end.
pub struct Placement(pub placement::Model);

/// A pairing that both sides accepted, from the agreed start to its end.
#[Object]
impl Placement {
    /// The placement's id.
    pub async fn id(&self) -> ID {
        encode(&self.0.id)
    }

    /// The pairing it came of.
    async fn pairing(&self, ctx: &Context<'_>) -> Result<Option<Pairing>> {
        let pairing = ctx.loaders()?.load_one(self.0.pairing_id).await;
        Ok(loaded(ctx.request()?, pairing)?.map(Pairing))
    }

    /// How it goes.
    async fn state(&self) -> PlacementState {
        self.0.state.into()
    }

    /// Agreed hours a week.
    async fn hours_per_week(&self) -> i32 {
        self.0.hours_per_week
    }

    /// The first day, if it is fixed.
    async fn starts_on(&self) -> Option<NaiveDate> {
        self.0.starts_on
    }

    /// The last day, if there is one.
    async fn ends_on(&self) -> Option<NaiveDate> {
        self.0.ends_on
    }

    /// Why it ended early, if it did.
    async fn end_reason(&self) -> Option<PlacementEndReason> {
        self.0
            .end_reason
            .as_deref()
            .and_then(change::EndReason::from_code)
            .map(Into::into)
    }

    /// Counts changes.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// When both sides had accepted.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
}

impl Placement {
    /// The placement, if the asker may see its pairing.
    pub async fn visible(ctx: &Context<'_>, placement: placement::Model) -> Result<Option<Self>> {
        let pairing = ctx.loaders()?.load_one(placement.pairing_id).await;
        let pairing = match loaded(ctx.request()?, pairing)? {
            Some(pairing) => Pairing::visible(ctx, pairing)?,
            None => None,
        };
        Ok(pairing.map(|_| Self(placement)))
    }
}

/// How a placement goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "placement::PlacementState")]
pub enum PlacementState {
    /// Agreed, not begun.
    PendingStart,
    /// Under way.
    Active,
    /// Interrupted.
    Paused,
    /// Ended as meant.
    Completed,
    /// Ended early.
    Ended,
    /// Never begun.
    NoShow,
}

/// Why a placement ended early.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "change::EndReason")]
pub enum PlacementEndReason {
    /// The volunteer could not go on.
    VolunteerLeft,
    /// The organization could not go on.
    OrganizationEnded,
    /// The volunteer was not heard of any more.
    Ghosted,
    /// Something else.
    Other,
}
