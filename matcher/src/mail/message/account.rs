//! Mails about an account itself.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Proves that an address belongs to its account.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerifyAddress {
    /// The page that confirms the address.
    pub link: String,
    /// Until when the link works.
    pub expires_at: DateTime<Utc>,
}

/// Lets someone choose a new password.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResetPassword {
    /// The page on which the new password is chosen.
    pub link: String,
    /// Until when the link works.
    pub expires_at: DateTime<Utc>,
}

/// Tells the owner of an address that someone tried to register it again.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlreadyRegistered {
    /// Whether the address was confirmed. If not, the link confirms it too, and the link of the first registration has ended.
    pub is_confirmed: bool,
    /// Where to ask for a new password, if it is forgotten.
    pub reset_link: String,
}

/// The last mail to somebody: their data were erased.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountErased {
    /// When they were erased.
    pub erased_at: DateTime<Utc>,
}

/// Tells that the password was changed and all sessions ended.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordChanged {
    /// When it was changed.
    pub changed_at: DateTime<Utc>,
    /// Where to ask for a new password if it was somebody else.
    pub reset_link: String,
}

/// Tells the address of an account that somebody asked for another one in its place.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmailChangeRequested {
    /// When it was asked for.
    pub requested_at: DateTime<Utc>,
    /// Where to ask for a new password if it was somebody else: it ends the request.
    pub reset_link: String,
}

/// Proves that an address that shall be an account's belongs to its owner. To the new address.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfirmNewEmail {
    /// The page that makes the address the account's.
    pub link: String,
    /// Until when the link works.
    pub expires_at: DateTime<Utc>,
}

/// Tells the address of before that the account has another one. Which one it does not say: its reader may have lost the account.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmailChanged {
    /// When it was changed.
    pub changed_at: DateTime<Utc>,
    /// The address to write to if it was somebody else.
    pub contact: String,
}

/// Tells that the second factor of the account was changed, or another way to log in, or that somebody tries to guess codes.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecondFactorChanged {
    /// What was done.
    pub change: FactorChange,
    /// When.
    pub changed_at: DateTime<Utc>,
    /// Where to ask for a new password if it was somebody else.
    pub reset_link: String,
}

/// What was done to a second factor, or to a way to log in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactorChange {
    /// The owner set it up.
    Added,
    /// The owner has new recovery codes.
    CodesRenewed,
    /// The owner took it away.
    Removed,
    /// An administrator took it away.
    Reset,
    /// Nothing: somebody who knows the password tries codes, so many that the app's are not taken for a while.
    Guessed,
    /// The owner has one more passkey.
    PasskeyAdded,
    /// The owner took a passkey away.
    PasskeyRemoved,
    /// Not the factor: the owner logs in with an identity provider's account too.
    IdentityLinked,
    /// Not the factor: the owner does not any more.
    IdentityUnlinked,
}

/// Tells, a good while before, that an account that nobody uses will be closed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InactivityNotice {
    /// When it will be closed.
    pub closes_at: DateTime<Utc>,
    /// Where to ask for a new password, if it is forgotten.
    pub reset_link: String,
}

/// Tells it for the last time, a few days before.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InactivityLastNotice {
    /// When it will be closed.
    pub closes_at: DateTime<Utc>,
    /// Where to ask for a new password, if it is forgotten.
    pub reset_link: String,
}
