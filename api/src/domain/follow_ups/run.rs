//! The daily round of everything that goes quiet.

use super::{check_ins, commitments, drafts, listings, tell, vettings};
use crate::actor::Actor;
use crate::context::Context;
use crate::error::DomainError;

/// How much there was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// Reminders of drafts that were noted, one for each account.
    pub drafts: u64,
    /// Questions about listings that were noted, one for each account.
    pub listing_checks: u64,
    /// Listings that were hidden.
    pub listings_hidden: u64,
    /// Notices of vettings that end, one for each account.
    pub vettings: u64,
    /// Notices of placements that end, one for each account.
    pub commitments: u64,
    /// Check-ins that were begun.
    pub check_ins: u64,
    /// Mails that were written.
    pub mails: u64,
}

/// Looks for everything, then writes the mails. For the marketplace itself only.
///
/// # Errors
/// [`DomainError::Forbidden`] for people.
pub async fn run(ctx: &Context) -> Result<Done, DomainError> {
    if ctx.actor != Actor::System {
        return Err(DomainError::Forbidden);
    }
    Ok(Done {
        drafts: drafts::find(ctx).await?,
        listings_hidden: listings::hide(ctx).await?,
        listing_checks: listings::find(ctx).await?,
        vettings: vettings::find(ctx).await?,
        commitments: commitments::find(ctx).await?,
        check_ins: check_ins::find(ctx).await?,
        mails: tell::run(ctx).await?,
    })
}
