//! Reading the current suggestions.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::id::{RoleId, VolunteerId};

use super::follow::follow;
use super::{Held, Shown};
use crate::context::Context;
use crate::domain::matching::evaluate::Fit;
use crate::domain::matching::labels::Labels;
use crate::domain::matching::suggest::Suggestion;
use crate::error::DomainError;
use crate::policy::round::{RoundAction, decide};
use crate::store::page::{Page, PageRequest, SortKey};

/// Which suggestions are asked for; all when nothing is named.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filter {
    /// Only for this role.
    pub role_id: Option<RoleId>,
    /// Only of this volunteer.
    pub volunteer_id: Option<VolunteerId>,
}

/// A page of them.
#[derive(Debug)]
pub struct Listed {
    /// Best first.
    pub page: Page<Suggestion>,
    /// How many meet the filter.
    pub total: usize,
    /// When the inputs were read that they were chosen from.
    pub as_of: DateTime<Utc>,
    /// Their revision.
    pub revision: i64,
}

/// The current suggestions, best first (`page` is of a list named after the filter).
pub async fn run(ctx: &Context, filter: Filter, page: &PageRequest) -> Result<Listed, DomainError> {
    decide(&ctx.actor, RoundAction::View).require()?;
    let shown = latest(ctx).await?;
    let asked_for: Vec<Arc<Held>> = shown
        .suggestions
        .iter()
        .filter(|held| filter.role_id.is_none_or(|role| role == held.role_id))
        .filter(|held| {
            filter
                .volunteer_id
                .is_none_or(|volunteer| volunteer == held.volunteer_id)
        })
        .cloned()
        .collect();
    let total = asked_for.len();
    let page = page.slice(asked_for, |held| {
        let pair = format!("{}/{}", held.role_id, held.volunteer_id);
        let best_first = -i64::from(held.fit.score.get());
        (SortKey::Integer(best_first), SortKey::Text(pair))
    });
    let labels = Labels::read(&ctx.app.store.connection).await?;
    Ok(Listed {
        page: page.map(|held| in_words(&held, &labels)),
        total,
        as_of: shown.as_of,
        revision: shown.revision,
    })
}

/// What this node shows; right after its start it looks first.
pub(super) async fn latest(ctx: &Context) -> Result<Arc<Shown>, DomainError> {
    if ctx.app.current_suggestions.shown().is_none() {
        follow(&ctx.app).await?;
    }
    ctx.app
        .current_suggestions
        .shown()
        .ok_or_else(|| DomainError::internal("the current suggestions were not shown"))
}

pub(super) fn in_words(held: &Held, labels: &Labels) -> Suggestion {
    Suggestion {
        role_id: held.role_id,
        volunteer_id: held.volunteer_id,
        fit: Arc::new(Fit::from((&held.fit, labels))),
    }
}
