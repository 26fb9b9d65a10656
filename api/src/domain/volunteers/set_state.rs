//! Saying whether one wants to be proposed: yes, not now, not before a day, never again. Leaving can be taken back.

use chrono::{Months, NaiveDate};
use entity::volunteer::{self, VolunteerState};
use sea_orm::{ConnectionTrait, Set};

use super::{load_own, require_none, save, today};
use crate::context::Context;
use crate::error::{Code, DomainError, Violation};
use crate::store::transaction::begin_write;

/// The pauses that are offered, in months.
pub const PAUSE_MONTHS: [u32; 4] = [1, 3, 6, 12];
/// The longest pause, in months.
const LONGEST_PAUSE: Months = Months::new(24);

/// The state as it shall be.
#[derive(Clone, Debug)]
pub struct Input {
    /// The state.
    pub state: VolunteerState,
    /// With [`VolunteerState::Paused`]: the first day on which to be proposed again.
    pub paused_until: Option<NaiveDate>,
    /// With [`VolunteerState::Paused`], in place of the day: one of [`PAUSE_MONTHS`] from today.
    pub pause_months: Option<i32>,
}

/// Changes the state of the actor's profile.
pub async fn run(ctx: &Context, input: &Input) -> Result<volunteer::Model, DomainError> {
    let before = load_own(ctx, &ctx.app.store.connection).await?;
    let transaction = begin_write(&ctx.app.store).await?;
    let volunteer = apply(ctx, &*transaction, &before, input).await?;
    transaction.commit().await?;
    Ok(volunteer)
}

/// Changes the state inside the caller's transaction. The caller has made sure that the volunteer wants it: by logging
/// in, or by the signed link of a mail.
///
/// # Errors
/// A pause without an end, with two, or with one that is past or too far.
pub async fn apply(
    ctx: &Context,
    transaction: &impl ConnectionTrait,
    before: &volunteer::Model,
    input: &Input,
) -> Result<volunteer::Model, DomainError> {
    let paused_until = pause_end(input, today(ctx, before))?;
    let change = volunteer::ActiveModel {
        state: Set(input.state),
        paused_until: Set(paused_until),
        ..Default::default()
    };
    save(ctx, transaction, before, None, change).await
}

/// Whether the volunteer wants to be proposed on the day `today`: active, or paused until then at the latest.
pub fn is_seeking(volunteer: &volunteer::Model, today: NaiveDate) -> bool {
    match volunteer.state {
        VolunteerState::Active => true,
        VolunteerState::Paused => volunteer.paused_until.is_some_and(|end| end <= today),
        VolunteerState::Busy | VolunteerState::Left => false,
    }
}

fn pause_end(input: &Input, today: NaiveDate) -> Result<Option<NaiveDate>, DomainError> {
    if input.state != VolunteerState::Paused {
        let given = [
            ("pausedUntil", input.paused_until.is_some()),
            ("pauseMonths", input.pause_months.is_some()),
        ];
        let violations = given
            .into_iter()
            .filter(|(_, is_given)| *is_given)
            .map(|(field, _)| {
                Violation::new(
                    Code::Invalid,
                    field,
                    "Only a pause has an end.",
                    "Seule une pause a une fin.",
                )
            });
        require_none(violations.collect())?;
        return Ok(None);
    }
    let end = match (input.paused_until, input.pause_months) {
        (Some(day), None) => {
            let is_in_range = day > today
                && today
                    .checked_add_months(LONGEST_PAUSE)
                    .is_some_and(|last| day <= last);
            is_in_range.then_some(day).ok_or_else(|| {
                Violation::new(
                    Code::OutOfRange,
                    "pausedUntil",
                    "A pause ends after today and within two years.",
                    "Une pause se termine après aujourd’hui et dans les deux ans.",
                )
            })
        }
        (None, Some(months)) => u32::try_from(months)
            .ok()
            .filter(|months| PAUSE_MONTHS.contains(months))
            .and_then(|months| today.checked_add_months(Months::new(months)))
            .ok_or_else(|| {
                Violation::new(
                    Code::OutOfRange,
                    "pauseMonths",
                    "Pause for 1, 3, 6 or 12 months, or until a day.",
                    "Faites une pause de 1, 3, 6 ou 12 mois, ou jusqu’à un jour donné.",
                )
            }),
        (None, None) => Err(Violation::new(
            Code::Required,
            "pausedUntil",
            "Say until when, as a day or in months.",
            "Précisez jusqu’à quand, par une date ou en mois.",
        )),
        (Some(_), Some(_)) => Err(Violation::new(
            Code::Invalid,
            "pauseMonths",
            "Give the day or the months, not both.",
            "Indiquez la date ou les mois, pas les deux.",
        )),
    };
    Ok(Some(end?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn end(paused_until: Option<&str>, pause_months: Option<i32>) -> Result<String, Code> {
        let input = Input {
            state: VolunteerState::Paused,
            paused_until: paused_until.map(day),
            pause_months,
        };
        match pause_end(&input, day("2026-11-30")) {
            Ok(end) => Ok(end.unwrap().to_string()),
            Err(DomainError::Rules(violations)) => Err(violations[0].code),
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn a_pause_in_months_ends_on_a_real_day() {
        assert_eq!(end(None, Some(1)), Ok("2026-12-30".to_owned()));
        assert_eq!(end(None, Some(3)), Ok("2027-02-28".to_owned()));
        assert_eq!(end(None, Some(12)), Ok("2027-11-30".to_owned()));
        for months in [-1, 0, 2, 13] {
            assert_eq!(end(None, Some(months)), Err(Code::OutOfRange), "{months}");
        }
    }

    #[test]
    fn a_pause_ends_from_tomorrow_to_two_years_from_now() {
        assert_eq!(end(Some("2026-11-30"), None), Err(Code::OutOfRange));
        assert!(end(Some("2026-12-01"), None).is_ok());
        assert!(end(Some("2028-11-30"), None).is_ok());
        assert_eq!(end(Some("2028-12-01"), None), Err(Code::OutOfRange));
    }

    #[test]
    fn a_pause_has_one_end() {
        assert_eq!(end(None, None), Err(Code::Required));
        assert_eq!(end(Some("2026-12-01"), Some(1)), Err(Code::Invalid));
    }
}
