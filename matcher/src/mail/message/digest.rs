//! The summary of new suggestions for coordinators.

use serde::{Deserialize, Serialize};

use super::RoleSummary;
use crate::mail::language::Text;

/// Tells coordinators which pairings wait for them.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuggestionsDigest {
    /// How many wait in all; the list may be shorter.
    pub total: u32,
    /// The best of them, best first.
    pub suggestions: Vec<Suggestion>,
    /// The worklist in the admin client; `None` where there is no such page.
    pub link: Option<String>,
}

/// One suggested pairing.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    /// The role.
    pub role: RoleSummary,
    /// The volunteer's first name.
    pub volunteer_first_name: String,
    /// The score in basis points, 0 to 10,000.
    pub score_bp: u16,
    /// Why they fit, one sentence each.
    pub reasons: Vec<Text>,
}
