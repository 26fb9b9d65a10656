//! Addresses that get no mail on a topic, kept by address so that they outlive the account.

use sea_orm::entity::prelude::*;

use crate::choice::choice;
use crate::id::SuppressionId;
use crate::personal::Personal;

choice! {
    /// The mail that is not sent.
    pub enum SuppressionTopic {
        /// Everything but mail about the account itself.
        All = "all",
        /// Offers and what follows from them.
        Offers = "offers",
        /// Regular summaries.
        Digest = "digest",
        /// News.
        Newsletter = "newsletter",
    }
}

choice! {
    /// Why it is not sent.
    pub enum SuppressionReason {
        /// The owner of the address said so.
        Unsubscribed = "unsubscribed",
        /// The address does not take mail.
        Bounced = "bounced",
        /// The owner marked a mail as spam.
        Complained = "complained",
    }
}

/// An address that gets no mail on a topic.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "suppression")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SuppressionId,
    #[sea_orm(unique_key = "address")]
    pub email_normalized: Personal,
    #[sea_orm(unique_key = "address")]
    pub topic: SuppressionTopic,
    pub reason: SuppressionReason,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
