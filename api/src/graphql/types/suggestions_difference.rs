//! What changed in the current suggestions.

use async_graphql::{ID, SimpleObject};
use chrono::{DateTime, Utc};

use super::evaluation::Suggestion;
use crate::domain::matching::current::difference::Difference;
use crate::graphql::id::encode;

/// What changed in the current suggestions between two moments.
#[derive(SimpleObject)]
pub struct SuggestionsDifference {
    /// The later moment.
    as_of: DateTime<Utc>,
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

impl From<Difference> for SuggestionsDifference {
    fn from(difference: Difference) -> Self {
        let withdrawn = difference.withdrawn.iter();
        Self {
            as_of: difference.as_of,
            proposed: difference.proposed.into_iter().map(Suggestion).collect(),
            withdrawn: withdrawn
                .map(|(role, volunteer)| WithdrawnSuggestion {
                    role_id: encode(role),
                    volunteer_id: encode(volunteer),
                })
                .collect(),
            is_whole: difference.is_whole,
        }
    }
}
