//! Changing what a profile says besides its lists. What is unknown may stay, or become, unknown.

use entity::id::RoleFamilyId;
use entity::language::Language;
use entity::personal::Personal;
use entity::{role_family, volunteer};
use sea_orm::{ActiveValue, EntityTrait as _, Set, Value};
use validator::Validate;

use super::{load_own, require_none, save};
use crate::context::Context;
use crate::domain::accounts::register::zone_violation;
use crate::domain::text::{clean_personal, personal_violation};
use crate::error::{Code, DomainError, Violation};
use crate::store::transaction::begin_write;

/// The longest `about`, in characters.
const MAX_ABOUT: usize = 2000;
/// The longest name of a city, in characters.
const MAX_CITY: usize = 120;

/// What shall change. An absent field stays; `Some(None)` makes it unknown.
#[derive(Clone, Debug, Default, Validate)]
pub struct Input {
    /// The version that was read.
    pub expected_version: i32,
    /// Kind of profession.
    pub role_family_id: Option<Option<RoleFamilyId>>,
    /// In the volunteer's own words.
    pub about: Option<Option<Personal>>,
    /// The language of those words.
    pub about_language: Option<Option<Language>>,
    /// Hours a week.
    #[validate(range(min = 1, max = 168))]
    pub hours_per_week: Option<Option<i32>>,
    /// Whether remote work is welcome.
    pub accepts_remote: Option<Option<bool>>,
    /// City.
    pub city: Option<Option<Personal>>,
    /// Degrees north.
    pub latitude: Option<Option<Personal<f64>>>,
    /// Degrees east.
    pub longitude: Option<Option<Personal<f64>>>,
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
    let about = match &input.about {
        Some(about) => clean_personal(about.as_ref()),
        None => before.about.clone(),
    };
    let about_language = match &about {
        Some(_) => input.about_language.unwrap_or(before.about_language),
        None => None,
    };
    let latitude = input
        .latitude
        .clone()
        .unwrap_or_else(|| before.latitude.clone());
    let longitude = input
        .longitude
        .clone()
        .unwrap_or_else(|| before.longitude.clone());

    let mut violations = crate::validation::violations(input);
    violations.extend(in_own_words(input));
    if about.is_some() && about_language.is_none() {
        violations.push(Violation::new(
            Code::Required,
            "aboutLanguage",
            "Say which language this text is in.",
            "Précisez la langue de ce texte.",
        ));
    }
    violations.extend(half_place(latitude.is_some(), longitude.is_some()));
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
        city: changed(
            input
                .city
                .as_ref()
                .map(|city| clean_personal(city.as_ref())),
        ),
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

/// What is wrong with what the volunteer tells of themselves; `validator` would copy the values into its errors.
fn in_own_words(input: &Input) -> Vec<Violation> {
    let mut found = Vec::new();
    let about = input.about.iter().flatten().next();
    found.extend(personal_violation(about, "about", MAX_ABOUT));
    let city = input.city.iter().flatten().next();
    found.extend(personal_violation(city, "city", MAX_CITY));
    for (field, degrees, limit) in [
        ("latitude", &input.latitude, 90.0),
        ("longitude", &input.longitude, 180.0),
    ] {
        let degrees = degrees.iter().flatten().next();
        if degrees.is_some_and(|it| !(-limit..=limit).contains(it.expose())) {
            found.push(Violation::new(
                Code::OutOfRange,
                field,
                format!("Must be from -{limit} to {limit}."),
                format!("Doit être de -{limit} à {limit}."),
            ));
        }
    }
    found
}

fn half_place(has_latitude: bool, has_longitude: bool) -> Option<Violation> {
    let (missing, en, fr) = match (has_latitude, has_longitude) {
        (true, false) => ("longitude", "latitude", "latitude"),
        (false, true) => ("latitude", "longitude", "longitude"),
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
