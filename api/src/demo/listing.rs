//! The demo's organizations with their projects and roles.

use std::collections::HashMap;

use anyhow::Context as _;
use chrono::{Months, TimeDelta};
use entity::id::{
    AccountId, CauseId, MembershipId, OrganizationId, ProjectId, RoleFamilyId, RoleId, RoleSkillId,
    RoleWindowId, SkillId, VettingRecordId,
};
use entity::location_mode::LocationMode;
use entity::membership::{self, MembershipRole, MembershipState};
use entity::organization::{self, OrganizationState};
use entity::project::{self, ProjectState};
use entity::role::{self, RoleState};
use entity::role_language::{self, RoleLanguageKind};
use entity::role_skill::{self, RoleSkillKind};
use entity::vetting_record::{self, VettingDecision};
use entity::{project_cause, role_window};
use sea_orm::{ActiveModelTrait as _, ConnectionTrait, EntityTrait as _, Set};

use super::data::{self, SkillNeed};
use super::person::{self, Person, REPRESENTATIVE};
use super::{Census, data::minute};
use crate::context::Context;
use crate::domain::projects::search_text;
use crate::domain::taxonomy::{self, Place, fold::fold};

/// The organization whose owner can log in.
const SHOWN_ORGANIZATION: &str = "civic-tech-toronto";
const MUST_HAVE_WEIGHT: i16 = 50;
const NICE_TO_HAVE_WEIGHT: i16 = 20;

/// Stores everything but the volunteers.
pub(super) async fn insert(
    ctx: &Context,
    tx: &impl ConnectionTrait,
    coordinator: &AccountId,
    hash: &str,
) -> anyhow::Result<Census> {
    let places: HashMap<String, Place> = taxonomy::places()?
        .into_iter()
        .map(|place| (place.id.clone(), place))
        .collect();
    let mut census = Census::default();
    let mut organizations = HashMap::new();
    for organization in data::organizations()? {
        let id = insert_organization(ctx, tx, *coordinator, hash, &organization, &places).await?;
        organizations.insert(organization.slug, (id, organization.is_vetted));
        census.organizations += 1;
    }
    for (index, project) in data::projects()?.into_iter().enumerate() {
        let (organization, is_vetted) = *organizations
            .get(&project.organization)
            .context("a project's organization")?;
        let age = TimeDelta::hours(20 * i64::try_from(index)?);
        census.roles +=
            insert_project(ctx, tx, organization, is_vetted, age, project, &places).await?;
        census.projects += 1;
    }
    Ok(census)
}

async fn insert_organization(
    ctx: &Context,
    tx: &impl ConnectionTrait,
    coordinator: AccountId,
    hash: &str,
    organization: &data::Organization,
    places: &HashMap<String, Place>,
) -> anyhow::Result<OrganizationId> {
    let now = ctx.now();
    let vetted_until = now
        .checked_add_months(Months::new(ctx.app.config.pairing.vetting_months))
        .context("the end of a vetting")?;
    let place = organization.city.as_ref().and_then(|city| places.get(city));
    let id = OrganizationId::new(ctx.app.new_id());
    organization::ActiveModel {
        id: Set(id),
        slug: Set(organization.slug.clone()),
        name_folded: Set(fold(&organization.name)),
        name: Set(organization.name.clone()),
        kind: Set(organization.kind),
        charity_number: Set(None),
        website: Set(organization.website.clone()),
        city: Set(place.map(|place| place.en.clone())),
        province: Set(place.map(|place| place.province.clone())),
        original_language: Set(organization.original_language),
        description_en: Set(Some(organization.description_en.clone())),
        description_fr: Set(Some(organization.description_fr.clone())),
        state: Set(if organization.is_vetted {
            OrganizationState::Vetted
        } else {
            OrganizationState::Submitted
        }),
        submitted_at: Set(Some(now - TimeDelta::days(30))),
        vetted_until: Set(organization.is_vetted.then_some(vetted_until)),
        version: Set(1),
        created_at: Set(now - TimeDelta::days(40)),
        updated_at: Set(now - TimeDelta::days(30)),
    }
    .insert(tx)
    .await?;
    if organization.is_vetted {
        vetting_record::ActiveModel {
            id: Set(VettingRecordId::new(ctx.app.new_id())),
            organization_id: Set(id),
            decision: Set(VettingDecision::Vetted),
            evidence: Set("Demo data: nobody looked at a register.".to_owned()),
            note: Set(None),
            decided_by: Set(coordinator),
            decided_at: Set(now - TimeDelta::days(25)),
            expires_at: Set(Some(vetted_until)),
        }
        .insert(tx)
        .await?;
    }
    insert_owner(ctx, tx, hash, organization, id, place).await?;
    Ok(id)
}

async fn insert_owner(
    ctx: &Context,
    tx: &impl ConnectionTrait,
    hash: &str,
    organization: &data::Organization,
    organization_id: OrganizationId,
    place: Option<&Place>,
) -> anyhow::Result<()> {
    let is_shown = organization.slug == SHOWN_ORGANIZATION;
    let email = if is_shown {
        REPRESENTATIVE.to_owned()
    } else {
        format!("{}@example.org", organization.slug)
    };
    let owner = person::row(
        ctx,
        &Person {
            email: &email,
            given_name: "Dominique",
            family_name: "",
            language: organization.original_language,
            zone: place.map_or("America/Toronto", |place| &place.zone),
            password_hash: is_shown.then_some(hash),
            staff_role: None,
        },
    )
    .insert(tx)
    .await?;
    let now = ctx.now();
    membership::ActiveModel {
        id: Set(MembershipId::new(ctx.app.new_id())),
        organization_id: Set(organization_id),
        account_id: Set(owner.id),
        role: Set(MembershipRole::Owner),
        state: Set(MembershipState::Active),
        created_at: Set(now),
        updated_at: Set(now),
    }
    .insert(tx)
    .await?;
    Ok(())
}

async fn insert_project(
    ctx: &Context,
    tx: &impl ConnectionTrait,
    organization_id: OrganizationId,
    is_vetted: bool,
    age: TimeDelta,
    project: data::Project,
    places: &HashMap<String, Place>,
) -> anyhow::Result<usize> {
    let published_at = ctx.now() - age;
    let starts_on = ctx.now().date_naive() + TimeDelta::days(project.starts_in_days);
    let place = project.city.as_ref().and_then(|city| places.get(city));
    let zone = project
        .roles
        .first()
        .map_or("America/Toronto", |role| &role.zone)
        .to_owned();
    let id = ProjectId::new(ctx.app.new_id());
    let row = project::Model {
        id,
        organization_id,
        slug: project.slug,
        original_language: project.original_language,
        title_en: Some(project.title_en),
        title_fr: Some(project.title_fr),
        summary_en: Some(project.summary_en),
        summary_fr: Some(project.summary_fr),
        problem_en: Some(project.problem_en),
        problem_fr: Some(project.problem_fr),
        outcome_en: Some(project.outcome_en),
        outcome_fr: Some(project.outcome_fr),
        stage: project.stage,
        engagement: project.engagement,
        state: if is_vetted {
            ProjectState::Published
        } else {
            ProjectState::Submitted
        },
        is_accepting: true,
        starts_on: Some(starts_on),
        ends_on: Some(starts_on + TimeDelta::weeks(project.weeks)),
        location_mode: project.remote,
        city: place.map(|place| place.en.clone()),
        latitude: place.map(|place| place.latitude),
        longitude: place.map(|place| place.longitude),
        zone,
        code_url: project.code_url,
        website: None,
        review_comment: None,
        published_at: is_vetted.then_some(published_at),
        listing_confirmed_at: None,
        search_text: String::new(),
        title_folded_en: String::new(),
        title_folded_fr: String::new(),
        version: 1,
        created_at: published_at,
        updated_at: published_at,
    };
    let insertable: project::ActiveModel = row.clone().into();
    project::Entity::insert(insertable.reset_all())
        .exec_without_returning(tx)
        .await?;
    let causes = project
        .causes
        .into_iter()
        .map(|cause| project_cause::ActiveModel {
            project_id: Set(id),
            cause_id: Set(CauseId::new(cause)),
        });
    project_cause::Entity::insert_many(causes)
        .exec_without_returning(tx)
        .await?;
    let count = project.roles.len();
    for role in project.roles {
        insert_role(ctx, tx, &row, role).await?;
    }
    search_text::refresh(tx, id).await?;
    Ok(count)
}

async fn insert_role(
    ctx: &Context,
    tx: &impl ConnectionTrait,
    project: &project::Model,
    role: data::Role,
) -> anyhow::Result<()> {
    let id = RoleId::new(ctx.app.new_id());
    let is_placed = role.remote != LocationMode::Remote;
    role::ActiveModel {
        id: Set(id),
        project_id: Set(project.id),
        organization_id: Set(project.organization_id),
        title_en: Set(Some(role.title_en)),
        title_fr: Set(Some(role.title_fr)),
        description_en: Set(Some(role.description_en)),
        description_fr: Set(Some(role.description_fr)),
        role_family_id: Set(Some(RoleFamilyId::new(role.family))),
        state: Set(RoleState::Open),
        seats: Set(role.seats),
        filled: Set(0),
        hours_per_week: Set(role.hours_per_week),
        starts_on: Set(project.starts_on),
        ends_on: Set(project.ends_on),
        location_mode: Set(role.remote),
        city: Set(project.city.clone().filter(|_| is_placed)),
        latitude: Set(project.latitude.filter(|_| is_placed)),
        longitude: Set(project.longitude.filter(|_| is_placed)),
        zone: Set(role.zone),
        minimum_overlap_minutes: Set(role.minimum_overlap_minutes),
        is_learning_seat: Set(role.is_learning_seat),
        version: Set(1),
        created_at: Set(project.created_at),
        updated_at: Set(project.created_at),
    }
    .insert(tx)
    .await?;
    let skill = |kind, weight| {
        move |need: SkillNeed| role_skill::ActiveModel {
            id: Set(RoleSkillId::new(ctx.app.new_id())),
            role_id: Set(id),
            skill_id: Set(SkillId::new(need.skill)),
            kind: Set(kind),
            level: Set(need.level),
            weight: Set(weight),
        }
    };
    let must_have = role
        .must_have
        .into_iter()
        .map(skill(RoleSkillKind::MustHave, MUST_HAVE_WEIGHT));
    let nice_to_have = role
        .nice_to_have
        .into_iter()
        .map(skill(RoleSkillKind::NiceToHave, NICE_TO_HAVE_WEIGHT));
    role_skill::Entity::insert_many(must_have.chain(nice_to_have))
        .exec_without_returning(tx)
        .await?;
    for window in role.meeting_windows {
        role_window::ActiveModel {
            id: Set(RoleWindowId::new(ctx.app.new_id())),
            role_id: Set(id),
            weekday: Set(window.weekday),
            start_minute: Set(minute(&window.start)?),
            end_minute: Set(minute(&window.end)?),
        }
        .insert(tx)
        .await?;
    }
    let languages =
        role.languages_required
            .into_iter()
            .map(|language| role_language::ActiveModel {
                role_id: Set(id),
                language: Set(language),
                kind: Set(RoleLanguageKind::Required),
            });
    role_language::Entity::insert_many(languages)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}
