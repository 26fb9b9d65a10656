//! A coordinator's standing instruction to the matcher.

use async_graphql::{Enum, ID, Object};
use chrono::{DateTime, Utc};
use entity::pairing_rule;
use entity::personal::Personal;

use crate::graphql::id::encode;

/// A coordinator's word that overrules the matcher for one role and one volunteer.
pub struct PairingRule(pub pairing_rule::Model);

/// A coordinator's word that overrules the matcher for one role and one volunteer.
#[Object]
impl PairingRule {
    /// The role.
    async fn role_id(&self) -> ID {
        encode(&self.0.role_id)
    }

    /// The volunteer.
    async fn volunteer_id(&self) -> ID {
        encode(&self.0.volunteer_id)
    }

    /// What the matcher must do.
    async fn kind(&self) -> PairingRuleKind {
        self.0.kind.into()
    }

    /// Why, for other coordinators.
    async fn note(&self) -> Option<&String> {
        self.0.note.as_ref().map(Personal::expose)
    }

    /// The account that set it last.
    async fn created_by_id(&self) -> ID {
        encode(&self.0.created_by)
    }

    /// When it was set last.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
}

/// What the matcher must do with a role and a volunteer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::pairing_rule::PairingRuleKind")]
pub enum PairingRuleKind {
    /// Propose the two if it is possible at all.
    Pin,
    /// Never propose the two.
    Forbid,
}
