//! The signed link in a mail by which one account answers one pairing for one side, without logging in. It is good for
//! nothing else, and for one offering only.

use chrono::{DateTime, TimeDelta, Utc};
use entity::id::{AccountId, PairingId};
use entity::pairing::{self, PairingSide};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::credentials::link_token::{self, LinkError};
use crate::outbox;

const PURPOSE: &str = "offer";
/// The page still tells how things ended this long after the deadline.
const AFTERLIFE: TimeDelta = TimeDelta::days(90);

/// What the link stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerLink {
    /// The pairing.
    #[serde(rename = "p")]
    pub pairing_id: PairingId,
    /// Who answers.
    #[serde(rename = "a")]
    pub account_id: AccountId,
    /// For which side.
    #[serde(rename = "s")]
    pub side: PairingSide,
    /// The offering: its moment in seconds, 0 before there was one.
    #[serde(rename = "v")]
    pub version: i64,
}

/// The version of links to a pairing as it is now.
pub fn version(pairing: &pairing::Model) -> i64 {
    pairing.offered_at.map_or(0, |at| at.timestamp())
}

/// The address of the page on which `account_id` answers for `side`.
pub fn url(
    app: &App,
    pairing: &pairing::Model,
    side: PairingSide,
    account_id: AccountId,
) -> String {
    let link = AnswerLink {
        pairing_id: pairing.id,
        account_id,
        side,
        version: version(pairing),
    };
    // Mails about a placement come long after its offer was answered.
    let now = app.clock.now();
    let ends = pairing.answer_due_at.map_or(now, |due| due.max(now)) + AFTERLIFE;
    outbox::action_url(app, "offer", PURPOSE, link, ends)
}

/// What a link's token stands for.
///
/// # Errors
/// [`LinkError`] when it is not ours or its time is over.
pub fn read(app: &App, token: &str, now: DateTime<Utc>) -> Result<AnswerLink, LinkError> {
    link_token::verify(&app.config.credentials.link_secret, PURPOSE, token, now)
}
