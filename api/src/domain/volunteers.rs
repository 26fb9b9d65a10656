//! Profiles of digital professionals: what they can do, when they are free, what they speak and care about.
//!
//! A half-finished profile is usable, and what is not known is stored as unknown. Every change counts the version and
//! tells when the volunteer was last active.

pub mod add_time_off;
pub mod hint;
pub mod list;
pub mod remove_time_off;
pub mod resume;
pub mod set_causes;
pub mod set_conflicts;
pub mod set_languages;
pub mod set_skills;
pub mod set_state;
pub mod set_windows;
pub mod start;
pub mod update;
pub mod view;

use chrono::NaiveDate;
use entity::volunteer;
use sea_orm::{ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _, Set};

use crate::context::Context;
use crate::domain::version;
use crate::error::{Code, DomainError, Violation};
use crate::policy::volunteer::{VolunteerAction, VolunteerFacts, decide};

/// The actor's own profile, which it may change.
async fn load_own(
    ctx: &Context,
    connection: &impl ConnectionTrait,
) -> Result<volunteer::Model, DomainError> {
    let account_id = ctx.person()?.account_id;
    let facts = VolunteerFacts::of_owner(account_id);
    decide(&ctx.actor, VolunteerAction::Edit, &facts).require()?;
    volunteer::Entity::find()
        .filter(volunteer::COLUMN.account_id.eq(account_id))
        .one(connection)
        .await?
        .ok_or_else(|| {
            Violation::new(
                Code::WrongState,
                "",
                "Start your volunteer profile first.",
                "Commencez d’abord votre profil de bénévole.",
            )
            .into()
        })
}

/// Stores `change` and the next version when the profile is still as it was read: at `expected_version` when the caller
/// named one, else at that of `before`.
async fn save(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    before: &volunteer::Model,
    expected_version: Option<i32>,
    change: volunteer::ActiveModel,
) -> Result<volunteer::Model, DomainError> {
    if let Some(expected) = expected_version {
        version::check(before.version, expected)?;
    }
    let now = ctx.now();
    let updated = volunteer::Entity::update_many()
        .set(volunteer::ActiveModel {
            version: Set(before.version + 1),
            last_active_at: Set(now),
            updated_at: Set(now),
            ..change
        })
        .filter(volunteer::COLUMN.id.eq(before.id))
        .filter(volunteer::COLUMN.version.eq(before.version))
        .exec(transaction)
        .await?;
    if updated.rows_affected == 0 {
        // Changed since it was read a moment ago: the next try reads again, and tells when that is not what was expected.
        return Err(DomainError::Retry(DbErr::RecordNotUpdated));
    }
    volunteer::Entity::find_by_id(before.id)
        .one(transaction)
        .await?
        .ok_or(DomainError::NotFound)
}

/// Counts a change of one of the profile's lists, under the same guard as [`save`].
async fn touch(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    before: &volunteer::Model,
    expected_version: Option<i32>,
) -> Result<volunteer::Model, DomainError> {
    let nothing_else = volunteer::ActiveModel::default();
    save(ctx, transaction, before, expected_version, nothing_else).await
}

/// Fails with all of `violations`, if there are any.
fn require_none(violations: Vec<Violation>) -> Result<(), DomainError> {
    if violations.is_empty() {
        Ok(())
    } else {
        Err(DomainError::Rules(violations))
    }
}

/// The date it is for the volunteer, by the profile's zone; without one, by UTC.
pub fn today(ctx: &Context, volunteer: &volunteer::Model) -> NaiveDate {
    let now = ctx.now();
    volunteer
        .zone
        .as_deref()
        .and_then(|zone| zone.parse::<chrono_tz::Tz>().ok())
        .map_or_else(
            || now.date_naive(),
            |zone| now.with_timezone(&zone).date_naive(),
        )
}
