//! A pairing that both sides accepted.

use async_graphql::{Context, Enum, ID, Object, Result};
use chrono::{DateTime, NaiveDate, Utc};
use entity::{check_in, placement};

use super::check_in::CheckIn;
use super::pairing::Pairing;
use crate::domain::placements::change;
use crate::domain::placements::check_ins::is_silent;
use crate::graphql::context::RequestExt as _;
use crate::graphql::error::loaded;
use crate::graphql::id::encode;
use crate::graphql::loaders::pairing::CheckInsOfPlacement;
use crate::policy::pairing::{PairingAction, decide};

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

    /// What its volunteer said of how it goes, the latest question first. For the volunteer and for coordinators; empty for
    /// others.
    async fn check_ins(&self, ctx: &Context<'_>) -> Result<Vec<CheckIn>> {
        let check_ins = self.told_check_ins(ctx).await?;
        Ok(check_ins.into_iter().map(CheckIn).collect())
    }

    /// Whether the last check-ins all went without an answer, as many as the marketplace has set. False for whoever may not
    /// read them.
    async fn is_silent(&self, ctx: &Context<'_>) -> Result<bool> {
        let app = &ctx.request()?.app;
        let check_ins = self.told_check_ins(ctx).await?;
        let limit = app.config.follow_up.missed_check_ins;
        Ok(is_silent(&check_ins, limit, app.clock.now()))
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
    /// The check-ins, for whoever may read them.
    async fn told_check_ins(&self, ctx: &Context<'_>) -> Result<Vec<check_in::Model>> {
        let request = ctx.request()?;
        let pairing = ctx.loaders()?.load_one(self.0.pairing_id).await;
        let Some(pairing) = loaded(request, pairing)? else {
            return Ok(Vec::new());
        };
        let facts = (&pairing).into();
        if !decide(&request.actor, PairingAction::ViewCheckIns, &facts).is_allowed() {
            return Ok(Vec::new());
        }
        let check_ins = ctx
            .loaders()?
            .load_one(CheckInsOfPlacement(self.0.id))
            .await;
        Ok(loaded(request, check_ins)?.unwrap_or_default())
    }

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
