//! What a project needs one or more people for.

use async_graphql::{Context, Enum, ID, Object, Result, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use entity::{project, role, role_language, role_skill};

use super::evaluation::Suggestion;
use super::language::Language;
use super::localized_text::LocalizedText;
use super::location::{Location, LocationMode};
use super::outlook::MatchingOutlook;
use super::pairing::Pairing;
use super::project::Project;
use super::role_family::RoleFamily;
use super::skill::Skill;
use super::weekly_window::WeeklyWindow;
use crate::domain::matching::suggest;
use crate::domain::roles;
use crate::error::DomainError;
use crate::graphql::context::RequestExt as _;
use crate::graphql::error::{graphql, loaded};
use crate::graphql::id::encode;
use crate::graphql::loaders::role::{ReserveOfRole, RoleLanguages, RoleSkills, RoleWindows};
use crate::policy::matching::{self, MatchingAction, MatchingFacts};
use crate::policy::role::{RoleAction, decide};

/// What a project needs one or more people for.
pub struct Role(pub role::Model);

/// What a project needs one or more people for.
#[Object]
impl Role {
    /// The role's id.
    pub async fn id(&self) -> ID {
        encode(&self.0.id)
    }

    /// The project it belongs to.
    async fn project(&self, ctx: &Context<'_>) -> Result<Project> {
        self.load_project(ctx).await.map(Project)
    }

    /// What one is there.
    async fn title(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language; the request's when absent.")] language: Option<Language>,
    ) -> Result<LocalizedText> {
        let original = self.load_project(ctx).await?.original_language;
        let (en, fr) = (self.0.title_en.as_deref(), self.0.title_fr.as_deref());
        LocalizedText::choose_present(ctx.request()?, language, original, en, fr)
    }

    /// What there is to do.
    async fn description(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The language; the request's when absent.")] language: Option<Language>,
    ) -> Result<Option<LocalizedText>> {
        let original = self.load_project(ctx).await?.original_language;
        let en = self.0.description_en.as_deref();
        let fr = self.0.description_fr.as_deref();
        Ok(LocalizedText::choose(
            ctx.request()?,
            language,
            original,
            en,
            fr,
        ))
    }

    /// The kind of profession.
    async fn role_family(&self, ctx: &Context<'_>) -> Result<Option<RoleFamily>> {
        let Some(id) = self.0.role_family_id.clone() else {
            return Ok(None);
        };
        let found = ctx.loaders()?.load_one(id).await;
        Ok(loaded(ctx.request()?, found)?.map(RoleFamily))
    }

    /// Whether people may be proposed.
    async fn state(&self) -> RoleState {
        self.0.state.into()
    }

    /// How many people it is for.
    async fn seats(&self) -> i32 {
        self.0.seats
    }

    /// How many seats are taken.
    async fn filled_seats(&self) -> i32 {
        self.0.filled
    }

    /// Hours a week, 1 to 168.
    async fn hours_per_week(&self) -> i32 {
        self.0.hours_per_week
    }

    /// The first day.
    async fn starts_on(&self) -> Option<NaiveDate> {
        self.0.starts_on
    }

    /// The last day.
    async fn ends_on(&self) -> Option<NaiveDate> {
        self.0.ends_on
    }

    /// Where the work is done.
    async fn location_mode(&self) -> LocationMode {
        self.0.location_mode.into()
    }

    /// The place of what is done on site.
    async fn location(&self) -> Option<Location> {
        Location::new(self.0.city.as_deref(), self.0.latitude, self.0.longitude)
    }

    /// IANA time zone of the windows.
    async fn zone(&self) -> &str {
        &self.0.zone
    }

    /// Minutes a week that a volunteer's windows must share with the role's.
    async fn minimum_overlap_minutes(&self) -> i32 {
        self.0.minimum_overlap_minutes
    }

    /// Whether it is meant for someone who wants to learn.
    async fn is_learning_seat(&self) -> bool {
        self.0.is_learning_seat
    }

    /// What one needs to be able to do, or should: must-haves first, then by weight.
    async fn skills(&self, ctx: &Context<'_>) -> Result<Vec<RoleSkill>> {
        let found = ctx.loaders()?.load_one(RoleSkills(self.0.id)).await;
        let rows = loaded(ctx.request()?, found)?.unwrap_or_default();
        Ok(rows.into_iter().map(RoleSkill).collect())
    }

    /// When in the week it meets, by day and time.
    async fn windows(&self, ctx: &Context<'_>) -> Result<Vec<WeeklyWindow>> {
        let found = ctx.loaders()?.load_one(RoleWindows(self.0.id)).await;
        let rows = loaded(ctx.request()?, found)?.unwrap_or_default();
        Ok(rows.into_iter().map(Into::into).collect())
    }

    /// What one needs to speak, or should.
    async fn languages(&self, ctx: &Context<'_>) -> Result<Vec<RoleLanguage>> {
        let found = ctx.loaders()?.load_one(RoleLanguages(self.0.id)).await;
        let rows = loaded(ctx.request()?, found)?.unwrap_or_default();
        Ok(rows.into_iter().map(Into::into).collect())
    }

    /// The best volunteers for it now, best first, outside of any round. For coordinators.
    async fn suggestions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 50.", default = 10)] first: i32,
    ) -> Result<Vec<Suggestion>> {
        let request = ctx.request()?;
        let found = suggest::volunteers(request, self.0.id, first).await;
        Ok(graphql(request, found)?
            .into_iter()
            .map(Suggestion)
            .collect())
    }

    /// Those who said yes when all seats were taken, who said it first first: they come first when a seat opens. For
    /// coordinators.
    async fn reserve(&self, ctx: &Context<'_>) -> Result<Vec<Pairing>> {
        let request = ctx.request()?;
        let action = MatchingAction::SuggestVolunteers;
        let decision = matching::decide(&request.actor, action, &MatchingFacts::default());
        graphql(request, decision.require())?;
        let found = ctx.loaders()?.load_one(ReserveOfRole(self.0.id)).await;
        let rows = loaded(request, found)?.unwrap_or_default();
        Ok(rows.into_iter().map(Pairing).collect())
    }

    /// How many volunteers may be proposed for it now, what keeps the others from it and, when there is nobody, the nearest
    /// three and what would open each. For coordinators.
    async fn matching_outlook(&self, ctx: &Context<'_>) -> Result<MatchingOutlook> {
        MatchingOutlook::of_role(ctx, self.0.id).await
    }

    /// Counts changes; name it in the next one.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// When it was added.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it was last changed.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }
}

impl Role {
    /// The role, if the asker may see it.
    pub async fn visible(ctx: &Context<'_>, role: role::Model) -> Result<Option<Self>> {
        let (role, request) = (Self(role), ctx.request()?);
        let project = Project(role.load_project(ctx).await?);
        let organization = project.load_organization(ctx).await?;
        let facts = roles::facts(&role.0, &project.0, &organization, request.now());
        let decision = decide(&request.actor, RoleAction::View, facts);
        Ok(decision.is_allowed().then_some(role))
    }

    pub(super) async fn load_project(&self, ctx: &Context<'_>) -> Result<project::Model> {
        let request = ctx.request()?;
        let found = ctx.loaders()?.load_one(self.0.project_id).await;
        let project = loaded(request, found)?;
        graphql(request, project.ok_or(DomainError::NotFound))
    }
}

/// A skill that a role asks for.
pub struct RoleSkill(role_skill::Model);

/// A skill that a role asks for.
#[Object]
impl RoleSkill {
    /// The skill.
    async fn skill(&self, ctx: &Context<'_>) -> Result<Skill> {
        let request = ctx.request()?;
        let found = ctx.loaders()?.load_one(self.0.skill_id.clone()).await;
        let skill = loaded(request, found)?;
        graphql(request, skill.map(Skill).ok_or(DomainError::NotFound))
    }

    /// How much the role depends on it.
    async fn kind(&self) -> RoleSkillKind {
        self.0.kind.into()
    }

    /// 1 (beginner) to 5 (expert).
    async fn level(&self) -> i16 {
        self.0.level
    }

    /// Importance among the role's skills, 1 to 100.
    async fn weight(&self) -> i16 {
        self.0.weight
    }
}

/// A spoken language that a role asks for.
#[derive(SimpleObject)]
pub struct RoleLanguage {
    /// ISO 639-1 code.
    language: String,
    /// How much the role depends on it.
    kind: RoleLanguageKind,
}

impl From<role_language::Model> for RoleLanguage {
    fn from(row: role_language::Model) -> Self {
        Self {
            language: row.language,
            kind: row.kind.into(),
        }
    }
}

/// Whether people may be proposed for a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "role::RoleState")]
pub enum RoleState {
    /// Being written.
    Draft,
    /// Has free seats and looks for people.
    Open,
    /// Every seat is taken.
    Filled,
    /// Looks for nobody any more.
    Closed,
}

/// How much a role depends on a skill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "role_skill::RoleSkillKind")]
pub enum RoleSkillKind {
    /// Without it nobody is proposed; a role has at most three.
    MustHave,
    /// Counts in favour.
    NiceToHave,
}

/// How much a role depends on a language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "role_language::RoleLanguageKind")]
pub enum RoleLanguageKind {
    /// Without it nobody is proposed.
    Required,
    /// Counts in favour.
    Preferred,
}
