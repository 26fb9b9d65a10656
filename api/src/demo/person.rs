//! The demo's accounts. Only those listed in [`LOG_INS`] have a password.

use chrono::TimeDelta;
use entity::account::{self, AccountState, StaffRole};
use entity::id::AccountId;
use entity::language::Language;
use entity::personal::Personal;
use sea_orm::{ActiveModelTrait as _, ConnectionTrait, Set};

use crate::context::Context;
use crate::domain::accounts::email::normalize;
use crate::error::DomainError;

/// The password of every demo log-in. The demo runs on one's own machine only.
pub const PASSWORD: &str = "civic tech demo";
/// Who can log in to the demo, and as what.
pub const LOG_INS: [(&str, &str); 4] = [
    (COORDINATOR, "coordinator"),
    (REPRESENTATIVE, "owner of Civic Tech Toronto"),
    (VOLUNTEER_EN, "volunteer, English"),
    (VOLUNTEER_FR, "bénévole, français"),
];
pub(super) const COORDINATOR: &str = "coordinator@example.org";
pub(super) const REPRESENTATIVE: &str = "nonprofit@example.org";
pub(super) const VOLUNTEER_EN: &str = "volunteer@example.org";
pub(super) const VOLUNTEER_FR: &str = "benevole@example.org";

/// A person to store.
pub(super) struct Person<'a> {
    pub(super) email: &'a str,
    pub(super) given_name: &'a str,
    pub(super) family_name: &'a str,
    pub(super) language: Language,
    pub(super) zone: &'a str,
    pub(super) password_hash: Option<&'a str>,
    pub(super) staff_role: Option<StaffRole>,
}

/// The demo's coordinator.
pub(super) async fn insert_staff(
    ctx: &Context,
    tx: &impl ConnectionTrait,
    hash: &str,
) -> Result<AccountId, DomainError> {
    let person = Person {
        email: COORDINATOR,
        given_name: "Camille",
        family_name: "R.",
        language: Language::En,
        zone: "America/Toronto",
        password_hash: Some(hash),
        staff_role: Some(StaffRole::Coordinator),
    };
    let row = row(ctx, &person);
    Ok(row.insert(tx).await?.id)
}

/// A verified account, made some months ago.
pub(super) fn row(ctx: &Context, person: &Person<'_>) -> account::ActiveModel {
    let joined_at = ctx.now() - TimeDelta::days(90);
    let email = Personal::new(person.email);
    account::ActiveModel {
        id: Set(AccountId::new(ctx.app.new_id())),
        email_normalized: Set(normalize(&email)),
        email: Set(email),
        password_hash: Set(person.password_hash.map(str::to_owned)),
        given_name: Set(Personal::new(person.given_name)),
        family_name: Set(Personal::new(person.family_name)),
        preferred_language: Set(Some(person.language)),
        zone: Set(person.zone.to_owned()),
        state: Set(AccountState::Active),
        staff_role: Set(person.staff_role),
        email_verified_at: Set(Some(joined_at)),
        version: Set(1),
        created_at: Set(joined_at),
        updated_at: Set(joined_at),
    }
}
