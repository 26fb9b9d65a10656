//! A volunteer takes a break from offers, from the page of one. Who has left for good is not brought back by an old mail.

use entity::id::PairingId;
use entity::volunteer::{self, VolunteerState};
use sea_orm::{EntityTrait as _, QuerySelect as _};

use crate::context::Context;
use crate::domain::volunteers::set_state;
use crate::error::{Code, DomainError, Violation};
use crate::policy::pairing::{PairingAction, decide};
use crate::store::transaction::begin_write;

/// From which pairing's page, and for how long.
#[derive(Clone, Copy, Debug)]
pub struct Input {
    /// The pairing.
    pub pairing_id: PairingId,
    /// One of [`set_state::PAUSE_MONTHS`].
    pub months: i32,
}

/// Pauses the volunteer of the pairing.
///
/// # Errors
/// Violations: another number of months, a volunteer who has left.
pub async fn run(ctx: &Context, input: &Input) -> Result<volunteer::Model, DomainError> {
    let transaction = begin_write(&ctx.app.store).await?;
    let pairing = super::load(&*transaction, input.pairing_id).await?;
    let facts = (&pairing).into();
    decide(&ctx.actor, PairingAction::AnswerAsVolunteer, &facts).require()?;
    let volunteer = volunteer::Entity::find_by_id(pairing.volunteer_id)
        .lock_exclusive()
        .one(&*transaction)
        .await?
        .ok_or(DomainError::NotFound)?;
    if volunteer.state == VolunteerState::Left {
        return Err(has_left().into());
    }
    let state = set_state::Input {
        state: VolunteerState::Paused,
        paused_until: None,
        pause_months: Some(input.months),
    };
    let volunteer = set_state::apply(ctx, &*transaction, &volunteer, &state).await?;
    transaction.commit().await?;
    Ok(volunteer)
}

fn has_left() -> Violation {
    Violation::new(
        Code::WrongState,
        "",
        "You have left, so you get no offers. Log in if you want to come back.",
        "Vous avez quitté la plateforme et ne recevez donc plus d’offres. Ouvrez une session si vous voulez revenir.",
    )
}
