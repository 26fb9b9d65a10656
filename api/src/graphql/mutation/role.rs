//! Roles: what projects need people for.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, Result};
use chrono::NaiveDate;

use super::payload::{change, payloads, versioned_inputs};
use crate::domain::roles;
use crate::domain::roles::requirements::{LanguageInput, SkillInput, SkillName};
use crate::error::Violation;
use crate::graphql::context::RequestExt as _;
use crate::graphql::id::{Prefix, decode};
use crate::graphql::types::localized_text::LocalizedTextInput;
use crate::graphql::types::location::{LocationInput, LocationMode};
use crate::graphql::types::role::{Role, RoleLanguageKind, RoleSkillKind};
use crate::graphql::types::weekly_window::WeeklyWindowInput;
use crate::store::transaction::retrying;

#[derive(Default)]
pub(super) struct RoleMutation;

#[Object]
impl RoleMutation {
    /// Adds a role to a project: a draft until it is opened.
    async fn add_role(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The project, and what the role says about itself.")] input: AddRoleInput,
    ) -> Result<AddRolePayload> {
        let request = ctx.request()?;
        let outcome = async {
            let input = input.decode()?;
            retrying(|| roles::add::run(request, &input)).await
        };
        AddRolePayload::new(request, outcome.await)
    }

    /// Changes what a role asks for.
    async fn update_role(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What shall change.")] input: UpdateRoleInput,
    ) -> Result<UpdateRolePayload> {
        let request = ctx.request()?;
        let outcome = async {
            let input = input.decode()?;
            retrying(|| roles::update::run(request, &input)).await
        };
        UpdateRolePayload::new(request, outcome.await)
    }

    /// Opens a role: people may be proposed once its project is public.
    async fn open_role(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, as read.")] input: OpenRoleInput,
    ) -> Result<OpenRolePayload> {
        let request = ctx.request()?;
        let outcome = async {
            let input = input.decode()?;
            retrying(|| roles::open::run(request, &input)).await
        };
        OpenRolePayload::new(request, outcome.await)
    }

    /// Closes a role: nobody new is proposed.
    async fn close_role(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, as read.")] input: CloseRoleInput,
    ) -> Result<CloseRolePayload> {
        let request = ctx.request()?;
        let outcome = async {
            let input = input.decode()?;
            retrying(|| roles::close::run(request, &input)).await
        };
        CloseRolePayload::new(request, outcome.await)
    }

    /// Sets how many people a role is for, never below those who hold a seat.
    async fn set_role_seats(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, as read, and for how many.")] input: SetRoleSeatsInput,
    ) -> Result<SetRoleSeatsPayload> {
        let request = ctx.request()?;
        let outcome = async {
            let input = input.decode()?;
            retrying(|| roles::set_seats::run(request, &input)).await
        };
        SetRoleSeatsPayload::new(request, outcome.await)
    }
}

/// A new role of a project.
#[derive(InputObject)]
struct AddRoleInput {
    /// The project.
    project_id: ID,
    /// What one is there, up to 120 characters a language.
    title: LocalizedTextInput,
    /// What there is to do, up to 4,000 characters a language.
    #[graphql(default)]
    description: LocalizedTextInput,
    /// The kind of profession.
    role_family_id: Option<ID>,
    /// How many people it is for, 1 to 100.
    #[graphql(default = 1)]
    seats: i32,
    /// Hours a week, 1 to 168.
    hours_per_week: i32,
    /// The first day.
    starts_on: Option<NaiveDate>,
    /// The last day.
    ends_on: Option<NaiveDate>,
    /// Where the work is done.
    location_mode: LocationMode,
    /// The place; needed unless all work is remote.
    #[graphql(default)]
    place: LocationInput,
    /// IANA time zone of the windows.
    #[graphql(default = "America/Toronto")]
    zone: String,
    /// Minutes a week that a volunteer's windows must share with the role's; 0 to what the windows hold.
    #[graphql(default)]
    minimum_overlap_minutes: i32,
    /// Whether it is meant for someone who wants to learn.
    #[graphql(default)]
    is_learning_seat: bool,
    /// What one needs to be able to do, or should: at most 20, at most 3 of them must-haves.
    #[graphql(default)]
    skills: Vec<RoleSkillInput>,
    /// When in the week it meets.
    #[graphql(default)]
    windows: Vec<WeeklyWindowInput>,
    /// What one needs to speak, or should.
    #[graphql(default)]
    languages: Vec<RoleLanguageInput>,
}

impl AddRoleInput {
    fn decode(self) -> std::result::Result<roles::add::Input, Violation> {
        Ok(roles::add::Input {
            project_id: decode(&self.project_id, "projectId")?,
            details: roles::add::Details {
                title: self.title.into(),
                description: self.description.into(),
                role_family_id: self
                    .role_family_id
                    .map(|id| decode(&id, "roleFamilyId"))
                    .transpose()?,
                seats: self.seats,
                hours_per_week: self.hours_per_week,
                starts_on: self.starts_on,
                ends_on: self.ends_on,
                location_mode: self.location_mode.into(),
                place: self.place.into(),
                zone: self.zone,
                minimum_overlap_minutes: self.minimum_overlap_minutes,
                is_learning_seat: self.is_learning_seat,
                skills: self.skills.into_iter().map(Into::into).collect(),
                windows: self.windows.into_iter().map(Into::into).collect(),
                languages: self.languages.into_iter().map(Into::into).collect(),
            },
        })
    }
}

/// What shall change; what is absent stays, null empties. Texts and lists replace what was there.
#[derive(InputObject)]
struct UpdateRoleInput {
    /// The role.
    role_id: ID,
    /// The version you read.
    expected_version: i32,
    /// What one is there, up to 120 characters a language.
    title: Option<LocalizedTextInput>,
    /// What there is to do, up to 4,000 characters a language.
    description: Option<LocalizedTextInput>,
    /// The kind of profession.
    role_family_id: MaybeUndefined<ID>,
    /// Hours a week, 1 to 168.
    hours_per_week: Option<i32>,
    /// The first day.
    starts_on: MaybeUndefined<NaiveDate>,
    /// The last day.
    ends_on: MaybeUndefined<NaiveDate>,
    /// Where the work is done.
    location_mode: Option<LocationMode>,
    /// The place; replaces city and position.
    place: Option<LocationInput>,
    /// IANA time zone of the windows.
    zone: Option<String>,
    /// Minutes a week that a volunteer's windows must share with the role's.
    minimum_overlap_minutes: Option<i32>,
    /// Whether it is meant for someone who wants to learn.
    is_learning_seat: Option<bool>,
    /// What one needs to be able to do, or should.
    skills: Option<Vec<RoleSkillInput>>,
    /// When in the week it meets.
    windows: Option<Vec<WeeklyWindowInput>>,
    /// What one needs to speak, or should.
    languages: Option<Vec<RoleLanguageInput>>,
}

impl UpdateRoleInput {
    fn decode(self) -> std::result::Result<roles::update::Input, Violation> {
        let role_family_id = change(self.role_family_id)
            .map(|id| id.map(|id| decode(&id, "roleFamilyId")).transpose())
            .transpose()?;
        Ok(roles::update::Input {
            id: decode(&self.role_id, "roleId")?,
            expected_version: self.expected_version,
            title: self.title.map(Into::into),
            description: self.description.map(Into::into),
            role_family_id,
            hours_per_week: self.hours_per_week,
            starts_on: change(self.starts_on),
            ends_on: change(self.ends_on),
            location_mode: self.location_mode.map(Into::into),
            place: self.place.map(Into::into),
            zone: self.zone,
            minimum_overlap_minutes: self.minimum_overlap_minutes,
            is_learning_seat: self.is_learning_seat,
            skills: convert(self.skills),
            windows: convert(self.windows),
            languages: convert(self.languages),
        })
    }
}

/// A skill that a role asks for.
#[derive(InputObject)]
struct RoleSkillInput {
    /// The skill's id; or its name, or another word for it in either language, when that means one skill only.
    skill_id: ID,
    /// How much the role depends on it.
    kind: RoleSkillKind,
    /// 1 (beginner) to 5 (expert).
    #[graphql(default = 3)]
    level: i32,
    /// Importance among the role's skills, 1 to 100.
    #[graphql(default = 50)]
    weight: i32,
}

impl From<RoleSkillInput> for SkillInput {
    fn from(input: RoleSkillInput) -> Self {
        let skill = match Prefix::of(&input.skill_id) {
            Some(Prefix::Skill) => decode(&input.skill_id, "skillId").ok(),
            _ => None,
        };
        Self {
            skill: skill.map_or_else(|| SkillName::Words(input.skill_id.0.clone()), SkillName::Id),
            kind: input.kind.into(),
            level: input.level,
            weight: input.weight,
        }
    }
}

/// A spoken language that a role asks for.
#[derive(InputObject)]
struct RoleLanguageInput {
    /// ISO 639-1 code.
    language: String,
    /// How much the role depends on it.
    kind: RoleLanguageKind,
}

impl From<RoleLanguageInput> for LanguageInput {
    fn from(input: RoleLanguageInput) -> Self {
        Self {
            language: input.language,
            kind: input.kind.into(),
        }
    }
}

versioned_inputs! {
    roles::open::Input, role_id, "roleId", "The role.";
    /// Which role to open.
    OpenRoleInput,
    /// Which role to close.
    CloseRoleInput,
}

/// Which role, and for how many.
#[derive(InputObject)]
struct SetRoleSeatsInput {
    /// The role.
    role_id: ID,
    /// The version you read.
    expected_version: i32,
    /// How many people it is for: 1 to 100, at least the seats taken.
    seats: i32,
}

impl SetRoleSeatsInput {
    fn decode(self) -> std::result::Result<roles::set_seats::Input, Violation> {
        Ok(roles::set_seats::Input {
            id: decode(&self.role_id, "roleId")?,
            expected_version: self.expected_version,
            seats: self.seats,
        })
    }
}

fn convert<A, B: From<A>>(values: Option<Vec<A>>) -> Option<Vec<B>> {
    values.map(|values| values.into_iter().map(Into::into).collect())
}

payloads! {
    entity::role::Model => Role as role: Role, "The role as it is now.";
    /// The outcome of adding a role.
    AddRolePayload,
    /// The outcome of changing a role.
    UpdateRolePayload,
    /// The outcome of opening a role.
    OpenRolePayload,
    /// The outcome of closing a role.
    CloseRolePayload,
    /// The outcome of setting a role's seats.
    SetRoleSeatsPayload,
}
