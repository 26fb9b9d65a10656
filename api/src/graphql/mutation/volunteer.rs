//! One's own volunteer profile. Each list is replaced as a whole: when anything in it is refused, the old one stands.

mod input;

use async_graphql::{Context, Object, Result, SimpleObject};
use entity::volunteer::Model;

use self::input::{
    AddTimeOffInput, RemoveTimeOffInput, SetVolunteerCausesInput, SetVolunteerConflictsInput,
    SetVolunteerLanguagesInput, SetVolunteerSkillsInput, SetVolunteerStateInput,
    SetVolunteerWindowsInput, UpdateVolunteerInput,
};
use crate::domain::volunteers::{
    add_time_off, remove_time_off, set_causes, set_conflicts, set_languages, set_skills, set_state,
    set_windows, start, update, view::Visibility,
};
use crate::error::DomainError;
use crate::graphql::context::RequestExt as _;
use crate::graphql::error::{UserError, split};
use crate::graphql::types::volunteer::Volunteer;
use crate::store::transaction::retrying;

#[derive(Default)]
pub(super) struct VolunteerMutation;

#[Object]
impl VolunteerMutation {
    /// Begins the logged-in account's volunteer profile. A half-finished one is usable.
    async fn start_volunteer_profile(
        &self,
        ctx: &Context<'_>,
    ) -> Result<StartVolunteerProfilePayload> {
        let request = ctx.request()?;
        StartVolunteerProfilePayload::new(ctx, retrying(|| start::run(request)).await)
    }

    /// Changes what the profile says besides its lists.
    async fn update_volunteer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What shall change; what is absent stays, and null makes it unknown.")]
        input: UpdateVolunteerInput,
    ) -> Result<UpdateVolunteerPayload> {
        let request = ctx.request()?;
        let outcome = match input.read() {
            Ok(input) => retrying(|| update::run(request, &input)).await,
            Err(violations) => Err(DomainError::Rules(violations)),
        };
        UpdateVolunteerPayload::new(ctx, outcome)
    }

    /// Replaces the list of skills.
    async fn set_volunteer_skills(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The skills as they shall be.")] input: SetVolunteerSkillsInput,
    ) -> Result<SetVolunteerSkillsPayload> {
        let request = ctx.request()?;
        let outcome = match input.read() {
            Ok(input) => retrying(|| set_skills::run(request, &input)).await,
            Err(violations) => Err(DomainError::Rules(violations)),
        };
        SetVolunteerSkillsPayload::new(ctx, outcome)
    }

    /// Replaces the weekly windows. Windows of one day must not overlap.
    async fn set_volunteer_windows(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The windows as they shall be.")] input: SetVolunteerWindowsInput,
    ) -> Result<SetVolunteerWindowsPayload> {
        let request = ctx.request()?;
        let input = input.into();
        let outcome = retrying(|| set_windows::run(request, &input)).await;
        SetVolunteerWindowsPayload::new(ctx, outcome)
    }

    /// Marks days on which the volunteer is away.
    async fn add_time_off(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The days.")] input: AddTimeOffInput,
    ) -> Result<AddTimeOffPayload> {
        let request = ctx.request()?;
        let input = input.into();
        let outcome = retrying(|| add_time_off::run(request, &input)).await;
        AddTimeOffPayload::new(ctx, outcome)
    }

    /// Takes back days on which the volunteer meant to be away.
    async fn remove_time_off(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] input: RemoveTimeOffInput,
    ) -> Result<RemoveTimeOffPayload> {
        let request = ctx.request()?;
        let outcome = match input.read() {
            Ok(id) => retrying(|| remove_time_off::run(request, id)).await,
            Err(violation) => Err(violation.into()),
        };
        RemoveTimeOffPayload::new(ctx, outcome)
    }

    /// Replaces the list of languages.
    async fn set_volunteer_languages(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The languages as they shall be.")] input: SetVolunteerLanguagesInput,
    ) -> Result<SetVolunteerLanguagesPayload> {
        let request = ctx.request()?;
        let input = input.into();
        let outcome = retrying(|| set_languages::run(request, &input)).await;
        SetVolunteerLanguagesPayload::new(ctx, outcome)
    }

    /// Replaces the list of causes.
    async fn set_volunteer_causes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The causes as they shall be.")] input: SetVolunteerCausesInput,
    ) -> Result<SetVolunteerCausesPayload> {
        let request = ctx.request()?;
        let outcome = match input.read() {
            Ok(input) => retrying(|| set_causes::run(request, &input)).await,
            Err(violations) => Err(DomainError::Rules(violations)),
        };
        SetVolunteerCausesPayload::new(ctx, outcome)
    }

    /// Replaces the list of organizations with which the volunteer must not be paired.
    async fn set_volunteer_conflicts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The conflicts as they shall be.")] input: SetVolunteerConflictsInput,
    ) -> Result<SetVolunteerConflictsPayload> {
        let request = ctx.request()?;
        let outcome = match input.read() {
            Ok(input) => retrying(|| set_conflicts::run(request, &input)).await,
            Err(violations) => Err(DomainError::Rules(violations)),
        };
        SetVolunteerConflictsPayload::new(ctx, outcome)
    }

    /// Says whether the volunteer wants to be proposed. Leaving can be taken back.
    async fn set_volunteer_state(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The state as it shall be.")] input: SetVolunteerStateInput,
    ) -> Result<SetVolunteerStatePayload> {
        let request = ctx.request()?;
        let input = input.into();
        let outcome = retrying(|| set_state::run(request, &input)).await;
        SetVolunteerStatePayload::new(ctx, outcome)
    }
}

/// Declares the payloads: the profile as it is now, or the broken rules.
macro_rules! payloads {
    ($($(#[$meta:meta])* $name:ident,)+) => {$(
        $(#[$meta])*
        #[derive(SimpleObject)]
        struct $name {
            /// The profile as it is now; null when rules are broken.
            volunteer: Option<Volunteer>,
            /// Broken rules, each at its field.
            user_errors: Vec<UserError>,
        }

        impl $name {
            fn new(
                ctx: &Context<'_>,
                outcome: std::result::Result<Model, DomainError>,
            ) -> Result<Self> {
                let (volunteer, user_errors) = split(ctx.request()?, outcome)?;
                // Only one's own profile is changed here.
                let volunteer = volunteer.map(|model| Volunteer::new(model, Visibility::Full));
                Ok(Self { volunteer, user_errors })
            }
        }
    )+};
}

payloads! {
    /// The outcome of beginning a profile.
    StartVolunteerProfilePayload,
    /// The outcome of changing a profile.
    UpdateVolunteerPayload,
    /// The outcome of replacing the skills.
    SetVolunteerSkillsPayload,
    /// The outcome of replacing the windows.
    SetVolunteerWindowsPayload,
    /// The outcome of marking days off.
    AddTimeOffPayload,
    /// The outcome of taking back days off.
    RemoveTimeOffPayload,
    /// The outcome of replacing the languages.
    SetVolunteerLanguagesPayload,
    /// The outcome of replacing the causes.
    SetVolunteerCausesPayload,
    /// The outcome of replacing the conflicts of interest.
    SetVolunteerConflictsPayload,
    /// The outcome of changing the state.
    SetVolunteerStatePayload,
}
