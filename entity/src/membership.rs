//! An account's role in an organization.

use sea_orm::entity::prelude::*;

use crate::choice::choice;
use crate::id::{AccountId, MembershipId, OrganizationId};

choice! {
    /// What a member may do for the organization.
    pub enum MembershipRole {
        /// Everything, including choosing the other members.
        Owner = "owner",
        /// Projects, roles and answers to offers.
        Manager = "manager",
        /// Sees what the organization sees.
        Member = "member",
    }
}

choice! {
    /// Whether the membership counts.
    pub enum MembershipState {
        /// Asked for by the account, not yet granted.
        Requested = "requested",
        /// Granted.
        Active = "active",
    }
}

/// An account's role in an organization; at most one per pair.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "membership")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MembershipId,
    #[sea_orm(unique_key = "member")]
    pub organization_id: OrganizationId,
    #[sea_orm(unique_key = "member")]
    pub account_id: AccountId,
    pub role: MembershipRole,
    pub state: MembershipState,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    #[sea_orm(belongs_to, from = "organization_id", to = "id")]
    pub organization: BelongsTo<super::organization::Entity>,
    #[sea_orm(belongs_to, from = "account_id", to = "id")]
    pub account: BelongsTo<super::account::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
