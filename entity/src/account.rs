//! Someone who can log in; may hold a volunteer profile, memberships and a staff role at once.
//!
//! An account is never deleted: erasing a person empties the row and leaves its id as a tombstone, so that
//! counts and history keep their references.

use sea_orm::entity::prelude::*;

use crate::choice::choice;
use crate::id::AccountId;
use crate::language::Language;
use crate::personal::Personal;

choice! {
    /// How far an account may be used.
    pub enum AccountState {
        /// The address has not been proven yet.
        Unverified = "unverified",
        /// In use.
        Active = "active",
        /// Shut by an administrator, or by its owner, who asked to be forgotten and is not yet.
        Disabled = "disabled",
        /// The person asked to be forgotten; the row holds nothing personal any more.
        Erased = "erased",
    }
}

choice! {
    /// A role in running the marketplace.
    pub enum StaffRole {
        /// Vets organizations, reviews projects, runs the matcher, approves pairings.
        Coordinator = "coordinator",
        /// A coordinator who also manages accounts and staff.
        Admin = "admin",
    }
}

/// Someone who can log in.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "account")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AccountId,
    /// As the person wrote it; mail goes here.
    pub email: Personal,
    /// What makes an address the same address as another.
    #[sea_orm(unique)]
    pub email_normalized: Personal,
    /// PHC string; none for accounts that have not chosen a password.
    pub password_hash: Option<String>,
    pub given_name: Personal,
    pub family_name: Personal,
    pub preferred_language: Option<Language>,
    /// IANA time zone.
    pub zone: String,
    pub state: AccountState,
    pub staff_role: Option<StaffRole>,
    pub email_verified_at: Option<DateTimeUtc>,
    /// Counts guarded updates, from 1.
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    #[sea_orm(has_one)]
    pub volunteer: HasOne<super::volunteer::Entity>,
    #[sea_orm(has_many)]
    pub memberships: HasMany<super::membership::Entity>,
    #[sea_orm(has_many)]
    pub sessions: HasMany<super::session::Entity>,
}

impl ActiveModelBehavior for ActiveModel {}
