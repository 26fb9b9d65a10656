//! Who did what, when: appended only, each entry sealed by a hash over itself and the one before, and
//! without any personal value.

use sea_orm::entity::prelude::*;

use crate::choice::choice;
use crate::id::{AccountId, AuditEventId};

choice! {
    /// The capacity in which someone acted.
    pub enum AuditActorKind {
        /// A job or the command line, with nobody logged in.
        System = "system",
        /// Someone who is not logged in.
        Anonymous = "anonymous",
        /// Someone who is logged in, for themselves or for an organization.
        Account = "account",
        /// A coordinator or an administrator.
        Staff = "staff",
    }
}

/// One entry of the audit log.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_event")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AuditEventId,
    /// From 1, without gaps.
    #[sea_orm(unique)]
    pub sequence: i64,
    pub at: DateTimeUtc,
    pub actor_account_id: Option<AccountId>,
    pub actor_kind: AuditActorKind,
    pub action: String,
    pub subject_kind: String,
    pub subject_id: Option<String>,
    pub request_id: Option<String>,
    /// Facts about the action; no personal values.
    #[sea_orm(column_type = "JsonBinary")]
    pub detail: Json,
    /// Hash of the entry before, lower-case hexadecimal.
    pub previous_hash: String,
    /// Hash of this entry and `previous_hash`, lower-case hexadecimal.
    pub hash: String,
}

impl ActiveModelBehavior for ActiveModel {}
