//! What changed in the current suggestions, for those who follow them. What one change of the list means is worked out
//! once on a node, and shared by all who follow it there.

use std::collections::HashMap;
use std::sync::{Arc, Weak};

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

/// What differs between two states of the list.
#[derive(Debug, Default)]
pub struct Changes {
    /// Suggested now and not before, or at another score or for other reasons; best first, at most [`MOST`].
    pub proposed: Vec<Suggestion>,
    /// Suggested before and not now; at most [`MOST`].
    pub withdrawn: Vec<(RoleId, VolunteerId)>,
    /// Whether more differs than that.
    pub is_cut: bool,
}

/// What is told to one who follows.
#[derive(Clone, Debug)]
pub struct Update {
    /// The revision of the state that was told before this one.
    pub since_revision: i64,
    /// The revision of this state.
    pub revision: i64,
    /// When its inputs were read.
    pub as_of: DateTime<Utc>,
    /// What differs between the two.
    pub changes: Arc<Changes>,
}

/// First an empty update, which says from which state on; then each change. Ends after an error.
///
/// # Errors
/// When the actor may not see it, or the database fails.
pub async fn updates(
    ctx: Context,
) -> Result<impl Stream<Item = Result<Update, DomainError>>, DomainError> {
    decide(&ctx.actor, RoundAction::View).require()?;
    let shown = ctx.app.current_suggestions.changes();
    let before = latest(&ctx).await?;
    let beginning = Update {
        since_revision: before.revision,
        revision: before.revision,
        as_of: before.as_of,
        changes: Arc::default(),
    };
    let told_revision = before.revision;
    let updates = stream::unfold(
        (Some(ctx), shown, before, told_revision),
        |(ctx, mut shown, mut before, since_revision)| async move {
            let ctx = ctx?;
            loop {
                // The sender lives as long as the app, which the context holds.
                shown.changed().await.ok()?;
                let Some(now) = shown.borrow_and_update().clone() else {
                    continue;
                };
                let changes = now.changes_since(&before, &ctx).await;
                before = now;
                if changes.as_ref().is_ok_and(|changes| changes.is_empty()) {
                    continue;
                }
                let revision = before.revision;
                // A change that was not told would be missing for ever: the client subscribes anew.
                let ctx = changes.is_ok().then_some(ctx);
                let update = changes.map(|changes| Update {
                    since_revision,
                    revision,
                    as_of: before.as_of,
                    changes,
                });
                return Some((update, (ctx, shown, before, revision)));
            }
        },
    );
    Ok(stream::once(async { Ok(beginning) }).chain(updates))
}

impl Changes {
    fn is_empty(&self) -> bool {
        self.proposed.is_empty() && self.withdrawn.is_empty()
    }

    async fn between(before: &Shown, now: &Shown, ctx: &Context) -> Result<Arc<Self>, DomainError> {
        let (proposed, withdrawn) = compare(before, now);
        if proposed.is_empty() && withdrawn.is_empty() {
            return Ok(Arc::default());
        }
        let labels = Labels::read(&ctx.app.store.connection).await?;
        let listed = proposed.iter().take(MOST);
        Ok(Arc::new(Self {
            proposed: listed.map(|held| in_words(held, &labels)).collect(),
            is_cut: proposed.len() > MOST || withdrawn.len() > MOST,
            withdrawn: withdrawn.into_iter().take(MOST).collect(),
        }))
    }
}

impl Shown {
    /// What changed since `before`. Whoever comes first works it out for all who saw the state just before this one.
    async fn changes_since(
        &self,
        before: &Arc<Self>,
        ctx: &Context,
    ) -> Result<Arc<Changes>, DomainError> {
        if !Weak::ptr_eq(&self.before, &Arc::downgrade(before)) {
            return Changes::between(before, self, ctx).await;
        }
        let work = || Changes::between(before, self, ctx);
        self.changes.get_or_try_init(work).await.cloned()
    }
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
