//! Which projects a list has: what its filter asks, cut down to what the actor may see.

use entity::id::{CauseId, OrganizationId, SkillId};
use entity::location_mode::LocationMode;
use entity::project::{Engagement, ProjectStage, ProjectState};
use entity::role::RoleState;
use entity::role_language::RoleLanguageKind;
use entity::{organization, project, project_cause, role, role_language, role_skill};
use sea_orm::sea_query::{Expr, ExprTrait as _, LikeExpr};
use sea_orm::{
    ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, QuerySelect as _,
    QueryTrait as _, Select,
};

use crate::actor::Actor;
use crate::context::Context;
use crate::domain::organizations::list::is_vetted;
use crate::domain::place::find_city;
use crate::domain::taxonomy::fold::fold;
use crate::domain::text::{self, search_violation};
use crate::error::{Code, DomainError, Violation};
use crate::policy::project::PUBLIC_STATES;

/// Kilometres of one degree of latitude (mean of the WGS 84 ellipsoid).
const KM_PER_DEGREE: f64 = 111.2;
/// The widest circle in kilometres.
const MAX_RADIUS_KM: i32 = 500;
/// The longest code of a language, in characters.
const MAX_LANGUAGE: usize = 3;
/// The most values in one list of the filter.
const MAX_VALUES: usize = 50;

/// Which projects. What is absent does not matter; conditions on roles must all hold for one open role.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of this organization.
    pub organization_id: Option<OrganizationId>,
    /// In one of these states; when absent, published or in progress and accepting people.
    pub states: Option<Vec<ProjectState>>,
    /// With a role that asks for one of these skills.
    pub skill_ids: Option<Vec<SkillId>>,
    /// Working for one of these causes.
    pub cause_ids: Option<Vec<CauseId>>,
    /// With a role that needs no language but these (ISO 639 codes).
    pub languages: Option<Vec<String>>,
    /// True: with remote work; false: with work on site. Together with `near`, remote work counts beside what is near.
    pub is_remote: Option<bool>,
    /// With work on site within a circle.
    pub near: Option<Near>,
    /// With a role of at most so many hours a week.
    pub hours_at_most: Option<i32>,
    /// With each of these words.
    pub text: Option<String>,
    /// In one of these stages.
    pub stages: Option<Vec<ProjectStage>>,
    /// Of one of these shapes.
    pub engagements: Option<Vec<Engagement>>,
}

/// A circle around a city or a position.
#[derive(Clone, Debug)]
pub struct Near {
    /// A city's name.
    pub city: Option<String>,
    /// Degrees north.
    pub latitude: Option<f64>,
    /// Degrees east.
    pub longitude: Option<f64>,
    /// 1 to 500.
    pub radius_km: i32,
}

/// The projects of a filter, in no order yet.
///
/// # Errors
/// Violations at the filter's fields.
pub(super) fn select(
    ctx: &Context,
    filter: &Filter,
) -> Result<Select<project::Entity>, DomainError> {
    let centre = check(filter)?;
    let mut select = project::Entity::find().filter(visible(ctx));
    select = match &filter.states {
        Some(states) => select.filter(project::COLUMN.state.is_in(states.iter().copied())),
        None => select
            .filter(
                project::COLUMN
                    .state
                    .is_in([ProjectState::Published, ProjectState::InProgress]),
            )
            .filter(project::COLUMN.is_accepting.eq(true)),
    };
    if let Some(id) = filter.organization_id {
        select = select.filter(project::COLUMN.organization_id.eq(id));
    }
    if let Some(stages) = &filter.stages {
        select = select.filter(project::COLUMN.stage.is_in(stages.iter().copied()));
    }
    if let Some(engagements) = &filter.engagements {
        select = select.filter(
            project::COLUMN
                .engagement
                .is_in(engagements.iter().copied()),
        );
    }
    if let Some(ids) = &filter.cause_ids {
        let with_cause = project_cause::Entity::find()
            .select_only()
            .column(project_cause::Column::ProjectId)
            .filter(project_cause::COLUMN.cause_id.is_in(ids.iter().cloned()));
        select = select.filter(column(project::Column::Id).in_subquery(with_cause.into_query()));
    }
    if let Some(roles) = roles(filter) {
        select = select.filter(column(project::Column::Id).in_subquery(roles.into_query()));
    }
    if let Some(place) = place(filter, centre) {
        select = select.filter(place);
    }
    for word in fold(filter.text.as_deref().unwrap_or_default()).split(' ') {
        if !word.is_empty() {
            select = select.filter(column(project::Column::SearchText).like(like(word)));
        }
    }
    Ok(select)
}

/// Anything with `word` in it, taken literally.
pub(in crate::domain) fn like(word: &str) -> LikeExpr {
    let mut pattern = String::from("%");
    for character in word.chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern.push('%');
    LikeExpr::new(pattern).escape('\\')
}

/// The policy's `View`, as a condition.
fn visible(ctx: &Context) -> Condition {
    if ctx.actor.is_staff() || ctx.actor == Actor::System {
        return Condition::all();
    }
    let vetted = organization::Entity::find()
        .select_only()
        .column(organization::Column::Id)
        .filter(is_vetted(ctx));
    let own: Vec<OrganizationId> = ctx
        .actor
        .person()
        .map(|person| person.memberships.iter().map(|(id, _)| *id).collect())
        .unwrap_or_default();
    let public = Condition::all()
        .add(project::COLUMN.state.is_in(PUBLIC_STATES))
        .add(column(project::Column::OrganizationId).in_subquery(vetted.into_query()));
    Condition::any()
        .add(public)
        .add(project::COLUMN.organization_id.is_in(own))
}

/// The open roles with free seats that all conditions on roles hold for; none when there is no such condition.
fn roles(filter: &Filter) -> Option<Select<role::Entity>> {
    if filter.skill_ids.is_none() && filter.languages.is_none() && filter.hours_at_most.is_none() {
        return None;
    }
    let mut roles = role::Entity::find()
        .select_only()
        .column(role::Column::ProjectId)
        .filter(role::COLUMN.state.eq(RoleState::Open));
    if let Some(hours) = filter.hours_at_most {
        roles = roles.filter(role::COLUMN.hours_per_week.lte(hours));
    }
    if let Some(ids) = &filter.skill_ids {
        let with_skill = role_skill::Entity::find()
            .select_only()
            .column(role_skill::Column::RoleId)
            .filter(role_skill::COLUMN.skill_id.is_in(ids.iter().cloned()));
        roles = roles.filter(role_column(role::Column::Id).in_subquery(with_skill.into_query()));
    }
    if let Some(languages) = &filter.languages {
        let with_another = role_language::Entity::find()
            .select_only()
            .column(role_language::Column::RoleId)
            .filter(role_language::COLUMN.kind.eq(RoleLanguageKind::Required))
            .filter(
                role_language::COLUMN
                    .language
                    .is_not_in(languages.iter().cloned()),
            );
        roles =
            roles.filter(role_column(role::Column::Id).not_in_subquery(with_another.into_query()));
    }
    Some(roles)
}

fn place(filter: &Filter, centre: Option<(f64, f64, f64)>) -> Option<Condition> {
    let with_remote_work = || {
        project::COLUMN
            .location_mode
            .is_in([LocationMode::Remote, LocationMode::Hybrid])
    };
    let on_site = || project::COLUMN.location_mode.ne(LocationMode::Remote);
    match (centre, filter.is_remote) {
        (None, None) => None,
        (None, Some(true)) => Some(Condition::all().add(with_remote_work())),
        (None, Some(false)) => Some(Condition::all().add(on_site())),
        (Some(centre), Some(true)) => Some(
            Condition::any()
                .add(project::COLUMN.location_mode.eq(LocationMode::Remote))
                .add(within(centre)),
        ),
        (Some(centre), None | Some(false)) => {
            Some(Condition::all().add(on_site()).add(within(centre)))
        }
    }
}

/// Within a circle, on a plane that touches the globe at its centre: off by less than one part in a hundred at 500 km
/// in the latitudes where Canadians live, and both databases can compute it.
fn within((latitude, longitude, radius_km): (f64, f64, f64)) -> Expr {
    let north = column(project::Column::Latitude)
        .sub(latitude)
        .mul(KM_PER_DEGREE);
    let east = column(project::Column::Longitude)
        .sub(longitude)
        .mul(KM_PER_DEGREE * latitude.to_radians().cos());
    north
        .clone()
        .mul(north)
        .add(east.clone().mul(east))
        .lte(radius_km * radius_km)
}

/// Checks the filter and finds the circle's centre: latitude, longitude, radius in kilometres.
fn check(filter: &Filter) -> Result<Option<(f64, f64, f64)>, DomainError> {
    let mut violations: Vec<Violation> = search_violation(filter.text.as_deref(), "filter.text")
        .into_iter()
        .collect();
    let languages = filter.languages.as_deref().unwrap_or_default();
    violations.extend(
        languages
            .iter()
            .enumerate()
            .filter_map(|(index, language)| {
                text::violation(language, &format!("filter.languages.{index}"), MAX_LANGUAGE)
            }),
    );
    let counts = [
        ("filter.skillIds", filter.skill_ids.as_ref().map(Vec::len)),
        ("filter.causeIds", filter.cause_ids.as_ref().map(Vec::len)),
        ("filter.languages", filter.languages.as_ref().map(Vec::len)),
    ];
    for (field, count) in counts {
        if count.is_some_and(|count| count > MAX_VALUES) {
            violations.push(Violation::new(
                Code::TooLong,
                field,
                format!("At most {MAX_VALUES} items."),
                format!("Au plus {MAX_VALUES} éléments."),
            ));
        }
    }
    if filter
        .hours_at_most
        .is_some_and(|hours| !(1..=168).contains(&hours))
    {
        violations.push(out_of_range("filter.hoursAtMost", 1, 168));
    }
    let centre = match &filter.near {
        Some(near) => match find_centre(near) {
            Ok(centre) => Some(centre),
            Err(found) => {
                violations.extend(found);
                None
            }
        },
        None => None,
    };
    if violations.is_empty() {
        Ok(centre)
    } else {
        Err(DomainError::Rules(violations))
    }
}

fn find_centre(near: &Near) -> Result<(f64, f64, f64), Vec<Violation>> {
    if !(1..=MAX_RADIUS_KM).contains(&near.radius_km) {
        return Err(vec![out_of_range("filter.near.radiusKm", 1, MAX_RADIUS_KM)]);
    }
    let input = crate::domain::place::Input {
        city: near.city.clone(),
        latitude: near.latitude,
        longitude: near.longitude,
    };
    let position = crate::domain::place::resolve(&input, "filter.near")?.position;
    let known = position.or_else(|| {
        near.city
            .as_deref()
            .and_then(find_city)
            .map(|city| (city.latitude, city.longitude))
    });
    known
        .map(|(latitude, longitude)| (latitude, longitude, f64::from(near.radius_km)))
        .ok_or_else(|| {
            vec![Violation::new(
                Code::Unknown,
                "filter.near.city",
                "This city is not known here; give a larger one near it, or a position.",
                "Cette ville est inconnue ici; indiquez-en une plus grande à proximité, ou une position.",
            )]
        })
}

fn out_of_range(field: &str, min: i32, max: i32) -> Violation {
    Violation::new(
        Code::OutOfRange,
        field,
        format!("Must be from {min} to {max}."),
        format!("Doit être de {min} à {max}."),
    )
}

fn column(column: project::Column) -> Expr {
    Expr::col((project::Entity, column))
}

fn role_column(column: role::Column) -> Expr {
    Expr::col((role::Entity, column))
}
