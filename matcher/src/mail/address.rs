//! Mail addresses that any relay accepts, and the envelope that SMTP needs.
//!
//! Non-ASCII addresses are refused here, with their own error, because most relays lack SMTPUTF8 and would refuse
//! them only after the mail was queued.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A valid ASCII mail address. Its `Debug` does not show it, so that no log does by accident.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Address(lettre::Address);

/// Why an address was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// It has characters outside ASCII, which needs SMTPUTF8 from every relay on the way.
    #[error("mail addresses with letters outside ASCII are not supported")]
    NotAscii,
    /// It is not a mail address.
    #[error("this is not a mail address")]
    Invalid,
}

impl Address {
    /// Reads `local@domain`.
    ///
    /// # Errors
    /// `NotAscii` for an internationalized address; `Invalid` for anything else that is no address, spaces and
    /// control characters included, even where RFC 5322 would allow them between quotes.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        if !text.is_ascii() {
            return Err(AddressError::NotAscii);
        }
        if text.len() > 254 || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(AddressError::Invalid);
        }
        text.parse().map(Self).map_err(|_| AddressError::Invalid)
    }

    /// The address as text.
    pub fn as_str(&self) -> &str {
        self.0.as_ref()
    }

    /// What follows the `@`.
    pub fn domain(&self) -> &str {
        self.0.domain()
    }

    pub(super) fn inner(&self) -> &lettre::Address {
        &self.0
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Address(…)")
    }
}

impl TryFrom<String> for Address {
    type Error = AddressError;

    fn try_from(text: String) -> Result<Self, AddressError> {
        Self::parse(&text)
    }
}

impl From<Address> for String {
    fn from(address: Address) -> Self {
        address.as_str().to_owned()
    }
}

/// Whom SMTP is told: where bounces go and who receives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// Where bounces go (`MAIL FROM`).
    pub return_path: Address,
    /// Who receives (`RCPT TO`): one person, so that nobody sees another's address.
    pub recipient: Address,
}
