//! What an account agreed to or took back, when, and in which words. Rows are added, never changed: the
//! latest per purpose counts.

use sea_orm::entity::prelude::*;

use crate::choice::choice;
use crate::id::{AccountId, ConsentId};
use crate::language::Language;

choice! {
    /// What the consent is for.
    pub enum ConsentPurpose {
        /// Being proposed for roles.
        Matching = "matching",
        /// Receiving news.
        Newsletter = "newsletter",
        /// Showing contact details to the other side of a confirmed pairing.
        Sharing = "sharing",
    }
}

choice! {
    /// Where it was given.
    pub enum ConsentChannel {
        /// On the site.
        Web = "web",
        /// By a link in a mail.
        Mail = "mail",
        /// Through the API.
        Api = "api",
    }
}

/// One act of giving or taking back consent.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "consent")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ConsentId,
    pub account_id: AccountId,
    pub purpose: ConsentPurpose,
    pub is_granted: bool,
    pub wording_version: String,
    /// The language of the words that were agreed to.
    pub language: Language,
    pub channel: ConsentChannel,
    pub given_at: DateTimeUtc,
    #[sea_orm(belongs_to, from = "account_id", to = "id")]
    pub account: BelongsTo<super::account::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
