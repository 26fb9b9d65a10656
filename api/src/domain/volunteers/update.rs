//! Changing what a profile says besides its lists. What is unknown may stay, or become, unknown.

use entity::id::RoleFamilyId;
use entity::language::Language;
use entity::{role_family, volunteer};
use sea_orm::{ActiveValue, EntityTrait as _, Set, Value};
use validator::Validate;

use super::{load_own, require_none, save};
use crate::context::Context;
use crate::domain::accounts::register::zone_violation;
use crate::error::{Code, DomainError, Violation};
use crate::store::transaction::begin_write;

/// What shall change. An absent field stays; `Some(None)` makes it unknown.
#[derive(Clone, Debug, Default, Validate)]
pub struct Input {
    /// The version that was read.
    pub expected_version: i32,
    /// Kind of profession.
    pub role_family_id: Option<Option<RoleFamilyId>>,
    /// In the volunteer's own words.
    #[validate(length(max = 2000), custom(function = "crate::validation::no_control"))]
    pub about: Option<Option<String>>,
    /// The language of those words.
    pub about_language: Option<Option<Language>>,
    /// Hours a week.
    #[validate(range(min = 1, max = 168))]
    pub hours_per_week: Option<Option<i32>>,
    /// Whether remote work is welcome.
    pub accepts_remote: Option<Option<bool>>,
    /// City.
    #[validate(length(max = 120), custom(function = "crate::validation::no_control"))]
    pub city: Option<Option<String>>,
    /// Degrees north.
    #[validate(range(min = -90.0, max = 90.0))]
    pub latitude: Option<Option<f64>>,
    /// Degrees east.
    #[validate(range(min = -180.0, max = 180.0))]
    pub longitude: Option<Option<f64>>,
    /// Kilometres the volunteer travels.
    #[validate(range(min = 0, max = 20000))]
    pub radius_km: Option<Option<i32>>,
    /// IANA time zone.
    pub zone: Option<String>,
    /// Most placements at once.
    #[validate(range(min = 1, max = 10))]
    pub max_placements: Option<i32>,
}

/// Changes the actor's profile.
pub async fn run(ctx: &Context, input: &Input) -> Result<volunteer::Model, DomainError> {
    let before = load_own(ctx, &ctx.app.store.connection).await?;
    let about = input.about.clone().map(some_text);
    let about = about.unwrap_or_else(|| before.about.clone());
    let about_language = match &about {
        Some(_) => input.about_language.unwrap_or(before.about_language),
        None => None,
    };
    let latitude = input.latitude.unwrap_or(before.latitude);
    let longitude = input.longitude.unwrap_or(before.longitude);

    let mut violations = crate::validation::violations(input);
    if about.is_some() && about_language.is_none() {
        violations.push(Violation::new(
            Code::Required,
            "aboutLanguage",
            "Say which language this text is in.",
            "Précisez la langue de ce texte.",
        ));
    }
    violations.extend(half_place(latitude, longitude));
    violations.extend(
        input
            .zone
            .as_deref()
            .and_then(|zone| zone_violation(zone, "zone")),
    );
    if let Some(Some(id)) = &input.role_family_id {
        violations.extend(unknown_role_family(ctx, id).await?);
    }
    require_none(violations)?;

    let change = volunteer::ActiveModel {
        role_family_id: changed(input.role_family_id.clone()),
        about: Set(about),
        about_language: Set(about_language),
        hours_per_week: changed(input.hours_per_week),
        accepts_remote: changed(input.accepts_remote),
        city: changed(input.city.clone().map(some_text)),
        latitude: Set(latitude),
        longitude: Set(longitude),
        radius_km: changed(input.radius_km),
        zone: changed(input.zone.clone().map(Some)),
        max_placements: changed(input.max_placements),
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
    transaction.commit().await?;
    Ok(volunteer)
}

fn changed<V: Into<Value>>(value: Option<V>) -> ActiveValue<V> {
    value.map_or(ActiveValue::NotSet, Set)
}

/// Trimmed text; nothing when nothing is left.
fn some_text(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().to_owned())
        .filter(|text| !text.is_empty())
}

fn half_place(latitude: Option<f64>, longitude: Option<f64>) -> Option<Violation> {
    let (missing, en, fr) = match (latitude, longitude) {
        (Some(_), None) => ("longitude", "latitude", "latitude"),
        (None, Some(_)) => ("latitude", "longitude", "longitude"),
        _ => return None,
    };
    Some(Violation::new(
        Code::Required,
        missing,
        format!("With a {en}, this is needed too."),
        format!("Avec une {fr}, ce champ est aussi requis."),
    ))
}

async fn unknown_role_family(
    ctx: &Context,
    id: &RoleFamilyId,
) -> Result<Option<Violation>, DomainError> {
    let known = role_family::Entity::find_by_id(id.clone())
        .one(&ctx.app.store.connection)
        .await?;
    Ok(known.is_none().then(|| {
        Violation::new(
            Code::Unknown,
            "roleFamilyId",
            "There is no such role family; choose one of the list.",
            "Cette famille de rôles n’existe pas; choisissez-en une dans la liste.",
        )
    }))
}
