//! Replacing the weekly windows in which a volunteer is free. They keep their local time through daylight saving.

use entity::id::VolunteerWindowId;
use entity::{volunteer, volunteer_window};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, Set};

use super::{load_own, require_none, save};
use crate::context::Context;
use crate::domain::accounts::register::zone_violation;
use crate::domain::weekly_window;
use crate::error::{Code, DomainError, Violation};
use crate::store::transaction::begin_write;

/// The windows as they shall be.
#[derive(Clone, Debug)]
pub struct Input {
    /// The version that was read.
    pub expected_version: i32,
    /// IANA time zone of the windows; the profile's when absent.
    pub zone: Option<String>,
    /// At most 50, none overlapping another.
    pub windows: Vec<weekly_window::Input>,
}

/// Replaces the actor's windows.
pub async fn run(ctx: &Context, input: &Input) -> Result<volunteer::Model, DomainError> {
    let before = load_own(ctx, &ctx.app.store.connection).await?;
    let mut violations = Vec::new();
    match (&input.zone, &before.zone) {
        (Some(zone), _) => violations.extend(zone_violation(zone, "zone")),
        (None, Some(_)) => {}
        (None, None) => violations.push(Violation::new(
            Code::Required,
            "zone",
            "Say in which time zone these hours are, such as America/Toronto.",
            "Précisez le fuseau horaire de ces heures, comme America/Toronto.",
        )),
    }
    let windows = match weekly_window::parse_all(&input.windows, "windows") {
        Ok(windows) => windows,
        Err(found) => {
            violations.extend(found);
            Vec::new()
        }
    };
    require_none(violations)?;

    let rows: Vec<_> = windows
        .into_iter()
        .map(|window| volunteer_window::ActiveModel {
            id: Set(VolunteerWindowId::new(ctx.app.new_id())),
            volunteer_id: Set(before.id),
            weekday: Set(window.weekday),
            start_minute: Set(window.start_minute),
            end_minute: Set(window.end_minute),
        })
        .collect();
    let change = volunteer::ActiveModel {
        zone: Set(input.zone.clone().or_else(|| before.zone.clone())),
        ..Default::default()
    };
    let transaction = begin_write(&ctx.app.store).await?;
    let volunteer = save(
        ctx,
        &*transaction,
        &before,
        Some(input.expected_version),
        change,
    )
    .await?;
    volunteer_window::Entity::delete_many()
        .filter(volunteer_window::COLUMN.volunteer_id.eq(before.id))
        .exec(&*transaction)
        .await?;
    volunteer_window::Entity::insert_many(rows)
        .exec_without_returning(&*transaction)
        .await?;
    transaction.commit().await?;
    Ok(volunteer)
}
