//! Who writes and who reads.

use std::fmt;

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::{address::Address, language::Language};

/// The person a mail is for. Its `Debug` does not show who that is.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipient {
    /// What to call the person; empty if unknown.
    pub name: String,
    /// Where the mail goes.
    pub address: Address,
    /// The language chosen; unknown means one mail with both.
    pub language: Option<Language>,
    /// The zone in which dates and times are said.
    pub zone: Tz,
    /// The signed link that stops mail of the message's topic, at once and without logging in. Mail that the person
    /// may decline is not rendered without it.
    pub unsubscribe_url: Option<String>,
}

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Recipient(…)")
    }
}

/// Who sends: the identification that Canada's anti-spam law asks of every mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sender {
    /// The name shown beside the address.
    pub name: String,
    /// The `From` address.
    pub address: Address,
    /// The organization that runs the marketplace.
    pub organization: String,
    /// Its postal address, on one line.
    pub postal_address: String,
    /// The public address of the marketplace, without a slash at its end.
    pub base_url: String,
}
