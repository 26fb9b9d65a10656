//! A placed volunteer says how it goes.

use entity::check_in::{self, CheckInAnswer};
use entity::id::CheckInId;
use entity::personal::Personal;
use entity::placement;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, Set};

use super::check_ins;
use crate::context::Context;
use crate::domain::{pairings, text};
use crate::error::DomainError;
use crate::policy::pairing::{PairingAction, decide};
use crate::store::transaction::begin_write;

/// The longest note, in characters.
pub const MAX_NOTE: usize = 2_000;

/// Which question, and the answer.
#[derive(Clone, Debug)]
pub struct Input {
    /// The check-in.
    pub id: CheckInId,
    /// How it goes.
    pub answer: CheckInAnswer,
    /// More, for coordinators.
    pub note: Option<Personal>,
}

/// Answers, also late; another answer takes the place of the one before.
///
/// # Errors
/// Violations: a note that is too long.
pub async fn run(ctx: &Context, input: &Input) -> Result<check_in::Model, DomainError> {
    ctx.person()?;
    let transaction = begin_write(&ctx.app.store).await?;
    let (_, placement) = check_in::Entity::find_by_id(input.id)
        .find_also_related(placement::Entity)
        .one(&*transaction)
        .await?
        .ok_or(DomainError::NotFound)?;
    let placement = placement.ok_or(DomainError::NotFound)?;
    let pairing = pairings::load(&*transaction, placement.pairing_id).await?;
    let facts = (&pairing).into();
    if !decide(&ctx.actor, PairingAction::ViewCheckIns, &facts).is_allowed() {
        return Err(DomainError::NotFound);
    }
    decide(&ctx.actor, PairingAction::AnswerAsVolunteer, &facts).require()?;
    let note = input.note.as_ref().map(|note| note.expose().as_str());
    let note = text::clean(note).map(Personal::new);
    if let Some(violation) = text::personal_violation(note.as_ref(), "note", MAX_NOTE) {
        return Err(violation.into());
    }
    check_in::Entity::update_many()
        .set(check_in::ActiveModel {
            answered_at: Set(Some(ctx.now())),
            answer: Set(Some(input.answer)),
            note: Set(note),
            ..Default::default()
        })
        .filter(check_in::COLUMN.id.eq(input.id))
        .exec(&*transaction)
        .await?;
    let answered = check_ins::load(&*transaction, input.id).await?;
    transaction.commit().await?;
    Ok(answered)
}
