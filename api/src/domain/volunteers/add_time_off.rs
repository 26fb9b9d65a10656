//! Saying on which days one is away.

use chrono::NaiveDate;
use entity::id::TimeOffId;
use entity::{time_off, volunteer};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, PaginatorTrait as _,
    QueryFilter as _, Set,
};

use super::{load_own, require_none, today, touch};
use crate::context::Context;
use crate::error::{Code, DomainError, Violation};
use crate::store::transaction::begin_write;

/// The most stretches one profile has.
const MAX_TIMES_OFF: u64 = 50;

/// The days.
#[derive(Clone, Debug)]
pub struct Input {
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day, not before the first and not over yet.
    pub ends_on: NaiveDate,
}

/// Adds a stretch of days to the actor's profile.
pub async fn run(ctx: &Context, input: &Input) -> Result<volunteer::Model, DomainError> {
    let before = load_own(ctx, &ctx.app.store.connection).await?;
    let mut violations = Vec::new();
    if input.ends_on < input.starts_on {
        violations.push(Violation::new(
            Code::Invalid,
            "endsOn",
            "The last day is before the first.",
            "Le dernier jour précède le premier.",
        ));
    } else if input.ends_on < today(ctx, &before) {
        violations.push(Violation::new(
            Code::OutOfRange,
            "endsOn",
            "These days are over already.",
            "Ces jours sont déjà passés.",
        ));
    }
    require_none(violations)?;

    let transaction = begin_write(&ctx.app.store).await?;
    let volunteer = touch(ctx, &*transaction, &before, None).await?;
    let own = time_off::Entity::find().filter(time_off::COLUMN.volunteer_id.eq(before.id));
    if own.clone().count(&*transaction).await? >= MAX_TIMES_OFF {
        return Err(Violation::new(
            Code::TooLong,
            "",
            format!("At most {MAX_TIMES_OFF} stretches of time off; remove one first."),
            format!("Au plus {MAX_TIMES_OFF} périodes d’absence; retirez-en d’abord une."),
        )
        .into());
    }
    let same = own
        .filter(time_off::COLUMN.starts_on.eq(input.starts_on))
        .filter(time_off::COLUMN.ends_on.eq(input.ends_on));
    if same.one(&*transaction).await?.is_some() {
        return Err(Violation::new(
            Code::Duplicate,
            "startsOn",
            "These days are marked already.",
            "Ces jours sont déjà indiqués.",
        )
        .into());
    }
    time_off::ActiveModel {
        id: Set(TimeOffId::new(ctx.app.new_id())),
        volunteer_id: Set(before.id),
        starts_on: Set(input.starts_on),
        ends_on: Set(input.ends_on),
    }
    .insert(&*transaction)
    .await?;
    transaction.commit().await?;
    Ok(volunteer)
}
