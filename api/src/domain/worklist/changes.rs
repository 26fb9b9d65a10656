//! How much of each kind waits, for coordinators who follow it. The whole list is the same for all of them, so a node looks
//! once for all who follow there, and not at all while nobody does.
//!
//! Polling is the truth: what becomes overdue by time alone, and whatever no hint came of, shows at the next look. A commit, on
//! this node or on another that says so, is a hint that brings the next look forward; to lose one costs at most [`INTERVAL`].

use std::sync::Arc;
use std::time::Duration;

use entity::worklist_note::WorklistKind;
use futures_util::{Stream, stream};
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep_until};

use super::list::{Assignee, Count, Filter, counts};
use crate::context::Context;
use crate::error::DomainError;
use crate::policy::worklist::{WorklistAction, decide};
use crate::store::change_signal::Topic;

/// Between two looks while nothing is known to be committed that counts.
pub const INTERVAL: Duration = Duration::from_secs(1);
/// Between two looks however much is committed.
const SHORTEST: Duration = Duration::from_millis(250);

/// The last look of a node. Its lock is held while looking, so that whoever comes meanwhile waits for that look.
#[derive(Debug)]
pub struct SharedCounts {
    interval: Duration,
    last: Mutex<Option<Look>>,
}

/// What was counted at a moment.
#[derive(Clone, Debug)]
struct Look {
    began: Instant,
    counts: Arc<Vec<Count>>,
}

impl SharedCounts {
    /// Looks every `interval` while somebody follows.
    pub fn every(interval: Duration) -> Self {
        Self {
            interval,
            last: Mutex::default(),
        }
    }

    /// The last look if it began at `earliest` or later, else a new one. `ctx` is of somebody who may see the list.
    async fn since(&self, earliest: Instant, ctx: &Context) -> Result<Look, DomainError> {
        let mut last = self.last.lock().await;
        if let Some(look) = last.as_ref().filter(|look| look.began >= earliest) {
            return Ok(look.clone());
        }
        let began = Instant::now();
        let everything = Filter {
            kinds: WorklistKind::ALL.to_vec(),
            assignee: Assignee::Any,
        };
        let look = Look {
            began,
            counts: Arc::new(counts(ctx, &everything).await?),
        };
        *last = Some(look.clone());
        Ok(look)
    }
}

/// The counts as they are now, then again whenever they differ from those told before. Ends after an error.
///
/// # Errors
/// For whoever may not see the list.
pub async fn updates(
    ctx: Context,
) -> Result<impl Stream<Item = Result<Arc<Vec<Count>>, DomainError>>, DomainError> {
    decide(&ctx.actor, WorklistAction::View).require()?;
    let mut commits = ctx.app.store.changes.commits(Topic::Worklist);
    // A look that is not yet due again will do, if what is known to be written just before is in it.
    let committed = *commits.borrow_and_update();
    let shared = &ctx.app.worklist_counts;
    let earliest = Instant::now().checked_sub(shared.interval);
    let earliest = earliest.map_or(committed, |earliest| earliest.max(committed));
    let first = shared.since(earliest, &ctx).await?;
    let state = (Some(ctx), commits, first, None);
    Ok(stream::unfold(
        state,
        |(ctx, mut commits, mut look, told): (_, _, Look, Option<Arc<Vec<Count>>>)| async move {
            let ctx: Context = ctx?;
            let shared = &ctx.app.worklist_counts;
            loop {
                if told.as_ref() != Some(&look.counts) {
                    let counts = look.counts.clone();
                    return Some((Ok(counts.clone()), (Some(ctx), commits, look, Some(counts))));
                }
                let next = look.began + shared.interval;
                let earliest = tokio::select! {
                    () = sleep_until(next) => next,
                    // The sender lives as long as the app, which the context holds.
                    hint = commits.changed() => {
                        hint.ok()?;
                        let hinted = *commits.borrow_and_update();
                        sleep_until(look.began + SHORTEST).await;
                        hinted
                    }
                };
                match shared.since(earliest, &ctx).await {
                    Ok(newer) => look = newer,
                    Err(error) => return Some((Err(error), (None, commits, look, told))),
                }
            }
        },
    ))
}
