//! Beginning a profile. The address need not be confirmed yet; being proposed needs that, and consent to matching.

use entity::id::VolunteerId;
use entity::volunteer::{self, VolunteerState};
use sea_orm::{ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, QueryFilter as _, Set};

use crate::context::Context;
use crate::domain::accounts;
use crate::error::{Code, DomainError, Violation};
use crate::policy::volunteer::{VolunteerAction, VolunteerFacts, decide};
use crate::store::constraint;
use crate::store::transaction::begin_write;

/// Most placements at once until the volunteer says otherwise.
const DEFAULT_MAX_PLACEMENTS: i32 = 1;

/// Creates an empty profile for the actor, in the zone of its account.
pub async fn run(ctx: &Context) -> Result<volunteer::Model, DomainError> {
    let account_id = ctx.person()?.account_id;
    let facts = VolunteerFacts::of_owner(account_id);
    decide(&ctx.actor, VolunteerAction::Start, &facts).require()?;
    let transaction = begin_write(&ctx.app.store).await?;
    let account = accounts::load(&*transaction, account_id).await?;
    let known = volunteer::Entity::find()
        .filter(volunteer::COLUMN.account_id.eq(account_id))
        .one(&*transaction)
        .await?;
    if known.is_some() {
        return Err(already_started().into());
    }
    let now = ctx.now();
    let inserted = volunteer::ActiveModel {
        id: Set(VolunteerId::new(ctx.app.new_id())),
        account_id: Set(account_id),
        role_family_id: Set(None),
        about: Set(None),
        about_language: Set(None),
        state: Set(VolunteerState::Active),
        paused_until: Set(None),
        hours_per_week: Set(None),
        accepts_remote: Set(None),
        city: Set(None),
        latitude: Set(None),
        longitude: Set(None),
        radius_km: Set(None),
        zone: Set(Some(account.zone)),
        max_placements: Set(DEFAULT_MAX_PLACEMENTS),
        last_active_at: Set(now),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
    }
    .insert(&*transaction)
    .await;
    let volunteer = inserted.map_err(|error| {
        let is_started = constraint::is_unique_violation(
            &error,
            "uq_volunteer_account_id",
            "volunteer",
            &["account_id"],
        );
        if is_started {
            already_started().into()
        } else {
            DomainError::from(error)
        }
    })?;
    transaction.commit().await?;
    Ok(volunteer)
}

fn already_started() -> Violation {
    Violation::new(
        Code::AlreadyExists,
        "",
        "You have a volunteer profile already.",
        "Vous avez déjà un profil de bénévole.",
    )
}
