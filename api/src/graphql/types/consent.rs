//! What accounts agree to.

use async_graphql::{Enum, SimpleObject};
use chrono::{DateTime, Utc};
use entity::consent;

use super::language::Language;

/// What personal data may be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::consent::ConsentPurpose")]
pub enum ConsentPurpose {
    /// Proposing roles to the person.
    Matching,
    /// News by mail.
    Newsletter,
    /// Showing contact details to the other side of a confirmed pairing.
    Sharing,
}

/// Where a consent was given or taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::consent::ConsentChannel")]
pub enum ConsentChannel {
    /// On the site.
    Web,
    /// By a link in a mail.
    Mail,
    /// Through the API.
    Api,
}

/// One act of giving consent or taking it back. The latest for a purpose counts.
#[derive(SimpleObject)]
pub struct Consent {
    /// What for.
    purpose: ConsentPurpose,
    /// Given, or taken back.
    is_granted: bool,
    /// The version of the words that were shown.
    wording_version: String,
    /// The language of those words.
    language: Language,
    /// Where it happened.
    channel: ConsentChannel,
    /// When it happened.
    given_at: DateTime<Utc>,
}

impl From<consent::Model> for Consent {
    fn from(consent: consent::Model) -> Self {
        Self {
            purpose: consent.purpose.into(),
            is_granted: consent.is_granted,
            wording_version: consent.wording_version,
            language: consent.language.into(),
            channel: consent.channel.into(),
            given_at: consent.given_at,
        }
    }
}
