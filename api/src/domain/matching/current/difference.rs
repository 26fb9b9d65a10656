//! What changed in the current suggestions, for those who follow them.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::id::{RoleId, VolunteerId};
use futures_util::stream;
use futures_util::{Stream, StreamExt as _};

use super::list::{in_words, latest};
use super::{Held, Shown};
use crate::context::Context;
use crate::domain::matching::labels::Labels;
use crate::domain::matching::suggest::Suggestion;
use crate::error::DomainError;
use crate::policy::round::{RoundAction, decide};

/// The most suggestions told at once; beyond, the whole list is the better answer.
pub const MOST: usize = 100;

/// What changed between two moments.
#[derive(Debug)]
pub struct Difference {
    /// The later moment.
    pub as_of: DateTime<Utc>,
    /// Suggested now and not before, or at another score or for other reasons; best first, at most [`MOST`].
    pub proposed: Vec<Suggestion>,
    /// Suggested before and not now; at most [`MOST`].
    pub withdrawn: Vec<(RoleId, VolunteerId)>,
    /// Whether that is all of it.
    pub is_whole: bool,
}

/// First an empty difference, which says from which moment on; then each change. Ends after an error.
///
/// # Errors
/// When the actor may not see it, or the database fails.
pub async fn differences(
    ctx: Context,
) -> Result<impl Stream<Item = Result<Difference, DomainError>>, DomainError> {
    decide(&ctx.actor, RoundAction::View).require()?;
    let changes = ctx.app.current_suggestions.changes();
    let before = latest(&ctx).await?;
    let beginning = Difference {
        as_of: before.as_of,
        proposed: Vec::new(),
        withdrawn: Vec::new(),
        is_whole: true,
    };
    let changes = stream::unfold(
        (Some(ctx), changes, before),
        |(ctx, mut changes, mut before)| async move {
            let ctx = ctx?;
            loop {
                // The sender lives as long as the app, which the context holds.
                changes.changed().await.ok()?;
                let Some(now) = changes.borrow_and_update().clone() else {
                    continue;
                };
                let (proposed, withdrawn) = compare(&before, &now);
                before = now;
                if proposed.is_empty() && withdrawn.is_empty() {
                    continue;
                }
                let told = told(&ctx, &before, &proposed, &withdrawn).await;
                // A difference that was not told would be missing for ever: the client subscribes anew.
                let ctx = told.is_ok().then_some(ctx);
                return Some((told, (ctx, changes, before)));
            }
        },
    );
    Ok(stream::once(async { Ok(beginning) }).chain(changes))
}

async fn told(
    ctx: &Context,
    now: &Shown,
    proposed: &[Arc<Held>],
    withdrawn: &[(RoleId, VolunteerId)],
) -> Result<Difference, DomainError> {
    let labels = Labels::read(&ctx.app.store.connection).await?;
    let listed = proposed.iter().take(MOST);
    Ok(Difference {
        as_of: now.as_of,
        proposed: listed.map(|held| in_words(held, &labels)).collect(),
        withdrawn: withdrawn.iter().copied().take(MOST).collect(),
        is_whole: proposed.len() <= MOST && withdrawn.len() <= MOST,
    })
}

/// What is new in `now`, in its order, and what is gone, in the order of `before`.
fn compare(before: &Shown, now: &Shown) -> (Vec<Arc<Held>>, Vec<(RoleId, VolunteerId)>) {
    let pair = |held: &Arc<Held>| (held.role_id, held.volunteer_id);
    let mut earlier: HashMap<_, _> = before
        .suggestions
        .iter()
        .map(|held| (pair(held), held))
        .collect();
    let proposed = now
        .suggestions
        .iter()
        .filter(|held| earlier.remove(&pair(held)) != Some(*held))
        .cloned()
        .collect();
    let gone = before.suggestions.iter().map(pair);
    (
        proposed,
        gone.filter(|pair| earlier.contains_key(pair)).collect(),
    )
}
