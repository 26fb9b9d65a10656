//! What a role or a volunteer can expect of the matcher now.

use async_graphql::{Context, Result, SimpleObject};
use entity::id::{RoleId, VolunteerId};
use entity::language::Language;

use super::exclusion::Exclusion;
use super::unmatched::{NearestPair, UnmatchedCause};
use crate::domain::matching::outlook;
use crate::graphql::context::RequestExt as _;
use crate::graphql::error::graphql;

/// What a role or a volunteer can expect of the matcher now, outside of any round.
#[derive(SimpleObject)]
pub struct MatchingOutlook {
    /// Counterparts that may be proposed.
    eligible: u64,
    /// How many counterparts each hard constraint keeps out, the most first; one may count at several.
    causes: Vec<UnmatchedCause>,
    /// When none may be proposed: the nearest three, each with all that is in the way and what would open it. Else empty.
    nearest: Vec<NearestPair>,
}

impl MatchingOutlook {
    /// The volunteers' side of a role.
    pub async fn of_role(ctx: &Context<'_>, role: RoleId) -> Result<Self> {
        let request = ctx.request()?;
        let found = graphql(request, outlook::of_role(request, role).await)?;
        Ok(Self::new(&found, request.language))
    }

    /// The roles' side of a volunteer.
    pub async fn of_volunteer(ctx: &Context<'_>, volunteer: VolunteerId) -> Result<Self> {
        let request = ctx.request()?;
        let found = graphql(request, outlook::of_volunteer(request, volunteer).await)?;
        Ok(Self::new(&found, request.language))
    }

    fn new(found: &outlook::Outlook, language: Language) -> Self {
        let mut nearest = NearestPair::list(&found.nearest, language);
        if let Some(permission) = found.permission {
            NearestPair::keep_apart(&mut nearest, || {
                Exclusion::of_permission(permission, language)
            });
        }
        Self {
            eligible: found.eligible as u64,
            causes: UnmatchedCause::list(&found.causes, language),
            nearest,
        }
    }
}
