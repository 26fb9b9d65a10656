//! The entry points for following. Over polling: what one node writes reaches the subscribers of another within a second.
//! The socket ends a subscription when its token stops holding.

use std::time::Duration;

use async_graphql::futures_util::{Stream, StreamExt as _, stream};
use async_graphql::{Context, ID, Result, Subscription};

use super::context::RequestExt as _;
use super::error::graphql;
use super::id::decode;
use super::types::pairing::Pairing;
use super::types::suggestions_difference::SuggestionsDifference;
use super::types::worklist::WorklistCount;
use crate::domain::matching::current::changes::updates;
use crate::domain::pairings;
use crate::domain::worklist;
use crate::error::DomainError;

/// Between two looks.
const INTERVAL: Duration = Duration::from_secs(1);

/// Everything that can be followed.
#[derive(Default)]
pub struct Subscription;

/// Everything that can be followed.
#[Subscription]
impl Subscription {
    /// A pairing as it is now, and again whenever it changes, for as long as the reader may see it.
    async fn pairing_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The pairing's id.")] id: ID,
    ) -> Result<impl Stream<Item = Result<Pairing>> + use<>> {
        let request = ctx.request()?.clone();
        let id = graphql(&request, decode(&id, "id").map_err(DomainError::from))?;
        graphql(&request, pairings::view(&request, id).await)?;
        // Without a request in its state it has ended: after an error the client subscribes anew.
        let looks = stream::unfold((Some(request), None), move |(request, seen)| async move {
            let request = request?;
            let mut is_first = seen.is_none();
            loop {
                if !std::mem::take(&mut is_first) {
                    tokio::time::sleep(INTERVAL).await;
                }
                match pairings::view(&request, id).await {
                    Ok(pairing) if Some(pairing.version) == seen => {}
                    Ok(pairing) => {
                        let version = pairing.version;
                        return Some((Ok(Pairing(pairing)), (Some(request), Some(version))));
                    }
                    Err(DomainError::NotFound) => return None,
                    Err(error) => {
                        let told = graphql(&request, Err(error));
                        return Some((told, (None, seen)));
                    }
                }
            }
        });
        Ok(looks.boxed())
    }

    /// What changes in the current suggestions from now on: first an empty difference, which says from which moment on,
    /// then each difference. Read the list after the first, again until its revision is not less than that of the first, and
    /// again whenever `revision` is greater than the one that one has and `sinceRevision` is another. For coordinators.
    async fn current_suggestions_changed(
        &self,
        ctx: &Context<'_>,
    ) -> Result<impl Stream<Item = Result<SuggestionsDifference>> + use<>> {
        let request = ctx.request()?.clone();
        let updates = graphql(&request, updates(request.clone()).await)?;
        let told =
            updates.map(move |update| graphql(&request, update.map(SuggestionsDifference::from)));
        Ok(told.boxed())
    }

    /// How much of each kind waits for coordinators, as it is now, and again whenever that changes: within a second, whichever
    /// server it changed on. The same for all coordinators. For coordinators.
    async fn worklist_changed(
        &self,
        ctx: &Context<'_>,
    ) -> Result<impl Stream<Item = Result<Vec<WorklistCount>>> + use<>> {
        let request = ctx.request()?.clone();
        let updates = graphql(&request, worklist::changes::updates(request.clone()).await)?;
        let told = updates.map(move |update| {
            let counts = graphql(&request, update)?;
            Ok(counts.iter().copied().map(WorklistCount::from).collect())
        });
        Ok(told.boxed())
    }
}
