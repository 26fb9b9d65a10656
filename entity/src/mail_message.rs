//! Every mail, rendered, from the moment it is decided to what became of it.

use sea_orm::entity::prelude::*;

use crate::choice::choice;
use crate::id::{AccountId, ConsentId, MailMessageId, PairingId};
use crate::language::Language;
use crate::personal::Personal;

choice! {
    /// What the mail is about, which is what one can unsubscribe from.
    pub enum MailTopic {
        /// Verification, passwords and the like; always sent.
        Account = "account",
        /// Offers and what follows from them.
        Offers = "offers",
        /// Regular summaries.
        Digest = "digest",
        /// News.
        Newsletter = "newsletter",
    }
}

choice! {
    /// What became of the mail.
    pub enum MailState {
        /// Waits for delivery.
        Queued = "queued",
        /// Taken by the mail server.
        Sent = "sent",
        /// Not sent: the address opted out or bounced.
        Suppressed = "suppressed",
        /// Not sent: its cause had gone before its turn came.
        Dropped = "dropped",
        /// Given up after the last attempt.
        Failed = "failed",
    }
}

choice! {
    /// What allowed the mail.
    pub enum MailBasis {
        /// The reader has an account, and the mail is about that.
        Account = "account",
        /// The reader agreed to mail of this kind.
        Consent = "consent",
        /// The reader is a side of the pairing that the mail is about.
        Pairing = "pairing",
        /// The reader answers for the organization that the mail is about.
        Membership = "membership",
        /// The reader runs the marketplace.
        Staff = "staff",
    }
}

/// A rendered mail.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mail_message")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MailMessageId,
    /// Which mail it is, as the templates are named.
    pub kind: String,
    pub topic: MailTopic,
    pub account_id: Option<AccountId>,
    pub pairing_id: Option<PairingId>,
    pub to_address: Personal,
    /// Absent for a mail in both languages.
    pub language: Option<Language>,
    pub subject: Personal,
    /// The whole message as RFC 5322 text.
    pub raw: Personal,
    /// The `Message-ID`, without angle brackets.
    #[sea_orm(unique)]
    pub message_id: String,
    pub state: MailState,
    pub attempts: i32,
    pub error: Option<Personal>,
    pub created_at: DateTimeUtc,
    pub sent_at: Option<DateTimeUtc>,
    /// Unknown for mails from before this was kept.
    pub basis: Option<MailBasis>,
    /// The act of consent, when the basis is one.
    pub consent_id: Option<ConsentId>,
    /// When word came that it was not delivered after all.
    pub bounced_at: Option<DateTimeUtc>,
    /// Why, as an enhanced status code such as `5.1.1`.
    pub bounce_status: Option<String>,
    /// When word came that its reader called it spam.
    pub complained_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
