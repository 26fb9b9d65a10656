//! What changed in the current suggestions.

use async_graphql::{ID, SimpleObject};
use chrono::{DateTime, Utc};

use super::evaluation::Suggestion;
use super::revision::Revision;
use crate::domain::matching::current::changes::Update;
use crate::graphql::id::encode;

/// What changed in the current suggestions between two moments.
#[derive(SimpleObject)]
pub struct SuggestionsDifference {
    /// The later moment.
    as_of: DateTime<Utc>,
    /// The revision of the list to which this difference leads. Skip one that is less than that of the list read; apply one
    /// that is equal: only time has passed, or the list has it already, which does no harm.
    revision: Revision,
    /// The revision of the list from which it leads: that of the difference told before. Where `revision` is greater than the
    /// reader's and this is not the reader's, they have missed something: read the list again.
    since_revision: Revision,
    /// Suggested now and not before, or at another score or for other reasons; best first, at most 100.
    proposed: Vec<Suggestion>,
    /// Suggested before and not now; at most 100.
    withdrawn: Vec<WithdrawnSuggestion>,
    /// Whether that is all of it; when not, read the list again.
    is_whole: bool,
}

/// A pair that is not suggested any more.
#[derive(SimpleObject)]
pub struct WithdrawnSuggestion {
    /// The role.
    role_id: ID,
    /// The volunteer.
    volunteer_id: ID,
}

impl From<Update> for SuggestionsDifference {
    fn from(update: Update) -> Self {
        let changes = update.changes;
        let withdrawn = changes.withdrawn.iter();
        Self {
            as_of: update.as_of,
            revision: Revision(update.revision),
            since_revision: Revision(update.since_revision),
            proposed: changes.proposed.iter().cloned().map(Suggestion).collect(),
            withdrawn: withdrawn
                .map(|(role, volunteer)| WithdrawnSuggestion {
                    role_id: encode(role),
                    volunteer_id: encode(volunteer),
                })
                .collect(),
            is_whole: !changes.is_cut,
        }
    }
}
