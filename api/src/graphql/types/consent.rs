//! What accounts agree to.

use async_graphql::{Enum, SimpleObject};
use chrono::{DateTime, Utc};
use entity::consent;

use super::labels::Labels;
use super::language::Language;
use crate::domain::accounts::wordings::Wording;

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

/// The words of a consent, as they are shown to whoever is asked for it.
#[derive(SimpleObject)]
pub struct ConsentWording {
    /// What the consent is for.
    purpose: ConsentPurpose,
    /// The version of the words; name it when giving the consent.
    version: String,
    /// Whether these words are shown now.
    is_current: bool,
    /// The words.
    words: Labels,
}

impl From<Wording> for ConsentWording {
    fn from(wording: Wording) -> Self {
        Self {
            purpose: wording.purpose.into(),
            version: wording.version.to_owned(),
            is_current: wording.is_current(),
            words: Labels {
                en: wording.en.to_owned(),
                fr: wording.fr.to_owned(),
            },
        }
    }
}
